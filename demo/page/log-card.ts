import { isWeixinError } from '../../client/index.ts'
import { cardFrame } from './card-frame.ts'
import { el, icon } from './dom.ts'
import type { LogEntry } from './log.ts'
import type { Card, Page } from './page.ts'

const plain = (value: unknown): unknown =>
  isWeixinError(value)
    ? {
        code: value.code,
        errMsg: value.errMsg,
        hint: value.hint,
        hintZh: value.hintZh,
        message: value.message,
      }
    : value instanceof Error
      ? { name: value.name, message: value.message }
      : value

const detail = (entry: LogEntry): string =>
  JSON.stringify(
    entry.outcome === 'running'
      ? { given: entry.given }
      : { given: entry.given, [entry.outcome === 'ok' ? 'result' : 'error']: plain(entry.answer) },
    null,
    2,
  )

const inShort = (entry: LogEntry): string => {
  const { answer } = entry
  if (isWeixinError(answer))
    return answer.errMsg === undefined ? answer.code : `${answer.code} · ${answer.errMsg}`
  if (answer instanceof Error) return answer.message
  if (typeof answer === 'object' && answer !== null && 'errMsg' in answer) return String(answer.errMsg)
  return ''
}

/** Every call since the page was opened, newest first. */
export function logCard(page: Page): Card {
  const list = el('div', { class: 'log' })
  const clear = el('button', {
    class: 'button button-quiet button-small',
    type: 'button',
    on: { click: () => page.log.clear() },
  })
  const frame = cardFrame(page, 'log', list, clear)
  const opened = new Set<number>()

  const row = (entry: LogEntry): HTMLElement => {
    const words = page.language.texts.log.outcomes[entry.outcome]
    const text = inShort(entry)
    const element = el(
      'details',
      { class: `log-entry log-${entry.outcome}`, open: opened.has(entry.id) },
      el(
        'summary',
        { class: 'log-summary' },
        el('span', { class: 'log-dot', 'aria-hidden': true }),
        el('span', { class: 'log-name' }, entry.name),
        el('span', { class: 'log-result' }, text === '' ? words : `${words} · ${text}`),
        el('span', { class: 'log-ms' }, entry.outcome === 'running' ? '…' : `${entry.ms} ms`),
        el('span', { class: 'log-chevron' }, icon('chevron')),
      ),
      el('pre', { class: 'log-detail', tabindex: 0 }, detail(entry)),
    )
    element.addEventListener('toggle', () => {
      if (element.open) opened.add(entry.id)
      else opened.delete(entry.id)
    })
    return element
  }

  const render = (): void => {
    const words = page.language.texts.log
    frame.render(words)
    const { entries } = page.log
    list.replaceChildren(
      ...(entries.length === 0 ? [el('p', { class: 'empty' }, words.empty)] : entries.map(row)),
    )
    clear.textContent = words.clear
    clear.hidden = entries.length === 0
  }
  page.log.onChange(render)
  return { element: frame.element, render }
}
