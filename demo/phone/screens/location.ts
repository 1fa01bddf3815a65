import type { Place } from '../../sandbox/bridge/index.ts'
import { el, hostOf } from '../dom.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import type { Word } from '../words.ts'

const places: { word: Word; place: Place }[] = [
  { word: 'placeGuangzhou', place: { latitude: 23.10647, longitude: 113.32446, accuracy: 25 } },
  { word: 'placeBeijing', place: { latitude: 39.90734, longitude: 116.39089, accuracy: 30 } },
  { word: 'placeShanghai', place: { latitude: 31.24, longitude: 121.48564, accuracy: 18 } },
  { word: 'placeLondon', place: { latitude: 51.50073, longitude: -0.12463, accuracy: 40 } },
]

/** Asks whether the page may know where the phone is, and where that is. */
export function openLocationConsent(
  screen: HTMLElement,
  pageUrl: string,
  type: string,
  decide: (answer: Place | 'deny' | 'cancel') => void,
): Layer {
  let answer: Place | 'deny' | 'cancel' = 'cancel'
  const select = el(
    'select',
    { class: 'place-select', 'aria-label': t('place') },
    ...places.map(({ word }, index) => el('option', { value: index, text: t(word) })),
  )
  const finish = (next: () => Place | 'deny' | 'cancel') => () => {
    answer = next()
    layer.close()
  }
  const content = el(
    'div',
    { class: 'consent' },
    el('h2', { text: t('locationTitle') }),
    el('p', { text: t('locationBody', { host: hostOf(pageUrl), type }) }),
    el('label', { class: 'place' }, el('span', { text: t('place') }), select),
    el(
      'div',
      { class: 'consent-buttons' },
      el('button', { type: 'button', text: t('deny'), onclick: finish(() => 'deny') }),
      el('button', {
        type: 'button',
        class: 'primary',
        text: t('allow'),
        'data-focus': true,
        onclick: finish(() => places[Number(select.value)]?.place ?? 'cancel'),
      }),
    ),
  )
  const layer = openLayer(screen, 'dialog', t('locationTitle'), content, () => decide(answer))
  return layer
}
