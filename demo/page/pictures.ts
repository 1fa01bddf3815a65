import { isWeixinError, type Weixin } from '../../client/index.ts'
import { el } from './dom.ts'

// Android's web view loads a localId like an address; WKWebView on iOS does not and must be given the bytes.

const asDataUrl = (localData: string): string =>
  localData.startsWith('data:')
    ? // iOS writes the type as `jgp`, which no browser knows.
      localData.replace(/^data:image\/jgp/, 'data:image/jpeg')
    : `data:image/jpeg;base64,${localData}`

async function showBytes(weixin: Weixin, localId: string, image: HTMLImageElement): Promise<void> {
  try {
    const { localData } = await weixin.call('getLocalImgData', { localId })
    image.src = asDataUrl(localData)
  } catch (error) {
    image.replaceWith(
      el('span', { class: 'picture-failed' }, isWeixinError(error) ? error.code : String(error)),
    )
  }
}

export function pictures(weixin: Weixin, localIds: readonly string[]): HTMLElement {
  const frames = localIds.map((localId) => {
    const image = el('img', { class: 'picture-image', alt: '' })
    if (weixin.environment.platform === 'ios') {
      void showBytes(weixin, localId, image)
    } else {
      image.addEventListener(
        'error',
        () => {
          if (image.src === localId) void showBytes(weixin, localId, image)
        },
        { once: true },
      )
      image.src = localId
    }
    return el('li', { class: 'picture skeleton' }, image)
  })
  return el('ul', { class: 'pictures' }, ...frames)
}
