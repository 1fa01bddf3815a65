/** How much of what arrives is let in. */
export interface Admission {
  /** 1 lets everything in, 0.1 every tenth request. */
  readonly share: number
  /** For how long, without a break, the event loop has been late; a single long stall counts as 500 ms. */
  readonly lateForMs: number
}

/** One look at the event loop. */
export interface LoopSample {
  /** How late a timer fired: about as long as a request waits before anybody looks at it. */
  readonly lateMs: number
  /** Time since the sample before. */
  readonly elapsedMs: number
}

/** Lateness up to this is normal: a burst, a garbage collection. */
const TOLERATED_MS = 250
/** A burst is worked off within this time; what lasts longer is more than we can do. */
const PATIENCE_MS = 1_500
/** A machine that slept, or one long stall, is no overload. */
const LONGEST_SAMPLE_MS = 500
const LESS = 0.7
const LEAST_SHARE = 0.05
const MORE_PER_SECOND = 0.5

export const everythingIn: Admission = { share: 1, lateForMs: 0 }

/**
 * Judges by how late the event loop is, because that is what people wait for, whatever the machine can do.
 *
 * Only lateness that lasts is answered, as CoDel does with queues: everything in a burst is answered, and what comes
 * on top of a standing queue is refused early. The share falls quickly and comes back slowly, so that clients who
 * return all at once do not bring the queue back.
 */
export function nextAdmission(now: Admission, { lateMs, elapsedMs }: LoopSample): Admission {
  if (lateMs <= TOLERATED_MS) {
    return { share: Math.min(1, now.share + (MORE_PER_SECOND * elapsedMs) / 1_000), lateForMs: 0 }
  }
  const lateForMs = now.lateForMs + Math.min(elapsedMs, LONGEST_SAMPLE_MS)
  if (now.share === 1 && lateForMs < PATIENCE_MS) return { share: 1, lateForMs }
  return { share: Math.max(LEAST_SHARE, now.share * LESS), lateForMs }
}
