import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { t } from '../language.ts'
import { openLayer } from '../layer.ts'

/** Opens the picture viewer on one of several pictures. */
export function openViewer(screen: HTMLElement, current: string, urls: string[]): void {
  let index = Math.max(0, urls.indexOf(current))
  const image = el('img', { alt: '', class: 'viewer-image' })
  const count = el('p', { class: 'viewer-count', 'aria-live': 'polite' })
  const show = (): void => {
    image.src = urls[index] ?? ''
    count.textContent = urls.length > 1 ? `${index + 1} / ${urls.length}` : ''
  }
  const step = (by: number) => (): void => {
    index = (index + by + urls.length) % urls.length
    show()
  }
  const arrow = (label: string, by: number, name: string): HTMLElement =>
    el(
      'button',
      { class: `round-button viewer-${name}`, type: 'button', 'aria-label': label, onclick: step(by) },
      icon('back'),
    )
  const content = el(
    'div',
    { class: 'viewer' },
    el(
      'button',
      {
        class: 'viewer-close',
        type: 'button',
        'aria-label': t('closePage'),
        'data-focus': true,
        onclick: () => layer.close(),
      },
      image,
    ),
    count,
    urls.length > 1 && arrow(t('previous'), -1, 'previous'),
    urls.length > 1 && arrow(t('next'), 1, 'next'),
  )
  show()
  const layer = openLayer(screen, 'screen', t('preview'), content, () => undefined)
}

/** Opens WeChat's own map on a place. */
export function openMap(
  screen: HTMLElement,
  place: { latitude: number; longitude: number; name: string; address: string },
): void {
  const content = el(
    'div',
    { class: 'map' },
    el('div', { class: 'map-ground', 'aria-hidden': 'true' }),
    el('span', { class: 'map-pin', 'aria-hidden': 'true' }, icon('pin', 44)),
    el(
      'button',
      {
        class: 'round-button map-back',
        type: 'button',
        'aria-label': t('back'),
        'data-focus': true,
        onclick: () => layer.close(),
      },
      icon('back'),
    ),
    el(
      'div',
      { class: 'map-place' },
      el('h2', { text: place.name === '' ? t('map') : place.name }),
      el('p', { text: place.address }),
      el('p', { class: 'mono', text: `${place.latitude}, ${place.longitude}` }),
    ),
  )
  const layer = openLayer(screen, 'screen', t('map'), content, () => undefined)
}
