import type { ChooseCardQuestion } from '../../sandbox/bridge/ui-questions.ts'
import { el } from '../dom.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import { cardFace } from './card-face.ts'
import { cardWhy } from './card-why.ts'

/** Shows the cards somebody has, to pick some; WeChat shows an empty list without a word, the sandbox says why. */
export function openChooseCard(
  screen: HTMLElement,
  { cards, explanation }: ChooseCardQuestion,
  decide: (decision: { picked: number[] } | 'cancel' | 'fail') => void,
): Layer {
  let decision: { picked: number[] } | 'cancel' | 'fail' = 'cancel'
  const picked = new Set<number>()
  const done = el('button', {
    class: 'green-button',
    type: 'button',
    text: t('done'),
    disabled: true,
    onclick: () => {
      decision = { picked: [...picked].sort((one, other) => one - other) }
      layer.close()
    },
  })
  const choice = (at: number): HTMLElement => {
    const card = cards[at]
    const button = el(
      'button',
      {
        class: 'card-choice',
        type: 'button',
        'aria-pressed': 'false',
        'data-focus': at === 0,
        onclick: () => {
          if (!picked.delete(at)) picked.add(at)
          button.setAttribute('aria-pressed', String(picked.has(at)))
          done.disabled = picked.size === 0
        },
      },
      cardFace(card, card?.code ?? ''),
    )
    return button
  }
  const content = el(
    'div',
    { class: 'card-sheet' },
    el('header', {}, el('h2', { text: t('chooseCard') })),
    ...cards.map((_, at) => choice(at)),
    cards.length === 0 && el('p', { class: 'card-none', text: t('noCards') }),
    explanation !== undefined &&
      el(
        'div',
        { class: 'card-told' },
        el('p', { class: 'card-told-by', text: t('sandboxSays') }),
        cardWhy(explanation),
      ),
    el(
      'footer',
      {},
      cards.length > 0 && done,
      el('button', {
        class: 'text-button',
        type: 'button',
        text: t('cancel'),
        'data-focus': cards.length === 0,
        onclick: () => layer.close(),
      }),
      el('button', {
        class: 'text-button quiet',
        type: 'button',
        text: t('makeFail'),
        onclick: () => {
          decision = 'fail'
          layer.close()
        },
      }),
    ),
  )
  const layer = openLayer(screen, 'sheet', t('chooseCard'), content, () => decide(decision))
  return layer
}
