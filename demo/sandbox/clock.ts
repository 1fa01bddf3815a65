import type { SandboxClock } from './types.ts'

const LATEST = Date.UTC(9999, 11, 31)

/**
 * A clock that runs like the one below it and can be moved.
 *
 * @throws {RangeError} from `advance` and `set` when the time would leave the years 1970 to 9999.
 * @example
 * const clock = createClock(Date.now)
 * clock.advance(7_200_000)
 */
export function createClock(base: () => number): SandboxClock {
  let offsetMs = 0
  const moveTo = (toMs: number, baseMs: number): void => {
    if (!(toMs >= 0 && toMs <= LATEST)) {
      throw new RangeError(
        `The sandbox clock was asked to go to ${toMs}; give milliseconds that lead to a time from 1970 to 9999.`,
      )
    }
    offsetMs = toMs - baseMs
  }
  return {
    now: () => base() + offsetMs,
    advance(ms) {
      const baseMs = base()
      moveTo(baseMs + offsetMs + ms, baseMs)
    },
    set: (ms) => moveTo(ms, base()),
    get offsetMs() {
      return offsetMs
    },
  }
}
