/** What an element can be given: attributes, `class`, `text`, `html` of our own icons, and listeners as `onclick`. */
export interface Properties {
  [name: string]: string | number | boolean | ((event: Event) => void) | undefined
}

/** Something that can stand inside an element. */
export type Child = Node | string | undefined | false

/** Makes an element. Text from pages only ever comes in as text. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (name === 'text') element.textContent = String(value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== undefined && child !== false))
  return element
}

/** Replaces what stands inside an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined && child !== false))
}

/** The host of an address, or the address itself when it has none. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address
}
