import type { BridgeCall, VerifyAnswer } from '../../sandbox/bridge/index.ts'
import { el, fill } from '../dom.ts'
import { icon } from '../icons.ts'
import { live, liveLabel, onLanguage, t } from '../language.ts'
import type { HttpCall, SandboxApi, SandboxState } from '../sandbox-api.ts'
import { callList } from './call-list.ts'
import { type CardRefusal, cardExplanationCard } from './card-explanation.ts'
import { credentialList } from './credential-list.ts'
import { explanationCard } from './explanation.ts'
import { httpList } from './http-list.ts'
import { type PhoneSettings, switches } from './switches.ts'

const tabs = ['calls', 'http', 'credentials', 'faults'] as const
type Tab = (typeof tabs)[number]

/** The panel beside the phone. */
export interface Panel {
  readonly element: HTMLElement
  addCall(call: BridgeCall): void
  /** Shows, or takes away, why the page was refused. */
  explain(verdict: VerifyAnswer | undefined): void
  /** Shows, or takes away, why cards were refused. */
  explainCards(refusals: readonly CardRefusal[]): void
  show(tab: Tab): void
  /** Puts the focus on the open tab. */
  focus(): void
}

/** Makes the panel; it asks the sandbox while one of its tabs needs it. */
export function createPanel(
  api: SandboxApi,
  phone: PhoneSettings,
  actions: { phoneChanged(): void; close(): void; clockMoved(offsetMs: number): void },
): Panel {
  let tab: Tab = 'calls'
  let calls: BridgeCall[] = []
  let http: HttpCall[] = []
  let state: SandboxState | undefined
  let away = false
  let refusal: VerifyAnswer | undefined
  let cardRefusals: readonly CardRefusal[] = []

  const list = el('div', { class: 'tab-list', role: 'tablist' })
  const clear = live(el('button', { class: 'text-button quiet', type: 'button' }), 'clear')
  const close = liveLabel(
    el('button', { class: 'icon-button panel-close', type: 'button' }, icon('close', 20)),
    'closeTools',
  )
  const why = el('div', { class: 'why-place', 'aria-live': 'polite' })
  const content = el('div', { class: 'panel-content', role: 'tabpanel', id: 'panel-content', tabindex: '-1' })
  const element = el(
    'aside',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, list, clear, close),
    why,
    content,
  )
  clear.addEventListener('click', () => {
    calls = []
    render()
  })
  close.addEventListener('click', actions.close)

  const buttons = tabs.map((name) => {
    const button = live(
      el('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'panel-content' }),
      name,
    )
    button.addEventListener('click', () => show(name))
    button.addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
      if (step === 0) return
      const next = tabs[(tabs.indexOf(name) + step + tabs.length) % tabs.length]
      if (next !== undefined) show(next)
      buttons[tabs.indexOf(tab)]?.focus()
    })
    return button
  })
  list.append(...buttons)

  const view = (): HTMLElement => {
    if (away && tab !== 'calls') return el('p', { class: 'empty', text: t('sandboxAway') })
    if (tab === 'calls') return callList(calls)
    if (tab === 'http') return httpList(http)
    if (tab === 'credentials') return state === undefined ? el('p') : credentialList(state, rotate)
    return switches(state, phone, {
      setFault,
      setOAuth: (changes) => soon(api.setOAuth(changes)),
      advance,
      reset,
      phoneChanged: actions.phoneChanged,
    })
  }
  const render = (): void => {
    for (const [index, button] of buttons.entries()) {
      const selected = tabs[index] === tab
      button.setAttribute('aria-selected', String(selected))
      button.tabIndex = selected ? 0 : -1
    }
    clear.hidden = tab !== 'calls'
    content.setAttribute('aria-labelledby', `tab-${tab}`)
    keepingPlace(content, () => fill(content, view()))
  }

  const refresh = async (): Promise<void> => {
    const seen = () => JSON.stringify([http, state?.accounts, state?.faults, state?.oauth, away])
    const before = seen()
    const fetched = await Promise.all([api.calls(), api.state()]).catch(() => undefined)
    away = fetched === undefined
    if (fetched !== undefined) [http, state] = fetched
    if (state !== undefined) actions.clockMoved(state.offsetMs)
    const changed = before !== seen()
    if (tab === 'credentials' || (tab !== 'calls' && changed)) render()
    else if (tab === 'faults') showClock(content, state)
  }
  const soon = (request: Promise<unknown>): void => {
    void request.then(refresh, refresh)
  }
  const setFault = (kind: string, on: boolean): void => {
    const kinds = (state?.faults ?? []).map((fault) => fault.kind).filter((other) => other !== kind)
    soon(api.setFaults(on ? [...kinds, kind] : kinds))
  }
  const advance = (ms: number): void => soon(api.advanceClock(ms))
  const reset = (): void => soon(api.reset())
  const rotate = (appId: string): void => soon(api.rotateTicket(appId))
  const show = (next: Tab): void => {
    tab = next
    render()
    void refresh()
  }

  const renderRefusal = (): void => {
    const dismiss = (): void => {
      refusal = undefined
      renderRefusal()
    }
    const dismissCards = (): void => {
      cardRefusals = []
      renderRefusal()
    }
    fill(
      why,
      refusal === undefined ? undefined : explanationCard(refusal, dismiss),
      cardExplanationCard(cardRefusals, dismissCards),
    )
  }

  onLanguage(() => {
    render()
    renderRefusal()
  })
  render()
  void refresh()
  setInterval(() => {
    if (document.visibilityState === 'visible' && tab !== 'calls') void refresh()
  }, 1500)

  return {
    element,
    show,
    focus: () => buttons[tabs.indexOf(tab)]?.focus(),
    addCall(call) {
      const known = calls.findIndex((other) => other.id === call.id && other.startedAt === call.startedAt)
      if (known >= 0) calls[known] = call
      else calls = [call, ...calls].slice(0, 300)
      if (tab === 'calls') render()
    },
    explain(verdict) {
      refusal = verdict
      renderRefusal()
    },
    explainCards(refusals) {
      cardRefusals = refusals
      renderRefusal()
    },
  }
}

// A redraw keeps opened rows open, and the focus where it was.
function keepingPlace(content: HTMLElement, draw: () => void): void {
  const key = (element: Element | null) => element?.closest('[data-key]')?.getAttribute('data-key')
  const opened = new Set([...content.querySelectorAll('details[open]')].map(key))
  const focused = content.contains(document.activeElement) ? key(document.activeElement) : undefined
  const top = content.scrollTop
  draw()
  for (const row of content.querySelectorAll<HTMLDetailsElement>('details[data-key]'))
    if (opened.has(key(row))) row.open = true
  for (const stop of content.querySelectorAll<HTMLElement>('[data-key]'))
    if (focused !== undefined && focused !== null && key(stop) === focused)
      (stop.querySelector<HTMLElement>('summary') ?? stop).focus({ preventScroll: true })
  content.scrollTop = top
}

function showClock(content: HTMLElement, state: SandboxState | undefined): void {
  const clock = content.querySelector('.clock-now')
  if (clock !== null && state !== undefined)
    clock.textContent = new Date(state.now).toTimeString().slice(0, 8)
}
