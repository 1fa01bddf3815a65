import type { LocalImages } from './native/local-images.ts'

/**
 * Lets `<img src="weixin://resourceid/…">` show the chosen picture, as Android does by itself.
 *
 * iOS local ids are left alone: there the page, or the SDK, has to ask getLocalImgData.
 *
 * @returns a function that stops it.
 */
export function showLocalImages(document: Document, images: LocalImages): () => void {
  const onError = (event: Event) => {
    const image = event.target
    if (image === null || !('tagName' in image) || image.tagName !== 'IMG') return
    const tag = image as HTMLImageElement
    if (!tag.src.startsWith('weixin://')) return
    const found = images.find(tag.src)
    if (found !== undefined) tag.src = found.dataUrl
  }
  document.addEventListener('error', onError, true)
  return () => document.removeEventListener('error', onError, true)
}
