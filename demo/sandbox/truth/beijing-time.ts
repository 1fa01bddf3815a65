const BEIJING_OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

/** Number of the day in Beijing: WeChat's daily limits start again at 00:00 there. */
export function beijingDay(atMs: number): number {
  return Math.floor((atMs + BEIJING_OFFSET_MS) / DAY_MS)
}

/** `2026-09`: WeChat's monthly limits. */
export function beijingMonth(atMs: number): string {
  return new Date(atMs + BEIJING_OFFSET_MS).toISOString().slice(0, 7)
}

/** `20191204 15:50:27`, as the developer tools print it. */
export function beijingStamp(atMs: number): string {
  const iso = new Date(atMs + BEIJING_OFFSET_MS).toISOString()
  return `${iso.slice(0, 10).replaceAll('-', '')} ${iso.slice(11, 19)}`
}
