import { el } from './dom.ts'
import type { Stretch } from './steps.ts'

/** When a step ran within the whole; set from script because a policy may forbid style attributes. */
export function waterfall(stretches: readonly Stretch[]): HTMLElement {
  return el(
    'span',
    { class: 'waterfall', 'aria-hidden': true },
    ...stretches.map(({ from, length, ok }) => {
      const bar = el('span', { class: ok ? 'waterfall-bar' : 'waterfall-bar waterfall-failed' })
      bar.style.left = `min(${from * 100}%, calc(100% - 4px))`
      bar.style.width = `${length * 100}%`
      return bar
    }),
  )
}
