import { el } from './dom.ts'

// Results are shown under their own field names: what one sees is what one's code receives.

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}

export function resultView(title: string, icon: Node, answer: unknown, ...more: Node[]): HTMLElement {
  const fields = typeof answer === 'object' && answer !== null ? Object.entries(answer) : []
  return el(
    'div',
    { class: 'box box-ready' },
    el('h3', { class: 'box-title' }, icon, title),
    ...more,
    el(
      'dl',
      { class: 'result' },
      ...fields.map(([name, value]) =>
        el(
          'div',
          { class: 'result-field' },
          el('dt', { class: 'result-name' }, name),
          el('dd', { class: 'result-value' }, short(value)),
        ),
      ),
    ),
  )
}
