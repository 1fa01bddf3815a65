import type { NativeApi } from './api.ts'

/** getNetworkType: wifi as a status, mobile networks as `wwan` with the kind beside it. */
export const getNetworkType: NativeApi = async (_args, { ui }) => {
  const type = await ui.networkType()
  if (type === 'none') return { status: 'fail' }
  return type === 'wifi' ? { status: 'wifi' } : { status: 'wwan', fields: { subtype: type } }
}
