import type { Core } from './core.ts'
import { content } from './debug/content.ts'
import { element } from './debug/element.ts'
import { style } from './debug/style.ts'
import { words } from './debug/words.ts'
import { WeixinError } from './errors.ts'
import type { DebugPanel } from './types.ts'

const opened = new WeakMap<Core, DebugPanel>()

/** Opens the panel, or answers the one that is open; see `Weixin.debug`. */
export function openPanel(core: Core): DebugPanel {
  if (typeof document === 'undefined')
    throw new WeixinError('not_in_wechat', 'debug', 'there is no page to show it on')
  const before = opened.get(core)
  if (before) return before

  const say = words(navigator.language)
  const host = document.createElement('wx-h5-kit-debug')
  const root = host.attachShadow({ mode: 'open' })
  const body = element('div', { class: 'body' })
  const closer = element('button', { type: 'button', 'aria-label': say.close }, '×')
  const title = element('h1', {}, 'wx-h5-kit')
  const panel = element(
    'section',
    { class: 'panel', role: 'dialog', 'aria-label': say.title },
    element('header', {}, title, closer),
    body,
  )
  const render = () => {
    // What was unfolded and scrolled to shall stay so under a finger.
    const { scrollTop } = body
    const unfolded = [...body.querySelectorAll<HTMLElement>('details[open]')].map(({ dataset }) => dataset.at)
    body.replaceChildren(...content(core, say))
    for (const details of body.querySelectorAll('details'))
      details.open = unfolded.includes(details.dataset.at)
    body.scrollTop = scrollTop
  }
  // Routes change without a note.
  const events = ['popstate', 'hashchange', 'pageshow'] as const
  const close = () => {
    core.onNote = undefined
    for (const name of events) window.removeEventListener(name, render)
    opened.delete(core)
    host.remove()
  }
  closer.addEventListener('click', close)
  panel.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close()
  })
  // Not from within what is noted, which must not fail when this does.
  core.onNote = () => queueMicrotask(render)
  for (const name of events) window.addEventListener(name, render)

  root.append(element('style', {}, style), panel)
  render()
  document.body.append(host)
  closer.focus({ preventScroll: true })
  const shown = { close }
  opened.set(core, shown)
  return shown
}
