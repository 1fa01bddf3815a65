import type { AddedCard, ChosenCard } from '../../client/index.ts'
import { cardFrame } from './card-frame.ts'
import { el, icon } from './dom.ts'
import { failureBox, plainBox } from './failure-box.ts'
import type { Card, Page } from './page.ts'
import { resultView } from './result-view.ts'

const actions = ['take', 'gone', 'choose', 'open'] as const
type Action = (typeof actions)[number]

type Outcome =
  | { action: 'take' | 'gone'; cards: AddedCard[] }
  | { action: 'choose'; cards: ChosenCard[] }
  | { action: 'open' }

type Shown =
  | { state: 'running'; action: Action }
  | { state: 'done'; outcome: Outcome }
  | { state: 'failed'; error: unknown }

const codes: Record<Action, string> = {
  take: `// Signed by the service, for publicCards.
const [card] = await weixin.addCard([
  { cardId: 'p…' },
])
if (card?.isSuccess) show(card.code)`,
  gone: `try {
  await weixin.addCard([{ cardId: 'p…' }])
} catch (error) {
  // WeChat has told the person why.
  if (isWeixinError(error)) show(error.code)
}`,
  choose: `const cards = await weixin.chooseCard({
  cardId: 'p…',
})
// A backend decrypts it: card/code/decrypt
const codes = cards.map(
  ({ encryptCode }) => encryptCode,
)`,
  open: `await weixin.openCard([
  { cardId: card.cardId, code: card.code },
])`,
}

/** Cards: take one, choose among those one has, open one. */
export function cardsCard(page: Page): Card {
  const { card, goneCard } = page.settings
  let shown: Shown | undefined
  let last: Action = 'take'
  let taken: { cardId: string; code: string } | undefined

  const run = async (action: Action): Promise<Outcome> => {
    const { weixin } = page.connection
    if (action === 'choose') {
      const choice = { cardId: card ?? '' }
      return { action, cards: await page.log.record('chooseCard', choice, () => weixin.chooseCard(choice)) }
    }
    if (action === 'open') {
      const cards = taken === undefined ? [] : [taken]
      await page.log.record('openCard', cards, () => weixin.openCard(cards))
      return { action }
    }
    const wishes = [{ cardId: (action === 'gone' ? goneCard : card) ?? '' }]
    const cards = await page.log.record('addCard', wishes, () => weixin.addCard(wishes))
    const added = cards.find(({ isSuccess, code }) => isSuccess && code !== undefined)
    if (added?.code !== undefined) taken = { cardId: added.cardId, code: added.code }
    return { action, cards }
  }

  const press = async (action: Action): Promise<void> => {
    const mine: Shown = { state: 'running', action }
    shown = mine
    last = action
    render()
    let next: Shown
    try {
      next = { state: 'done', outcome: await run(action) }
    } catch (error) {
      next = { state: 'failed', error }
    }
    // Somebody may have pressed another button in the meantime.
    if (shown !== mine) {
      render()
      return
    }
    shown = next
    page.announce(page.language.texts.cards.announced[next.state === 'done' ? 'done' : 'failed'])
    render()
    result.scrollIntoView({ block: 'nearest' })
  }

  const offered = actions.filter((action) => action !== 'gone' || goneCard !== null)
  const buttons = offered.map((action) => {
    const name = el('span')
    const button = el(
      'button',
      {
        class: action === 'take' ? 'button' : 'button button-quiet',
        type: 'button',
        'data-card': action,
        on: { click: () => void press(action) },
      },
      name,
    )
    return { action, name, button }
  })
  const row = el('div', { class: 'card-actions' }, ...buttons.map(({ button }) => button))
  const result = el('div', { class: 'card-result' })
  const frame = cardFrame(page, 'cards', row, result)

  const done = (outcome: Outcome): Node => {
    const words = page.language.texts.cards
    if (outcome.action === 'open') return plainBox('ready', words.opened, [[undefined, words.openedWhy]])
    if (outcome.action === 'choose') {
      const [first] = outcome.cards
      return first === undefined
        ? plainBox('outside', words.none, [[undefined, words.noneChosen]])
        : resultView(words.chosen(outcome.cards.length), icon('check'), first)
    }
    const added = outcome.cards.find(({ isSuccess }) => isSuccess)
    return added === undefined
      ? plainBox('outside', words.none, [])
      : resultView(words.taken, icon('check'), added)
  }

  const view = (): Node => {
    const { texts, current } = page.language
    const words = texts.cards
    if (card === null) {
      const { what, why, fix } = words.unconfigured
      const { labels } = texts.failure
      return plainBox('outside', what, [
        [labels.why, why],
        [labels.fix, fix],
      ])
    }
    if (shown === undefined) return el('p', { class: 'empty' }, words.empty)
    if (shown.state === 'failed') return failureBox(shown.error, texts, current)
    if (shown.state === 'done') return done(shown.outcome)
    return el(
      'div',
      { class: 'box' },
      el('p', { class: 'box-title' }, el('span', { class: 'spinner' }), words.running),
    )
  }

  const render = (): void => {
    const words = page.language.texts.cards
    frame.render(words, codes[last])
    row.hidden = card === null
    for (const { action, name, button } of buttons) {
      name.textContent = words.actions[action]
      button.disabled = action === 'open' && taken === undefined
      button.title = button.disabled ? words.openFirst : ''
    }
    result.replaceChildren(view())
  }
  return { element: frame.element, render }
}
