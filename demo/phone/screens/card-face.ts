import type { CardFace } from '../../sandbox/card-protocol.ts'
import { cardColor, cardTypeName } from '../card-types.ts'
import { el } from '../dom.ts'
import { t } from '../language.ts'

/** A card as WeChat shows it: brand, title and kind on its colour; `note` is the line below. */
export function cardFace(face: CardFace | undefined, note: string): HTMLElement {
  const element = el(
    'div',
    { class: 'card-face' },
    el(
      'p',
      { class: 'card-brand' },
      el('span', { class: 'card-logo', 'aria-hidden': 'true', text: face?.brandName.slice(0, 1) ?? '?' }),
      el('span', { text: face?.brandName ?? t('unknownCard') }),
    ),
    el('p', { class: 'card-title', text: face?.title ?? t('unknownCard') }),
    el(
      'p',
      { class: 'card-foot' },
      el('span', { text: face === undefined ? '' : cardTypeName(face.cardType) }),
      el('span', { class: 'mono', text: note }),
    ),
  )
  if (face === undefined) element.classList.add('unknown')
  else element.style.setProperty('--card', cardColor(face.color))
  return element
}
