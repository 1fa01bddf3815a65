import type { Clock } from '../clock.ts'
import type { RateLimitRule } from './rate-limit.ts'

/** Counts requests per address. */
export interface AddressCounts {
  /** Counts one; answers 0, or after how many milliseconds the address may ask again. */
  take(address: string): number
  /** Addresses that are remembered. */
  readonly size: number
}

interface Window {
  count: number
  readonly endsAt: number
}

/** Addresses in each of the two generations; both full are about 15 MB. */
const MAX_ADDRESSES = 50_000

/**
 * Counts in memory, for a bounded number of addresses: one generation that is written and the one before it, which
 * is forgotten when the first is full or as old as the window, so that nothing is ever searched or timed.
 *
 * Whoever asks from more addresses than fit can make the service forget counts early. They have the points of all
 * those addresses anyway, and nobody else is refused because of them.
 */
export function createAddressCounts(
  { points, perSeconds }: RateLimitRule,
  clock: Pick<Clock, 'monotonic'>,
): AddressCounts {
  const windowMs = perSeconds * 1_000
  let young = new Map<string, Window>()
  let old = new Map<string, Window>()
  let turnAt = clock.monotonic() + windowMs

  function find(address: string, now: number): Window {
    const known = young.get(address) ?? old.get(address)
    if (known !== undefined && known.endsAt > now) return known
    if (now >= turnAt || young.size >= MAX_ADDRESSES) {
      old = now >= turnAt + windowMs ? new Map() : young
      young = new Map()
      turnAt = now + windowMs
    }
    const fresh = { count: 0, endsAt: now + windowMs }
    young.set(address, fresh)
    return fresh
  }

  return {
    take(address) {
      const now = clock.monotonic()
      const window = find(address, now)
      window.count++
      return window.count > points ? window.endsAt - now : 0
    },
    get size() {
      return young.size + old.size
    },
  }
}
