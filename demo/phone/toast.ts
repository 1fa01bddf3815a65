import { el } from './dom.ts'
import { icon } from './icons.ts'

/** Shows WeChat's dark square with a tick for a moment. */
export function toast(screen: HTMLElement, text: string): void {
  const box = el('div', { class: 'toast', role: 'status' }, icon('check', 40), el('span', { text }))
  screen.append(box)
  setTimeout(() => box.remove(), 1400)
}
