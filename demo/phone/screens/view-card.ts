import type { OwnedCard } from '../../sandbox/card-protocol.ts'
import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import { cardFace } from './card-face.ts'

/** Opens cards somebody has, with the codes a cashier reads. */
export function openViewCard(
  screen: HTMLElement,
  { cards }: { cards: OwnedCard[] },
  decide: (decision: 'close') => void,
): Layer {
  const content = el(
    'div',
    { class: 'card-view' },
    el(
      'header',
      {},
      el(
        'button',
        {
          class: 'round-button',
          type: 'button',
          'aria-label': t('back'),
          'data-focus': true,
          onclick: () => layer.close(),
        },
        icon('back'),
      ),
      el('h2', { text: t('cardDetails') }),
    ),
    ...cards.map((card) =>
      el(
        'section',
        { class: 'card-open' },
        cardFace(card, ''),
        el('p', { class: 'card-code-name', text: t('cardCode') }),
        el('p', { class: 'card-code mono', text: card.code }),
      ),
    ),
  )
  const layer = openLayer(screen, 'screen', t('cardDetails'), content, () => decide('close'))
  return layer
}
