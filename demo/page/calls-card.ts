import { calls, type DemoCall } from './calls.ts'
import { cardFrame } from './card-frame.ts'
import { el, icon } from './dom.ts'
import { failureBox } from './failure-box.ts'
import type { Card, Page } from './page.ts'
import { pictures } from './pictures.ts'
import { resultView } from './result-view.ts'

/** Where a call stands: shown below the buttons until another one is pressed. */
type Shown = { call: DemoCall } & (
  | { state: 'running' }
  | { state: 'done'; answer: unknown; pictures: HTMLElement | undefined }
  | { state: 'failed'; error: unknown }
)

const localIdsOf = (answer: unknown): readonly string[] => {
  const found = typeof answer === 'object' && answer !== null && 'localIds' in answer ? answer.localIds : []
  return Array.isArray(found) ? found.filter((id) => typeof id === 'string') : []
}

/** The most used APIs, one button each. */
export function callsCard(page: Page): Card {
  let shown: Shown | undefined
  const result = el('div', { class: 'call-result' })

  const press = async (call: DemoCall): Promise<void> => {
    const { weixin } = page.connection
    shown = { call, state: 'running' }
    render()
    let next: Shown
    try {
      const answer = await page.log.record(call.name, call.params, () => call.run(weixin))
      const localIds = localIdsOf(answer)
      next = {
        call,
        state: 'done',
        answer,
        pictures: localIds.length > 0 ? pictures(weixin, localIds) : undefined,
      }
    } catch (error) {
      next = { call, state: 'failed', error }
    }
    // Somebody may have pressed another button in the meantime.
    if (shown?.call !== call) return
    shown = next
    page.announce(`${call.name}: ${page.language.texts.calls.states[next.state]}`)
    render()
    result.scrollIntoView({ block: 'nearest' })
  }

  const tiles = calls.map((call) => {
    const name = el('span', { class: 'tile-name' })
    const button = el(
      'button',
      { class: 'tile', type: 'button', on: { click: () => void press(call) } },
      el('span', { class: 'tile-icon' }, icon(call.icon)),
      name,
      el('span', { class: 'tile-api' }, call.name),
    )
    return { call, name, button }
  })
  const frame = cardFrame(
    page,
    'calls',
    el('div', { class: 'tiles' }, ...tiles.map(({ button }) => button)),
    result,
  )

  const outcome = (): Node => {
    const words = page.language.texts.calls
    if (shown === undefined) return el('p', { class: 'empty' }, words.empty)
    if (shown.state === 'failed') return failureBox(shown.error, page.language.texts, page.language.current)
    if (shown.state === 'done') {
      return resultView(
        words.done(shown.call.name),
        icon('check'),
        shown.answer,
        ...(shown.pictures ? [shown.pictures] : []),
      )
    }
    return el(
      'div',
      { class: 'box' },
      el('p', { class: 'box-title' }, el('span', { class: 'spinner' }), words.running(shown.call.name)),
    )
  }

  const render = (): void => {
    const words = page.language.texts.calls
    frame.render(words, (shown?.call ?? calls[0])?.code)
    for (const { call, name, button } of tiles) {
      name.textContent = words.names[call.name] ?? call.name
      button.setAttribute('aria-pressed', String(shown?.call === call))
    }
    result.replaceChildren(outcome())
  }
  return { element: frame.element, render }
}
