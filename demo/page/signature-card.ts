import { cardFrame } from './card-frame.ts'
import type { ConnectionState } from './connection.ts'
import { el, icon } from './dom.ts'
import { failureBox } from './failure-box.ts'
import type { Card, Page } from './page.ts'
import { type Row, rows } from './steps.ts'
import { waterfall } from './waterfall.ts'

const code = (service: string): string => `import { createWeixin } from 'wx-h5-kit'

const weixin = createWeixin({
  service: '${service}',
})
const { url, steps } = await weixin.ready()`

/** The way to ready, step by step, and what to do when it ends early. */
export function signatureCard(page: Page): Card {
  const steps = el('ol', { class: 'steps' })
  const facts = el('dl', { class: 'facts' })
  const failure = el('div')
  const again = el('button', {
    class: 'button button-quiet button-wide',
    type: 'button',
    on: { click: () => void page.connection.start() },
  })
  const frame = cardFrame(page, 'signature', steps, failure, facts, again)

  const node = (row: Row, index: number): Node | string => {
    if (row.state === 'done') return icon('check')
    if (row.state === 'failed') return icon('cross')
    return row.state === 'running' ? el('span', { class: 'spinner' }) : String(index + 1)
  }

  const stepRow = (row: Row, index: number): HTMLElement => {
    const words = page.language.texts.signature
    return el(
      'li',
      { class: `step step-${row.state}` },
      el('span', { class: 'step-node', 'aria-hidden': true }, node(row, index)),
      el(
        'div',
        { class: 'step-body' },
        el(
          'p',
          { class: 'step-name' },
          words.steps[row.name].name,
          el('span', { class: 'visually-hidden' }, ` ${words.rowStates[row.state]}`),
        ),
        el(
          'p',
          { class: 'step-lead' },
          row.name === 'verify' && row.secondAddress ? words.refused : words.steps[row.name].lead,
        ),
      ),
      el('span', { class: 'step-ms' }, row.ms === undefined ? '' : `${row.ms} ms`),
      waterfall(row.stretches),
    )
  }

  const fact = (name: string, value: string | undefined, waiting: boolean, kind = ''): HTMLElement =>
    el(
      'div',
      { class: `fact fact-stacked` },
      el('dt', { class: 'fact-name' }, name),
      el(
        'dd',
        { class: `fact-value ${kind}` },
        value ?? (waiting ? el('span', { class: 'skeleton skeleton-text skeleton-wide' }) : '–'),
      ),
    )

  const draw = (state: ConnectionState): void => {
    const words = page.language.texts.signature
    const running = state.phase === 'running'
    const signed =
      state.phase === 'ready' ? state.ready : state.steps.filter((step) => step.url !== undefined).pop()
    steps.replaceChildren(...rows(state).map(stepRow))
    failure.hidden = state.phase !== 'failed'
    failure.replaceChildren(
      ...(state.phase === 'failed'
        ? [failureBox(state.error, page.language.texts, page.language.current)]
        : []),
    )
    facts.replaceChildren(
      fact(words.url, signed?.url, running, 'fact-code'),
      fact(
        words.candidate,
        signed?.candidate === undefined ? undefined : words.candidates[signed.candidate],
        running,
      ),
    )
    again.replaceChildren(
      running ? el('span', { class: 'spinner' }) : icon('retry'),
      running ? words.running : words.again,
    )
    again.setAttribute('aria-disabled', String(running))
  }

  const render = (): void => {
    frame.render(page.language.texts.signature, code(page.settings.service))
    draw(page.connection.state)
  }

  page.connection.onChange(() => {
    const { state } = page.connection
    draw(state)
    if (state.phase !== 'running') page.announce(page.language.texts.state[state.phase](state.ms))
  })
  return { element: frame.element, render }
}
