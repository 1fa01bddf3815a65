import type { CardVerdict } from '../../sandbox/bridge/card-keeper.ts'
import type { CardExplanation } from '../../sandbox/card-protocol.ts'
import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { t } from '../language.ts'
import { cardWhy } from '../screens/card-why.ts'

/** A card that was refused, or a list that stayed empty. */
export interface CardRefusal {
  /** What WeChat said: the text of its own screen, or the answer to the page. */
  readonly said: string
  readonly card: string
  readonly why: CardExplanation
}

/** Everything that was refused in the answer to one call. */
export function refusalsIn(verdict: CardVerdict): CardRefusal[] {
  const { answer, call } = verdict
  const said = 'errMsg' in answer ? answer.errMsg : call
  const whole = answer.explanation === undefined ? [] : [{ said, card: '', why: answer.explanation }]
  if (verdict.call !== 'batchAddCard') return whole
  const each = verdict.answer.cards.flatMap(({ nativeText = said, face, cardId, explanation }) =>
    explanation === undefined ? [] : [{ said: nativeText, card: face?.title ?? cardId, why: explanation }],
  )
  return [...each, ...whole]
}

/** Why WeChat refused the cards, one after the other. */
export function cardExplanationCard(
  refusals: readonly CardRefusal[],
  onDismiss: () => void,
): HTMLElement | undefined {
  if (refusals.length === 0) return undefined
  return el(
    'section',
    { class: 'why', 'aria-label': t('cardRefused') },
    el(
      'header',
      {},
      icon('warning', 22),
      el('h3', { text: t('cardRefused') }),
      el(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': t('dismiss'), onclick: onDismiss },
        icon('close', 18),
      ),
    ),
    ...refusals.flatMap(({ said, card, why }) => [
      el('p', { class: 'why-message', text: card === '' ? said : `${said} · ${card}` }),
      cardWhy(why),
    ]),
  )
}
