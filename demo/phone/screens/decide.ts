import { el } from '../dom.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import type { Word } from '../words.ts'

/** One button of a sheet, and what the page is told when it is pressed. */
export interface Choice<Answer> {
  readonly label: Word
  readonly answer: Answer
}

/** A sheet with some facts and a button for every way it can end; closing it otherwise is a cancel. */
export function openDecision<Answer>(
  screen: HTMLElement,
  title: string,
  facts: readonly (readonly [name: string, value: string])[],
  choices: readonly [Choice<Answer>, ...Choice<Answer>[]],
  cancelled: Answer,
  decide: (answer: Answer) => void,
): Layer {
  let decision = cancelled
  const content = el(
    'div',
    { class: 'card-sheet pay-sheet' },
    el('header', {}, el('h2', { text: title })),
    el(
      'dl',
      { class: 'signatures' },
      ...facts.flatMap(([name, value]) => [
        el('dt', { text: name }),
        el('dd', { class: 'mono', text: value }),
      ]),
    ),
    el(
      'footer',
      {},
      ...choices.map(({ label, answer }, index) =>
        el('button', {
          class: index === 0 ? 'green-button' : 'text-button',
          type: 'button',
          ...(index === 0 ? { 'data-focus': true } : {}),
          text: t(label),
          onclick: () => {
            decision = answer
            layer.close()
          },
        }),
      ),
    ),
  )
  const layer = openLayer(screen, 'sheet', title, content, () => decide(decision))
  return layer
}
