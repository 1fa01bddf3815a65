const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000

/** The number of WeChat's day at this moment: its quotas begin anew at midnight in Shanghai. */
export function dayOf(now: number): number {
  return Math.floor((now + SHANGHAI_MS) / DAY_MS)
}
