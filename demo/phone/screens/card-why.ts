import type { CardExplanation } from '../../sandbox/card-protocol.ts'
import { el } from '../dom.ts'
import { language, t } from '../language.ts'
import { difference } from '../panel/difference.ts'

/** Why a card was refused: cause, fix, the values WeChat puts together, the two signatures. */
export function cardWhy(why: CardExplanation): HTMLElement {
  const zh = language() === 'zh'
  return el(
    'div',
    { class: 'card-why' },
    el('h4', { text: t('why') }),
    el('p', { text: zh ? why.reasonZh : why.reason }),
    el('h4', { text: t('fix') }),
    el('p', { class: 'why-fix', text: zh ? why.fixZh : why.fix }),
    why.values.length > 0 && compared(why),
  )
}

function compared(why: CardExplanation): HTMLElement {
  // With a signature that is right, what was hashed is beside the point.
  const differs = why.expectedSignature !== why.givenSignature
  return el(
    'details',
    { class: 'card-compared', open: differs },
    el('summary', { text: t('cardValues') }),
    el(
      'code',
      { class: 'string1 values' },
      ...why.values.map(({ name, value }) => el('span', {}, el('b', { text: `${name} ` }), value)),
    ),
    el('h4', { text: t('hashed') }),
    el('code', { class: 'string1', text: why.string1 }),
    el(
      'dl',
      { class: 'signatures' },
      el('dt', { text: t('expected') }),
      el('dd', { class: 'mono', text: why.expectedSignature === '' ? '–' : why.expectedSignature }),
      el('dt', { text: t('given') }),
      difference(why.expectedSignature, why.givenSignature),
    ),
  )
}
