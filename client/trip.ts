import type { PageWindow } from './page.ts'
import type { AuthInfoOptions } from './types.ts'

/** A way through WeChat that this tab has begun. */
export interface Trip {
  scope: NonNullable<AuthInfoOptions['scope']>
  /** Epoch milliseconds. */
  startedAt: number
  /** The address it began at, as it shall be again. */
  url?: string
}

// As long as a state lives at the service: an older trip was given up on the way.
const MAX_AGE_MS = 600_000

/**
 * Takes down, for this tab, that a trip begins; answers the address to come back to.
 *
 * Where nothing may be stored, that address carries the mark itself.
 */
export function beginTrip(window: PageWindow, name: string, trip: Trip, returnTo: string): string {
  try {
    window.sessionStorage.setItem(name, JSON.stringify(trip))
    return returnTo
  } catch {
    return returnTo.replace(
      /^([^?#]*)(\?[^#]*)?/,
      (_, path, query) => `${path}${query ? `${query}&` : '?'}authtrip=${trip.scope}`,
    )
  }
}

/** The trip this document is the end of, if it is one; afterwards there is no mark of it. */
export function endTrip(
  window: PageWindow,
  name: string,
  landingUrl: string,
  epochMs: number,
): Trip | undefined {
  try {
    const { sessionStorage } = window
    const text = sessionStorage.getItem(name)
    // Throws where storage can be read but not written, so that the mark in the address counts.
    sessionStorage.setItem(name, '')
    sessionStorage.removeItem(name)
    const trip = JSON.parse(text || '{}') as Trip
    const ageMs = epochMs - trip.startedAt
    return ageMs >= 0 && ageMs < MAX_AGE_MS ? trip : undefined
  } catch {
    const [, scope] = /[?&]authtrip=(\w+)/.exec(landingUrl) || []
    return scope ? { scope: scope as Trip['scope'], startedAt: epochMs } : undefined
  }
}
