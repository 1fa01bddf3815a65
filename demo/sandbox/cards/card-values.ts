import { maskTicket, sha1 } from '../verify/string1.ts'

/** A value that is signed, with its name. */
export interface CardValue {
  readonly name: string
  readonly value: string
}

/** The name under which the ticket stands among the values. */
export const TICKET = 'api_ticket'

/** The values in the order of their bytes, without those that are empty; equal ones stay. */
export function sortedValues(values: readonly CardValue[]): CardValue[] {
  return values
    .filter(({ value }) => value !== '')
    .map((each) => ({ each, bytes: Buffer.from(each.value, 'utf8') }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ each }) => each)
}

/** The text that is hashed: the sorted values, one after the other. */
export function joinedValues(values: readonly CardValue[]): string {
  return sortedValues(values)
    .map(({ value }) => value)
    .join('')
}

export function signCardValues(values: readonly CardValue[]): string {
  return sha1(joinedValues(values))
}

/** The sorted values for people to read: of the ticket only the ends. */
export function maskedValues(values: readonly CardValue[]): CardValue[] {
  return sortedValues(values).map(({ name, value }) => ({
    name,
    value: name === TICKET ? maskTicket(value) : value,
  }))
}
