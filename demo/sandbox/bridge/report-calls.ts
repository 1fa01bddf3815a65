import type { BridgeProfile } from '../bridge-protocol.ts'
import type { BridgeCall } from './calls.ts'

/**
 * Sends finished calls to the sandbox's log, so that tests and the phone's panel can read them from outside.
 *
 * A sandbox that cannot be reached once is not asked again; the page never notices.
 */
export function reportCalls(
  sandbox: string,
  target: Window & typeof globalThis,
): (profile: BridgeProfile, call: BridgeCall) => void {
  const address = `${sandbox.replace(/\/+$/, '')}/__sandbox/bridge/log`
  const fetchNow = target.fetch.bind(target)
  let reachable = true
  return (profile, call) => {
    if (!reachable) return
    const sent = fetchNow(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ profile, ...call }),
    })
    sent.catch(() => {
      reachable = false
    })
  }
}
