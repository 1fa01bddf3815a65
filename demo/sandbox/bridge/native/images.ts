import { textList, textOf } from '../plain-copy.ts'
import { type NativeApi, ok } from './api.ts'

/** chooseImage: local ids, as JSON text where the client writes text. */
export const chooseImage: NativeApi = async (args, { ui, images, style }) => {
  const count = Math.min(Math.max(Math.trunc(Number(args.count)) || 9, 1), 9)
  const picked = await ui.chooseImages({
    count,
    sizeType: textList(args.sizeType, ['original', 'compressed']),
    sourceType: textList(args.sourceType, ['album', 'camera']),
  })
  if (picked === 'cancel' || picked.images.length === 0) return { status: 'cancel' }
  const localIds = picked.images.slice(0, count).map((image) => images.add(image))
  return {
    status: 'ok',
    fields: { localIds: style.jsonText ? JSON.stringify(localIds) : localIds, sourceType: picked.source },
  }
}

/** getLocalImgData: the picture as base64; Android leaves the `data:` head away and breaks the lines. */
export const getLocalImgData: NativeApi = (args, { images, style }) => {
  const image = images.find(textOf(args.localId))
  if (image === undefined) return { status: 'fail' }
  const bare = image.dataUrl.slice(image.dataUrl.indexOf(',') + 1).replace(/.{76}(?=.)/g, '$&\n')
  return { status: 'ok', fields: { localData: style.bareBase64 ? bare : image.dataUrl } }
}

/** uploadImage: a media id in exchange for a local id. */
export const uploadImage: NativeApi = async (args, { ui, images, now }) => {
  const localId = textOf(args.localId)
  const end = await ui.transfer({ name: 'uploadImage', id: localId })
  if (end !== 'ok') return { status: end }
  const serverId = images.upload(localId, await now())
  return serverId === undefined ? { status: 'fail' } : { status: 'ok', fields: { serverId, mediaUrl: '' } }
}

/** downloadImage: a local id in exchange for a media id. */
export const downloadImage: NativeApi = async (args, { ui, images, now }) => {
  const serverId = textOf(args.serverId)
  const end = await ui.transfer({ name: 'downloadImage', id: serverId })
  if (end !== 'ok') return { status: end }
  const localId = images.download(serverId, await now())
  return localId === undefined ? { status: 'fail' } : { status: 'ok', fields: { localId } }
}

/** imagePreview: the picture viewer over the page; local ids are shown as the pictures they stand for. */
export const imagePreview: NativeApi = (args, { ui, images }) => {
  const show = (url: string) => images.find(url)?.dataUrl ?? url
  const urls = textList(args.urls).map(show)
  if (urls.length === 0) return { status: 'fail' }
  ui.previewImages({ current: show(textOf(args.current)), urls })
  return ok
}
