import type { Clock } from '../clock.ts'
import type { Credential } from './credential.ts'

/** A credential with its end on both clocks. */
export interface Life {
  readonly credential: Credential
  readonly endsAtMonotonic: number
  /** How long before its end a refresh is due, in milliseconds. */
  readonly aheadMs: number
}

// WeChat hands out the same stable token until its last five minutes, so asking earlier brings nothing new.
const AHEAD_MS = 270_000
const JITTER_MS = 60_000

/**
 * Starts the life of a credential that WeChat has just issued or a store has kept.
 *
 * A refresh is due 210 to 270 s before the end (jittered, so that replicas do not meet), or after half of a life
 * that is shorter than nine minutes: `cgi-bin/stable_token` may hand out 300 s.
 */
export function beginLife(credential: Credential, clock: Clock, fraction: number): Life {
  const wholeMs = credential.expiresAt - credential.obtainedAt
  // A credential "obtained in the future" was stored under a wrong clock; it cannot live longer than a whole life.
  const leftMs = Math.min(credential.expiresAt - clock.now(), wholeMs)
  return {
    credential,
    endsAtMonotonic: clock.monotonic() + leftMs,
    aheadMs: Math.min(AHEAD_MS - JITTER_MS * fraction, wholeMs / 2),
  }
}

/**
 * Milliseconds until the end, by whichever clock says less: the wall clock may be set back by an hour, the
 * monotonic one stands still while a machine sleeps.
 */
export function leftOf(life: Life, clock: Clock): number {
  return Math.min(life.endsAtMonotonic - clock.monotonic(), life.credential.expiresAt - clock.now())
}
