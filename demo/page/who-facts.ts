import { el } from './dom.ts'
import type { Texts } from './texts.ts'

/** What is known of a person, from the address or from the backend. */
export interface KnownPerson {
  openid: string
  unionid?: string
  unionidAbsentBecause?: 'scope' | 'not_bound'
  userId?: string
}

/** The ids under the names that code sees; a missing unionid says why. */
export function whoFacts(person: KnownPerson, userIdName: string, words: Texts['who']): HTMLElement {
  const { openid, unionid, unionidAbsentBecause, userId } = person
  const row = (name: string, value: string, isId = true): HTMLElement =>
    el(
      'div',
      { class: 'result-field' },
      el('dt', { class: 'result-name' }, name),
      el('dd', { class: isId ? 'result-value' : 'result-absent' }, value),
    )
  return el(
    'dl',
    { class: 'result' },
    row('openid', openid),
    unionid === undefined
      ? row('unionid', unionidAbsentBecause === undefined ? '–' : words.absent[unionidAbsentBecause], false)
      : row('unionid', unionid),
    userId === undefined ? undefined : row(userIdName, userId),
  )
}

/** An openid as people can compare it at a glance. */
export const shortId = (id: string): string => `${id.slice(0, 5)}…${id.slice(-4)}`
