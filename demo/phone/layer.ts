import { el } from './dom.ts'

/** Something over the page: a sheet, a dialog, a whole screen. */
export interface Layer {
  /** Takes it away; `onClose` runs once. */
  close(): void
}

/**
 * Puts a layer over the page and the focus into it; Escape and a tap beside it close it.
 *
 * The page below cannot be reached while it is open, and gets the focus back afterwards.
 */
export function openLayer(
  screen: HTMLElement,
  kind: 'sheet' | 'dialog' | 'screen',
  label: string,
  content: HTMLElement,
  onClose: () => void,
): Layer {
  const before = document.activeElement
  const backdrop = el('div', { class: `layer layer-${kind}` })
  const body = el('div', {
    class: `layer-body ${kind}`,
    role: 'dialog',
    'aria-modal': 'true',
    'aria-label': label,
    tabindex: '-1',
  })
  body.append(content)
  backdrop.append(body)
  let open = true
  const close = (): void => {
    if (!open) return
    open = false
    backdrop.classList.add('leaving')
    backdrop.inert = true
    setTimeout(() => backdrop.remove(), reducedMotion() ? 0 : 220)
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    onClose()
  }
  backdrop.addEventListener('click', (event) => {
    if (event.target === backdrop) close()
  })
  backdrop.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      close()
    }
    if (event.key === 'Tab') keepFocus(body, event)
  })
  screen.append(backdrop)
  const first = body.querySelector<HTMLElement>('[data-focus]') ?? body
  first.focus({ preventScroll: true })
  return { close }
}

/** True when the person wants little motion. */
export function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

function keepFocus(body: HTMLElement, event: KeyboardEvent): void {
  const stops = [...body.querySelectorAll<HTMLElement>('button, input, select, textarea, a[href]')].filter(
    (stop) => !stop.hasAttribute('disabled'),
  )
  const first = stops[0]
  const last = stops.at(-1)
  if (first === undefined || last === undefined) return
  const active = document.activeElement
  if (event.shiftKey && (active === first || active === body)) {
    event.preventDefault()
    last.focus()
  } else if (!event.shiftKey && active === last) {
    event.preventDefault()
    first.focus()
  }
}
