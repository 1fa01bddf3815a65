import { el } from '../dom.ts'
import { t } from '../language.ts'
import type { HttpCall } from '../sandbox-api.ts'
import { json } from './json.ts'

/** One line for every request to the simulated WeChat, newest first. */
export function httpList(calls: readonly HttpCall[]): HTMLElement {
  if (calls.length === 0) return el('p', { class: 'empty', text: t('noHttp') })
  return el('ol', { class: 'rows' }, ...[...calls].reverse().map(httpRow))
}

function httpRow(call: HttpCall): HTMLElement {
  const good = call.status !== undefined && call.status < 400 && (call.errcode ?? 0) === 0
  const note = [
    call.status === undefined ? t('pending') : String(call.status),
    ...(call.errcode === undefined || call.errcode === 0 ? [] : [`errcode ${call.errcode}`]),
    ...(call.faults ?? []),
  ].join(' · ')
  return el(
    'li',
    {},
    el(
      'details',
      { 'data-key': `${call.at} ${call.path}` },
      el(
        'summary',
        {},
        el('span', { class: `dot ${good ? 'good' : 'bad'}`, 'aria-hidden': 'true' }),
        el('span', { class: 'row-name' }, el('b', { class: 'method', text: call.method }), ` /${call.path}`),
        el('span', { class: 'row-note', text: note }),
        el('time', { class: 'row-time', text: clockTime(call.at) }),
      ),
      el(
        'div',
        { class: 'row-body' },
        el('h4', { text: t('query') }),
        json(call.query),
        call.body !== undefined && call.body !== '' && el('h4', { text: t('body') }),
        call.body !== undefined &&
          call.body !== '' &&
          el('pre', { class: 'json', tabindex: '0', text: call.body }),
      ),
    ),
  )
}

/** A time of day, in 24 hours. */
export function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}
