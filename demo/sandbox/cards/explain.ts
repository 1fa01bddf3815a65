import type { CardExplanation } from '../card-protocol.ts'
import type { Wording } from '../verify/wording.ts'
import { type CardValue, maskedValues, signCardValues, TICKET } from './card-values.ts'
import { type CardFacts, cardWords, type PlainCause } from './card-words.ts'

/** What was compared. */
export interface Compared {
  /** With the ticket, when there is one. */
  readonly values: readonly CardValue[]
  readonly given: string
}

/** An explanation with what was compared in it. */
export function explainSignature({ values, given }: Compared, words: Wording): CardExplanation {
  return { cause: 'signature', ...shown({ values, given }), ...words }
}

export function explain(cause: PlainCause, facts: CardFacts, compared: Compared): CardExplanation {
  return { cause, ...shown(compared), ...cardWords(cause, facts) }
}

/** For refusals in which nothing was compared. */
export const NOTHING_COMPARED: Compared = { values: [], given: '' }

function shown({ values, given }: Compared): Omit<CardExplanation, 'cause' | keyof Wording> {
  const masked = maskedValues(values)
  const hasTicket = values.some(({ name, value }) => name === TICKET && value !== '')
  return {
    string1: masked.map(({ value }) => value).join(''),
    values: masked,
    expectedSignature: hasTicket ? signCardValues(values) : '',
    givenSignature: given,
  }
}
