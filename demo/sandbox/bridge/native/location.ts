import { textOf } from '../plain-copy.ts'
import { type NativeApi, ok } from './api.ts'
import { toGcj02 } from './gcj02.ts'

/** geoLocation: where the phone is, in the asked coordinate system. */
export const geoLocation: NativeApi = async (args, { ui }) => {
  const type = args.type === 'gcj02' ? 'gcj02' : 'wgs84'
  const place = await ui.location({ type })
  if (place === 'deny') return { status: 'access_denied' }
  if (typeof place === 'string') return { status: place }
  const { latitude, longitude } = type === 'gcj02' ? toGcj02(place) : place
  return {
    status: 'ok',
    fields: { latitude, longitude, speed: place.speed ?? 0, accuracy: place.accuracy ?? 30, type },
  }
}

/** openLocation: WeChat's own map over the page. */
export const openLocation: NativeApi = (args, { ui }) => {
  const latitude = Number(args.latitude)
  const longitude = Number(args.longitude)
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return { status: 'fail' }
  ui.openLocation({ latitude, longitude, name: textOf(args.name), address: textOf(args.address) })
  return ok
}
