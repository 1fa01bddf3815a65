import { el } from '../dom.ts'

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/gi

/** JSON in colours, as text nodes only. */
export function json(value: unknown): HTMLElement {
  const text = JSON.stringify(value, undefined, 2) ?? ''
  const box = el('pre', { class: 'json', tabindex: '0' })
  let last = 0
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match
    const shown = string ?? whole
    const kind =
      string === undefined ? (word === undefined ? 'number' : 'word') : colon === undefined ? 'string' : 'key'
    box.append(text.slice(last, match.index), el('span', { class: `json-${kind}`, text: shortened(shown) }))
    last = match.index + shown.length
  }
  box.append(text.slice(last))
  return box
}

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 160)} … ${text.length} … ${text.slice(-40)}` : text
}
