/** An element with texts and elements in it; texts stay texts. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...children)
  return made
}

/** Names and values, one pair a line; pairs without a value are left out. */
export function table(pairs: readonly (readonly [string, string | undefined])[]): HTMLElement {
  const lines = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [element('dt', {}, name), element('dd', {}, value)],
  )
  return element('dl', {}, ...lines)
}
