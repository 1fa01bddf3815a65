import { LosslessNumber, stringify } from 'lossless-json'

/** Digits that are written into JSON as a number, exactly: 518203947716250413, which no double can hold. */
export function exactNumber(digits: string): LosslessNumber {
  return new LosslessNumber(digits)
}

/** `JSON.stringify` that writes every {@link exactNumber} digit by digit. */
export function stringifyExact(value: unknown): string {
  return stringify(value) ?? 'null'
}
