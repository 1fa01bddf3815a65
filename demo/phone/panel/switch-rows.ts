import { el } from '../dom.ts'

/** A row that is on or off. */
export function toggle(name: string, text: string, on: boolean, change: (on: boolean) => void): HTMLElement {
  const input = el('input', {
    type: 'checkbox',
    role: 'switch',
    checked: on,
    'data-key': name,
    onchange: () => change(input.checked),
  })
  return el(
    'label',
    { class: 'switch-row' },
    rowName(name, text),
    input,
    el('span', { class: 'switch', 'aria-hidden': 'true' }),
  )
}

/** A row with one of several values. */
export function choice<V extends string>(
  name: string,
  text: string,
  value: V,
  values: readonly (readonly [value: V, text: string])[],
  change: (value: V) => void,
): HTMLElement {
  const select = el(
    'select',
    {
      class: 'select',
      'aria-label': name,
      'data-key': name,
      onchange: () => {
        const chosen = values[select.selectedIndex]
        if (chosen !== undefined) change(chosen[0])
      },
    },
    ...values.map(([each, shown]) => el('option', { value: each, text: shown, selected: each === value })),
  )
  return el('label', { class: 'switch-row' }, rowName(name, text), select)
}

function rowName(name: string, text: string): HTMLElement {
  return el('span', { class: 'switch-name' }, name, text !== '' && el('small', { text }))
}
