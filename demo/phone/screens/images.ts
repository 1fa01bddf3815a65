import type { PickedImage } from '../../sandbox/bridge/index.ts'
import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import { albumPictures, takePhoto } from '../pictures.ts'

type Answer = { images: PickedImage[]; source: 'album' | 'camera' } | 'cancel'

/** Opens the picture picker: up to `count` pictures of the album, or one fresh photo. */
export function openImages(
  screen: HTMLElement,
  question: { count: number; sourceType: string[] },
  decide: (answer: Answer) => void,
): Layer {
  let answer: Answer = 'cancel'
  const chosen: PickedImage[] = []
  const done = el('button', {
    class: 'green-button small',
    type: 'button',
    onclick: () => {
      answer = { images: chosen, source: 'album' }
      layer.close()
    },
  })
  const marks = new Map<PickedImage, HTMLElement>()
  const show = (): void => {
    done.textContent = chosen.length === 0 ? t('done') : `${t('done')}(${chosen.length}/${question.count})`
    done.toggleAttribute('disabled', chosen.length === 0)
    for (const [picture, mark] of marks) {
      const place = chosen.indexOf(picture)
      mark.textContent = place < 0 ? '' : String(place + 1)
      mark.parentElement?.setAttribute('aria-pressed', String(place >= 0))
    }
  }
  const toggle = (picture: PickedImage): void => {
    const place = chosen.indexOf(picture)
    if (place >= 0) chosen.splice(place, 1)
    else if (question.count === 1) chosen.splice(0, 1, picture)
    else if (chosen.length < question.count) chosen.push(picture)
    show()
  }
  const photo = (picture: PickedImage, index: number): HTMLElement => {
    const mark = el('span', { class: 'photo-mark', 'aria-hidden': 'true' })
    marks.set(picture, mark)
    return el(
      'button',
      {
        class: 'photo',
        type: 'button',
        'aria-label': t('photo', { n: index + 1 }),
        'aria-pressed': 'false',
        onclick: () => toggle(picture),
      },
      el('img', { alt: '', src: picture.dataUrl }),
      mark,
    )
  }
  const camera = el(
    'button',
    {
      class: 'photo photo-camera',
      type: 'button',
      onclick: () => {
        answer = { images: [takePhoto(new Date())], source: 'camera' }
        layer.close()
      },
    },
    icon('camera', 32),
    el('span', { text: t('takePhoto') }),
  )
  const content = el(
    'div',
    { class: 'photos' },
    el(
      'header',
      { class: 'photos-head' },
      el('button', {
        class: 'text-button',
        type: 'button',
        text: t('cancel'),
        'data-focus': true,
        onclick: () => layer.close(),
      }),
      el('h2', { text: t('photos') }),
      done,
    ),
    el(
      'div',
      { class: 'photo-grid' },
      question.sourceType.includes('camera') && camera,
      ...(question.sourceType.includes('album') ? albumPictures().map(photo) : []),
    ),
  )
  show()
  const layer = openLayer(screen, 'screen', t('photos'), content, () => decide(answer))
  return layer
}
