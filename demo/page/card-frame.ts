import { type Child, el } from './dom.ts'
import type { Page } from './page.ts'
import { createSnippet } from './snippet.ts'

// The look all cards share: a chapter number, a title, one sentence, the content, the code behind it.

export interface CardFrame {
  readonly element: HTMLElement
  render(words: { title: string; lead: string }, code?: string): void
}

export function cardFrame(page: Page, id: string, ...content: Child[]): CardFrame {
  const title = el('h2', { class: 'card-title', id: `${id}-title` })
  const lead = el('p', { class: 'card-lead' })
  const snippet = createSnippet(page)
  const element = el(
    'section',
    { class: 'card', id, 'aria-labelledby': `${id}-title` },
    el('div', { class: 'card-head' }, el('span', { class: 'card-number', 'aria-hidden': true }), title, lead),
    el('div', { class: 'stack' }, ...content),
    snippet.element,
  )
  return {
    element,
    render(words, code) {
      title.textContent = words.title
      lead.textContent = words.lead
      snippet.element.hidden = code === undefined
      if (code !== undefined) snippet.render(code)
    },
  }
}
