import type { Clock } from '../clock.ts'

const DAY_MS = 86_400_000

export interface Budget {
  /** Whether one would be granted now. */
  open(): boolean
  /** Takes one, if it is granted. */
  take(): boolean
}

/** Grants at most one every `gapMs` and `perDay` in any 24 hours: what WeChat counts is spent like money. */
export function createBudget(
  limits: { readonly gapMs: number; readonly perDay: number },
  clock: Pick<Clock, 'monotonic'>,
): Budget {
  let granted: number[] = []
  function open(): boolean {
    const now = clock.monotonic()
    granted = granted.filter((at) => now - at < DAY_MS)
    const last = granted.at(-1)
    return granted.length < limits.perDay && (last === undefined || now - last >= limits.gapMs)
  }
  return {
    open,
    take() {
      if (!open()) return false
      granted.push(clock.monotonic())
      return true
    },
  }
}
