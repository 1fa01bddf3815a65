import { type CardKeeper, httpCardKeeper } from './bridge/card-keeper.ts'
import { httpClock } from './bridge/sandbox-clock.ts'
import { httpVerifier, type Verifier } from './bridge/verify.ts'
import type { Sandbox } from './types.ts'

/** Whom the bridge asks for verdicts, cards and the time; answers by name. */
export interface Judge extends CardKeeper {
  verify: Verifier
  now(): number | Promise<number>
}

/** A sandbox of this process. */
export const judgeOf = (sandbox: Sandbox): Judge => ({
  verify: (request) => sandbox.verifyConfig(request),
  verifyAddCard: (request) => sandbox.verifyAddCard(request),
  verifyChooseCard: (request) => sandbox.verifyChooseCard(request),
  verifyViewCard: (request) => sandbox.verifyViewCard(request),
  now: () => sandbox.clock.now(),
})

/**
 * A running sandbox, once it is sure that there is one.
 *
 * @throws {Error} when nobody, or something else, answers at the address
 */
export async function judgeAt(address: string): Promise<Judge> {
  try {
    const response = await fetch(`${address.replace(/\/+$/, '')}/__sandbox/state`)
    const state: unknown = await response.json()
    if (typeof state !== 'object' || state === null || !('accounts' in state))
      throw new Error(`It answered HTTP ${response.status} and no state.`)
  } catch (cause) {
    const advice = 'Start one with "npx wx-h5 sandbox", or hand in { sandbox }.'
    throw new Error(`installWeixin found no sandbox at ${address}. ${advice}`, { cause })
  }
  const now = httpClock(address, fetch, Date.now)
  return { verify: httpVerifier(address, fetch), ...httpCardKeeper(address, fetch), now }
}
