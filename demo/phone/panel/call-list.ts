import type { BridgeCall } from '../../sandbox/bridge/index.ts'
import { el } from '../dom.ts'
import { t } from '../language.ts'
import { json } from './json.ts'

/** One line for every call, newest first; it opens to arguments and answer. */
export function callList(calls: readonly BridgeCall[]): HTMLElement {
  if (calls.length === 0) return el('p', { class: 'empty', text: t('noCalls') })
  return el('ol', { class: 'rows' }, ...calls.map(callRow))
}

function callRow(call: BridgeCall): HTMLElement {
  const outcome = outcomeOf(call)
  const summary = el(
    'summary',
    {},
    el('span', { class: `dot ${outcome.tone}`, 'aria-hidden': 'true' }),
    el('span', { class: 'row-name', text: call.name }),
    el('span', { class: 'row-note', text: outcome.text }),
    el('span', { class: 'row-time', text: call.ms === undefined ? '…' : `${call.ms} ms` }),
  )
  const { plain, verify } = splitArgs(call.args)
  return el(
    'li',
    {},
    el(
      'details',
      { 'data-key': String(call.id) },
      summary,
      el(
        'div',
        { class: 'row-body' },
        el('h4', { text: t('args') }),
        json(plain),
        Object.keys(verify).length > 0 && call.name !== 'preVerifyJSAPI'
          ? el('details', { class: 'verify-fields' }, el('summary', { text: 'verify…' }), json(verify))
          : undefined,
        call.kind === 'invoke' && el('h4', { text: t('answer') }),
        call.kind === 'invoke' &&
          (call.answer === undefined ? el('p', { text: t('pending') }) : json(call.answer)),
      ),
    ),
  )
}

function outcomeOf(call: BridgeCall): { tone: string; text: string } {
  if (call.kind === 'event') return { tone: 'event', text: t('pushed') }
  if (call.kind === 'beacon') return { tone: 'event', text: t('kept') }
  if (call.answer === undefined) return { tone: 'waiting', text: t('pending') }
  const text = String(call.answer.err_msg ?? call.answer.errMsg ?? '')
  const end = text.slice(text.indexOf(':') + 1)
  if (/^(ok|confirm|wifi|wwan)$/.test(end)) return { tone: 'good', text: end }
  return end === 'cancel' ? { tone: 'waiting', text: end } : { tone: 'bad', text: end }
}

// Every call carries the six fields of the configuration; they hide what the page really sent.
function splitArgs(args: Record<string, unknown>): Record<'plain' | 'verify', Record<string, unknown>> {
  const isVerify = (name: string) => /^verify[A-Z]/.test(name) || name === 'appId'
  const some = (wanted: boolean) =>
    Object.fromEntries(Object.entries(args).filter(([name]) => isVerify(name) === wanted))
  const verify = some(true)
  return 'verifyJsApiList' in args ? { plain: args, verify: {} } : { plain: some(false), verify }
}
