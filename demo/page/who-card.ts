import { cardFrame } from './card-frame.ts'
import { el, type IconName, icon } from './dom.ts'
import { failureBox, plainBox } from './failure-box.ts'
import type { Card, Page } from './page.ts'
import type { WhoState } from './who.ts'
import { greeting, notGreeted } from './who-greeting.ts'
import { whoSteps } from './who-steps.ts'

const code = (service: string, portId: number | null): string => `const weixin = createWeixin({
  service: '${service}',
  portId: ${portId ?? 4},
})
const { ticket } = await weixin.authInfo({
  scope: 'snsapi_base',
  force: true, // for a fresh ticket
  cookieDays: 0, // the backend remembers
})
// It asks POST /v1/identity/redeem who that
// is, and sets a cookie of its own.
await fetch('api/session', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ticket }),
})`

/** Greets the visitor as the backend knows them, and shows how it came to know. */
export function whoCard(page: Page): Card {
  const { who, settings } = page
  const body = el('div', { class: 'stack' })
  const frame = cardFrame(page, 'who', body)

  const button = (name: string, kind: IconName, text: string, press: () => void, main = false): HTMLElement =>
    el(
      'button',
      {
        class: main ? 'button button-wide' : 'button button-quiet button-wide',
        type: 'button',
        'data-who': name,
        on: { click: press },
      },
      icon(kind),
      text,
    )

  const waiting = (text: string): HTMLElement =>
    el(
      'div',
      { class: 'box' },
      el('p', { class: 'box-title' }, el('span', { class: 'spinner' }), el('span', {}, text)),
    )

  const ways = (mainScope?: string): HTMLElement[] =>
    (['snsapi_base', 'snsapi_userinfo'] as const).map((scope) => {
      const words = page.language.texts.who.scopes[scope]
      const ask = button(scope, 'person', words.button, () => void who.signIn(scope), scope === mainScope)
      return el('div', { class: 'way' }, ask, el('p', { class: 'note' }, words.lead))
    })

  const askAgain = (): HTMLElement =>
    el(
      'details',
      { class: 'again' },
      el(
        'summary',
        { class: 'again-summary' },
        page.language.texts.who.again,
        el('span', { class: 'snippet-chevron' }, icon('chevron')),
      ),
      el('div', { class: 'stack again-ways' }, ...ways()),
    )

  const signOut = (): HTMLElement =>
    button('sign-out', 'leave', page.language.texts.who.signOut, () => void who.signOut())

  const landed = (state: Extract<WhoState, { phase: 'landed' }>): (Node | undefined)[] => {
    const { texts } = page.language
    const { hint, answer, secondTime } = state
    const noTicket = hint.ticket === undefined ? plainBox('outside', texts.who.noTicket, []) : undefined
    const steps = whoSteps(state, texts)
    if (answer === undefined) return [steps]
    if (!('person' in answer) || answer.person === null)
      return [steps, noTicket ?? notGreeted(answer, texts), ...ways()]
    return [
      greeting(answer.person, texts.who),
      steps,
      noTicket,
      noTicket === undefined && secondTime === undefined
        ? button('redeem-again', 'retry', texts.who.redeemAgain, () => void who.redeemAgain())
        : undefined,
      secondTime === undefined ? undefined : notGreeted(secondTime, texts),
      signOut(),
      askAgain(),
    ]
  }

  const unconfigured = (): HTMLElement => {
    const { who: words, failure } = page.language.texts
    const { what, why, fix } = words.unconfigured
    return plainBox('outside', what, [
      [failure.labels.why, why],
      [failure.labels.fix, fix],
    ])
  }

  const content = (state: WhoState): (Node | undefined)[] => {
    const { texts, current } = page.language
    if (settings.portId === null) return [unconfigured()]
    if (state.phase === 'asking' || state.phase === 'leaving') return [waiting(texts.who[state.phase])]
    if (state.phase === 'landed') return landed(state)
    if (state.phase === 'failed') return [failureBox(state.error, texts, current), ...ways()]
    if (state.phase === 'known')
      return [greeting(state.person, texts.who, texts.who.known), signOut(), askAgain()]
    return [
      state.signedOut ? el('p', { class: 'note' }, texts.who.signedOut) : undefined,
      ...ways('snsapi_base'),
      'person' in state.answer ? undefined : notGreeted(state.answer, texts),
    ]
  }

  const render = (): void => {
    const { state } = who
    frame.render(page.language.texts.who, code(settings.service, settings.portId))
    body.replaceChildren(...content(state).filter((part) => part !== undefined))
    body.setAttribute('data-phase', settings.portId === null ? 'unconfigured' : state.phase)
  }

  who.onChange(() => {
    render()
    const { state } = who
    const { announced, signedOut } = page.language.texts.who
    if (state.phase === 'failed') page.announce(announced.failed)
    if (state.phase === 'nobody' && state.signedOut) page.announce(signedOut)
    if (state.phase === 'landed' && state.answer !== undefined)
      page.announce('person' in state.answer && state.answer.person ? announced.verified : announced.failed)
  })
  return { element: frame.element, render }
}
