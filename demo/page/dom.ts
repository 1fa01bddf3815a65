// The smallest thing that makes elements. Text always goes in as text, never as HTML.

export type Child = Node | string | undefined

export interface Attributes {
  /** Handlers by event name; everything else becomes an attribute, `true` an empty one, `undefined` and `false` none. */
  on?: { [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void }
  [name: string]: unknown
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  const { on = {}, ...rest } = attributes
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value))
  }
  for (const [event, handler] of Object.entries(on)) {
    element.addEventListener(event, handler as EventListener)
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

// 24 × 24, one stroke; drawn here so that the page needs no icon font and no request.
const shapes = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  alert:
    'M12 8v5M12 16.5v.01M10.3 4.2L2.9 17.4A2 2 0 0 0 4.6 20.4h14.8a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0z',
  chevron: 'M6 9l6 6 6-6',
  code: 'M8.5 7.5L4 12l4.5 4.5M15.5 7.5L20 12l-4.5 4.5',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16',
  picture: 'M4 5h16v14H4zM4 16l5-5 4.5 4.5M13 14l2.5-2.5L20 16M15.5 8.5v.01',
  network: 'M3 9.5a13 13 0 0 1 18 0M6.2 13a8.5 8.5 0 0 1 11.6 0M9.3 16.4a4 4 0 0 1 5.4 0M12 19.5v.01',
  pin: 'M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  hide: 'M4 4l16 16M9.9 5.2A10 10 0 0 1 12 5c5 0 8.5 4.2 9.5 7a13 13 0 0 1-2.6 3.8M6.1 7.1A13.5 13.5 0 0 0 2.5 12c1 2.8 4.5 7 9.5 7a10 10 0 0 0 4.3-1',
  show: 'M2.5 12c1-2.8 4.5-7 9.5-7s8.5 4.2 9.5 7c-1 2.8-4.5 7-9.5 7s-8.5-4.2-9.5-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  close: 'M4 5h16v14H4zM9.5 9.5l5 5M14.5 9.5l-5 5',
  retry: 'M20 11a8 8 0 1 0-2.3 6.300M20 4v7h-7',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  phone: 'M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM10.5 18h3',
} as const

export type IconName = keyof typeof shapes

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', shapes[name])
  svg.append(path)
  return svg
}
