const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const LOCAL_OFFSET_MINUTES = 8 * 60

// "Mar 9, 2026 7:54:44 PM"; newer Java puts a comma after the year and a narrow space before AM and PM.
const AMERICAN =
  /^(?<month>[A-Z][a-z]{2}) (?<day>\d{1,2}), (?<year>\d{4}),? (?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})[ \u00A0\u202F](?<half>[AP]M)$/
const NUMERIC =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[ T](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Reads a time as fans carry it: `Mar 9, 2026 7:54:44 PM`, `2025-03-09 19:54:46` or ISO 8601.
 *
 * A time without an offset is China's (UTC+8).
 *
 * @returns epoch milliseconds, or `undefined` when it is none of these or no such moment exists
 */
export function parseFanTime(text: string): number | undefined {
  const fields = (AMERICAN.exec(text) ?? NUMERIC.exec(text))?.groups
  if (fields === undefined) return undefined
  const month = MONTHS.indexOf(fields.month ?? '') + 1 || Number(fields.month)
  const hour = hourOf(fields.hour ?? '0', fields.half)
  const offset = offsetMinutes(fields.zone)
  if (hour === undefined || offset === undefined) return undefined
  const wanted = [
    Number(fields.year),
    month,
    Number(fields.day),
    hour,
    Number(fields.minute ?? 0),
    Number(fields.second ?? 0),
  ] as const
  const local = new Date(0)
  local.setUTCFullYear(wanted[0], wanted[1] - 1, wanted[2])
  local.setUTCHours(wanted[3], wanted[4], wanted[5], milliseconds(fields.fraction))
  const found = [
    local.getUTCFullYear(),
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ]
  // Date carries over what does not exist: 30 February would become 1 March.
  if (found.some((value, index) => value !== wanted[index])) return undefined
  return local.getTime() - offset * 60_000
}

/** Writes a time as the marketing platform does: `2026-03-09T11:54:44.000+0000`. */
export function formatFanTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000')
}

function hourOf(text: string, half: string | undefined): number | undefined {
  const hour = Number(text)
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half === 'PM' ? 12 : 0)
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return LOCAL_OFFSET_MINUTES
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'))
}
