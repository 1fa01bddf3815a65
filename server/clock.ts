import { setTimeout as delay } from 'node:timers/promises'

/** Everything the service knows about time, handed in so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock, which may be wrong and may jump. */
  now(): number
  /** Milliseconds that only ever grow; no meaning outside this process. */
  monotonic(): number
  sleep(ms: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => delay(ms, undefined, { ref: false }),
}
