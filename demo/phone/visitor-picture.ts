import { el } from './dom.ts'
import type { Visitor } from './sandbox-api.ts'

/** The face of a visitor; the sandbox draws those that are a path of its own. */
export function visitorPicture({ headimgurl }: Visitor): HTMLElement {
  const usable = headimgurl.startsWith('/') || /^https?:\/\//.test(headimgurl)
  const blank = () => el('span', { class: 'avatar visitor-face', 'aria-hidden': 'true' })
  if (!usable) return blank()
  const image = el('img', { class: 'visitor-face', alt: '', src: headimgurl })
  image.addEventListener('error', () => image.replaceWith(blank()))
  return image
}
