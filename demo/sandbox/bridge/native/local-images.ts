import type { PickedImage } from '../ui.ts'
import { createUploads } from './uploads.ts'

/** Pictures the client holds: chosen ones by local id, uploaded ones by server id. */
export interface LocalImages {
  /** Takes a picture in and gives its local id. */
  add(image: PickedImage): string
  /** The picture behind a local id; browsers lower-case the scheme of an address, so case does not count. */
  find(localId: string): PickedImage | undefined
  /** Puts a picture on the server at an instant; undefined for an unknown local id. */
  upload(localId: string, atMs: number): string | undefined
  /** Gets an uploaded picture back under a new local id; undefined for an unknown server id, or after three days. */
  download(serverId: string, atMs: number): string | undefined
}

/** Makes the picture store of one document. */
export function createLocalImages(
  scheme: 'weixin://resourceid/' | 'wxLocalResource://imageid',
  random: (size: number) => Uint8Array,
): LocalImages {
  const local = new Map<string, PickedImage>()
  const uploads = createUploads<PickedImage>(random)
  const hex = () => Array.from(random(16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const digits = () => Array.from(random(9), (byte) => String(byte % 10)).join('')

  const add = (image: PickedImage): string => {
    const localId = scheme === 'weixin://resourceid/' ? `${scheme}${hex()}` : `${scheme}${digits()}`
    local.set(localId.toLowerCase(), image)
    return localId
  }
  return {
    add,
    find: (localId) => local.get(localId.toLowerCase()),
    upload(localId, atMs) {
      const image = local.get(localId.toLowerCase())
      return image === undefined ? undefined : uploads.put(image, atMs)
    },
    download(serverId, atMs) {
      const image = uploads.get(serverId, atMs)
      return image === undefined ? undefined : add(image)
    },
  }
}
