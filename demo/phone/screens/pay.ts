import type { PayQuestion } from '../../sandbox/bridge/ui-questions.ts'
import { el } from '../dom.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import { toast } from '../toast.ts'

type Decision = 'ok' | 'cancel' | 'fail'

/** WeChat Pay's sheet, or a red packet: no money moves, and the sandbox knows no amount. */
export function openPay(
  screen: HTMLElement,
  question: PayQuestion & { kind: 'pay' | 'red-packet' },
  decide: (decision: Decision) => void,
): Layer {
  let decision: Decision = 'cancel'
  const isPayment = question.kind === 'pay'
  const title = t(isPayment ? 'payTitle' : 'redPacket')
  const finish = (next: Decision) => (): void => {
    decision = next
    layer.close()
    if (next === 'ok') toast(screen, t(isPayment ? 'paid' : 'opened'))
  }
  const fact = (name: string, value: string): HTMLElement[] => [
    el('dt', { text: name }),
    el('dd', { class: 'mono', text: value === '' ? '–' : value }),
  ]
  const content = el(
    'div',
    { class: 'card-sheet pay-sheet' },
    el('header', {}, el('h2', { text: title })),
    el(
      'dl',
      { class: 'signatures' },
      ...fact('package', question.package),
      ...fact('signType', question.signType),
      ...fact('timeStamp', question.timeStamp),
      ...fact('nonceStr', question.nonceStr),
    ),
    el('p', { class: 'card-told-by', text: t('payNote') }),
    el(
      'footer',
      {},
      el('button', {
        class: 'green-button',
        type: 'button',
        'data-focus': true,
        text: t(isPayment ? 'pay' : 'openPacket'),
        onclick: finish('ok'),
      }),
      el('button', { class: 'text-button', type: 'button', text: t('cancel'), onclick: finish('cancel') }),
      el('button', {
        class: 'text-button quiet',
        type: 'button',
        text: t('makeFail'),
        onclick: finish('fail'),
      }),
    ),
  )
  const layer = openLayer(screen, 'sheet', title, content, () => decide(decision))
  return layer
}
