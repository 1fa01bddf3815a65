import { el } from './dom.ts'

export interface TextField {
  readonly element: HTMLElement
  value: string
  label: string
}

/** A labelled line of text; `address` for URLs: no capitals, no corrections by the keyboard. */
export function textField(name: string, kind: 'text' | 'address', onInput: () => void): TextField {
  const label = el('span', { class: 'field-label' })
  const input = el('input', {
    class: kind === 'address' ? 'field-input field-address' : 'field-input',
    name,
    autocomplete: 'off',
    ...(kind === 'address'
      ? { inputmode: 'url', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false' }
      : {}),
    on: { input: onInput },
  })
  return {
    element: el('label', { class: 'field' }, label, input),
    get value() {
      return input.value
    },
    set value(text) {
      input.value = text
    },
    get label() {
      return label.textContent ?? ''
    },
    set label(text) {
      label.textContent = text
    },
  }
}
