import type { BridgeProfile } from '../sandbox/bridge/index.ts'
import { el } from './dom.ts'
import { icon } from './icons.ts'
import { liveLabel } from './language.ts'

/** The simulated device: its frame, bars, and the place for the page. */
export interface Device {
  readonly element: HTMLElement
  /** Where the page stands. */
  readonly page: HTMLElement
  /** Where sheets and screens open. */
  readonly screen: HTMLElement
  readonly back: HTMLButtonElement
  readonly close: HTMLButtonElement
  readonly menu: HTMLButtonElement
  setProfile(profile: BridgeProfile): void
  setTitle(title: string): void
  setLoading(loading: boolean): void
  setClock(now: Date): void
}

/** Makes the device. */
export function createDevice(): Device {
  const time = el('time', { class: 'status-time' })
  const title = el('h1', { class: 'nav-title' })
  const back = liveLabel(el('button', { class: 'nav-button nav-back', type: 'button' }, icon('back')), 'back')
  const close = liveLabel(
    el('button', { class: 'nav-button nav-close', type: 'button' }, icon('close')),
    'closePage',
  )
  const menu = liveLabel(el('button', { class: 'nav-button nav-menu', type: 'button' }, icon('more')), 'menu')
  const page = el('div', { class: 'page' })
  const progress = el('div', { class: 'progress', 'aria-hidden': 'true' })
  const screen = el(
    'div',
    { class: 'screen' },
    el(
      'div',
      { class: 'status-bar', 'aria-hidden': 'true' },
      time,
      el('span', { class: 'island' }),
      el(
        'span',
        { class: 'status-icons' },
        el('span', { class: 'signal' }),
        icon('wifi', 16),
        el('span', { class: 'battery' }),
      ),
    ),
    el(
      'div',
      { class: 'nav' },
      el('span', { class: 'nav-left' }, back, close),
      title,
      el('span', { class: 'nav-right' }, menu),
    ),
    progress,
    page,
    el('div', { class: 'home-bar', 'aria-hidden': 'true' }),
  )
  const element = el(
    'div',
    { class: 'device' },
    el(
      'div',
      { class: 'window-bar', 'aria-hidden': 'true' },
      el('i'),
      el('i'),
      el('i'),
      el('span', { class: 'window-name' }),
    ),
    screen,
  )
  return {
    element,
    page,
    screen,
    back,
    close,
    menu,
    setProfile(profile) {
      element.dataset.profile = profile
      const name = element.querySelector('.window-name')
      if (name !== null) name.textContent = profile === 'devtools' ? 'WeChat DevTools' : '微信'
    },
    setTitle(text) {
      title.textContent = text
    },
    setLoading(loading) {
      progress.classList.toggle('on', loading)
    },
    setClock(now) {
      time.textContent = now.toTimeString().slice(0, 5)
    },
  }
}
