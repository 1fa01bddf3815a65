import { el } from '../dom.ts'

/** What was given, marked from the first character on that differs from what was expected. */
export function difference(expected: string, given: string): HTMLElement {
  let same = 0
  while (same < given.length && given[same] === expected[same]) same += 1
  const rest = given === '' ? '∅' : given.slice(same)
  return el('dd', { class: 'mono' }, given.slice(0, same), rest !== '' && el('mark', { text: rest }))
}
