import { el, icon } from './dom.ts'
import { plainBox } from './failure-box.ts'
import type { Person, SessionAnswer } from './session.ts'
import type { Texts } from './texts.ts'
import { shortId, whoFacts } from './who-facts.ts'

/** Welcomes a person whom the backend knows. */
export function greeting(person: Person, words: Texts['who'], lead?: string): HTMLElement {
  return el(
    'div',
    { class: 'box box-ready', 'data-verified': person.openid },
    el('h3', { class: 'box-title' }, icon('check'), words.hello(shortId(person.openid))),
    el(
      'div',
      { class: 'box-part' },
      el('p', { class: 'box-label' }, words.verified),
      lead === undefined ? undefined : el('p', { class: 'box-text' }, lead),
    ),
    whoFacts(person, 'userId', words),
  )
}

/** Why the backend knows nobody, in plain words. */
export function notGreeted(answer: SessionAnswer, { who: words, failure }: Texts): HTMLElement {
  if ('missing' in answer) return el('p', { class: 'note', 'data-no-backend': true }, words.noBackend)
  if (!('refusal' in answer)) return el('p', { class: 'note' }, words.notVerified)
  const { code, hint } = answer.refusal
  const isTicket = code === 'ticket_invalid'
  const { what, why, fix } = words.refusals[isTicket ? 'ticket_invalid' : 'other']
  return plainBox(
    'failed',
    what,
    [
      [failure.labels.why, why],
      [failure.labels.fix, fix],
    ],
    isTicket ? [`code: ${code}`] : [`code: ${code}`, hint],
  )
}
