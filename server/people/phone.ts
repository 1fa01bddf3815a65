const MAINLAND = /^1[3-9]\d{9}$/
const PREFIXED_MAINLAND = /^(?:\+|00)?86(1[3-9]\d{9})$/
const E164 = /^\+(?!86)[1-9]\d{6,14}$/
const SEPARATORS = /[\s\-‐-―().·]/g

/**
 * The one way a phone number is written (E.164), however people wrote it: `138 0013-8000` is `+8613800138000`.
 *
 * Eleven digits without a country code are mainland China; every other country needs its `+`.
 *
 * @returns `undefined` when it is no phone number
 */
export function normalizePhone(text: string): string | undefined {
  if (text.length > 40) return undefined
  const compact = text.normalize('NFKC').replace(SEPARATORS, '')
  if (MAINLAND.test(compact)) return `+86${compact}`
  const mainland = PREFIXED_MAINLAND.exec(compact)?.[1]
  if (mainland !== undefined) return `+86${mainland}`
  return E164.test(compact) ? compact : undefined
}

/** A normalized number as people read it: mainland numbers without the country code. */
export function showPhone(normalized: string): string {
  return normalized.startsWith('+86') ? normalized.slice(3) : normalized
}

/** The same with its middle hidden: `138****8000`, `+12****01`. */
export function maskPhone(normalized: string): string {
  const shown = showPhone(normalized)
  return `${shown.slice(0, 3)}****${shown.slice(MAINLAND.test(shown) ? -4 : -2)}`
}
