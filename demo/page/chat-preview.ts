import { el } from './dom.ts'

export interface ChatPreview {
  readonly element: HTMLElement
  show(content: { title: string; desc: string; imgUrl: string }, from: string): void
}

/** The share card as a friend sees it. */
export function chatPreview(): ChatPreview {
  const title = el('p', { class: 'bubble-title' })
  const desc = el('p', { class: 'bubble-desc' })
  const image = el('img', { class: 'bubble-image', width: 48, height: 48, alt: '' })
  const from = el('p', { class: 'bubble-from' })
  const element = el(
    'div',
    { class: 'chat', role: 'img' },
    el('div', { class: 'bubble' }, title, el('div', { class: 'bubble-body' }, desc, image), from),
    el('div', { class: 'chat-face' }),
  )
  return {
    element,
    show(content, host) {
      title.textContent = content.title
      desc.textContent = content.desc
      from.textContent = host
      element.setAttribute('aria-label', `${content.title}. ${content.desc}`)
      if (image.getAttribute('src') !== content.imgUrl) image.src = content.imgUrl
    },
  }
}
