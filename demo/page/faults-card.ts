import { cardFrame } from './card-frame.ts'
import { el, icon } from './dom.ts'
import { failureBox, plainBox } from './failure-box.ts'
import { type FaultName, faultNames, readFaults, writeFaults } from './faults.ts'
import type { Card, Page } from './page.ts'

const code = `import { createSandbox } from 'wx-h5-kit/sandbox'

// In your own tests, too:
const sandbox = createSandbox()
sandbox.setFaults([{ kind: 'wrong_ticket' }])`

/** Breaks the simulated WeChat on purpose, to see how the page and its code hear of it. */
export function faultsCard(page: Page, sandbox: string): Card {
  let on: readonly FaultName[] = []
  /** The last thing done here; the outcome is then whatever the connection says. */
  let last: 'none' | 'broken' | 'cleared' | 'unreachable' = 'none'
  let busy = false

  const change = async (names: readonly FaultName[]): Promise<void> => {
    if (busy) return
    busy = true
    const before = on
    on = names
    last = names.length > 0 ? 'broken' : 'cleared'
    render()
    try {
      await writeFaults(sandbox, before, names)
      await page.connection.start()
    } catch {
      last = 'unreachable'
    }
    busy = false
    render()
    result.scrollIntoView({ block: 'nearest' })
  }

  const switches = faultNames.map((name) => {
    const title = el('span', { class: 'switch-title', id: `fault-${name}` })
    const lead = el('span', { class: 'switch-lead', id: `fault-${name}-lead` })
    const button = el(
      'button',
      {
        class: 'switch',
        type: 'button',
        role: 'switch',
        'aria-labelledby': title.id,
        'aria-describedby': lead.id,
        'data-fault': name,
        on: {
          click: () => {
            void change(on.includes(name) ? on.filter((other) => other !== name) : [...on, name])
          },
        },
      },
      title,
      el('span', { class: 'switch-track', 'aria-hidden': true }, el('span', { class: 'switch-knob' })),
      lead,
    )
    return { name, title, lead, button }
  })
  const clock = el('p', { class: 'note' })
  const result = el('div', { class: 'fault-result' })
  const clear = el('button', {
    class: 'button button-wide',
    type: 'button',
    'data-clear-faults': true,
    on: {
      click: () => {
        if (on.length > 0) void change([])
      },
    },
  })
  const frame = cardFrame(
    page,
    'faults',
    el('div', { class: 'switches' }, ...switches.map(({ button }) => button)),
    clock,
    result,
    clear,
  )

  const outcome = (): Node | undefined => {
    const { faults, failure } = page.language.texts
    const { state } = page.connection
    if (last === 'none') return undefined
    if (last === 'unreachable') {
      return plainBox('failed', faults.unreachable.what, [
        [failure.labels.why, faults.unreachable.why],
        [failure.labels.fix, faults.unreachable.fix],
      ])
    }
    if (busy || state.phase === 'running') {
      return el(
        'div',
        { class: 'box' },
        el('p', { class: 'box-title' }, el('span', { class: 'spinner' }), faults.trying),
      )
    }
    if (state.phase === 'ready') {
      const words = last === 'cleared' ? faults.healed : faults.survived
      return plainBox('ready', words.what(state.ms), [[undefined, words.why]])
    }
    return failureBox(state.error, page.language.texts, page.language.current)
  }

  const render = (): void => {
    const words = page.language.texts.faults
    frame.render(words, code)
    for (const { name, title, lead, button } of switches) {
      title.textContent = words.names[name].title
      lead.textContent = words.names[name].lead
      button.setAttribute('aria-checked', String(on.includes(name)))
      button.setAttribute('aria-disabled', String(busy))
    }
    clock.textContent = words.clock
    clear.replaceChildren(icon('retry'), words.clear)
    clear.className = on.length === 0 ? 'button button-quiet button-wide' : 'button button-wide'
    clear.setAttribute('aria-disabled', String(busy || on.length === 0))
    const box = outcome()
    result.replaceChildren(...(box === undefined ? [] : [box]))
    result.hidden = box === undefined
  }

  // The faults live in the sandbox: after a reload the switches show what is still on.
  const recall = async (): Promise<void> => {
    try {
      const names = await readFaults(sandbox)
      if (busy) return
      on = names
      if (names.length > 0) last = 'broken'
    } catch {
      last = 'unreachable'
    }
    render()
  }
  void recall()
  page.connection.onChange(render)
  return { element: frame.element, render }
}
