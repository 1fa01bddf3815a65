import type { AddCardQuestion, OfferedCard } from '../../sandbox/bridge/ui-questions.ts'
import { el } from '../dom.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import { toast } from '../toast.ts'
import { cardFace } from './card-face.ts'
import { cardWhy } from './card-why.ts'

type Decision = 'add' | 'cancel' | 'fail'

/** Shows the cards a page offers: those that can be added, and why the others cannot. */
export function openAddCard(
  screen: HTMLElement,
  { cards }: AddCardQuestion,
  decide: (decision: Decision) => void,
): Layer {
  const addable = cards.filter(({ ok }) => ok).length
  // With nothing to add there is nothing to cancel.
  let decision: Decision = addable === 0 ? 'fail' : 'cancel'
  const finish = (next: Decision) => (): void => {
    decision = next
    layer.close()
    if (next === 'add') toast(screen, t('cardAdded'))
  }
  const content = el(
    'div',
    { class: 'card-sheet' },
    el('header', {}, el('h2', { text: t('addCard') })),
    ...cards.map(offer),
    cards.length === 0 && el('p', { class: 'card-none', text: t('noCards') }),
    el(
      'footer',
      {},
      addable === 0
        ? el('button', {
            class: 'green-button',
            type: 'button',
            'data-focus': true,
            text: t('gotIt'),
            onclick: finish('fail'),
          })
        : el('button', {
            class: 'green-button',
            type: 'button',
            'data-focus': true,
            text: cards.length === 1 ? t('addToCards') : t('addSome', { n: addable }),
            onclick: finish('add'),
          }),
      addable > 0 &&
        el('button', {
          class: 'text-button',
          type: 'button',
          text: t('cancel'),
          onclick: finish('cancel'),
        }),
      addable > 0 &&
        el('button', {
          class: 'text-button quiet',
          type: 'button',
          text: t('makeFail'),
          onclick: finish('fail'),
        }),
    ),
  )
  const layer = openLayer(screen, 'sheet', t('addCard'), content, () => decide(decision))
  return layer
}

function offer({ face, cardId, ok, nativeText, explanation }: OfferedCard): HTMLElement {
  return el(
    'section',
    { class: ok ? 'card-offer' : 'card-offer refused' },
    cardFace(face, cardId === '' ? '' : `${cardId.slice(0, 6)}…${cardId.slice(-4)}`),
    !ok && el('p', { class: 'card-text', role: 'alert', text: nativeText ?? t('cardRefused') }),
    explanation !== undefined &&
      el(
        'div',
        { class: 'card-told' },
        el('p', { class: 'card-told-by', text: t('sandboxSays') }),
        cardWhy(explanation),
      ),
  )
}
