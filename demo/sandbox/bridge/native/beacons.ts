import { type NativeApi, ok } from './api.ts'

/** startMonitoringBeacons: what is in range follows as an event; no search inside a search. */
export const startMonitoringBeacons: NativeApi = async (_args, { ui, doing, push }) => {
  if (doing.searchesBeacons) return { status: 'fail' }
  const beacons = await ui.beacons()
  if (beacons === 'off') return { status: 'fail' }
  doing.searchesBeacons = true
  return {
    status: 'ok',
    after: () => {
      if (doing.searchesBeacons && beacons.length > 0) push('onBeaconsInRange', { beacons })
    },
  }
}

/** stopMonitoringBeacons: no events any more. */
export const stopMonitoringBeacons: NativeApi = (_args, { doing }) => {
  const searched = doing.searchesBeacons
  doing.searchesBeacons = false
  return searched ? ok : { status: 'fail' }
}
