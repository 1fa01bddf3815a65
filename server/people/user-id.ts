import type { RandomBytes } from '../random.ts'

const LENGTH = 18
// The largest multiple of ten below 256: a byte from there on would favour the small digits.
const LIMIT = 250

/** A new id of a unified user: 18 random digits, the first one not 0, to be kept as text. */
export function createUserId(random: RandomBytes): string {
  let digits = ''
  while (digits.length < LENGTH) {
    for (const byte of random(LENGTH * 2)) {
      const digit = byte % 10
      if (byte >= LIMIT || digits.length === LENGTH || (digits === '' && digit === 0)) continue
      digits += digit
    }
  }
  return digits
}
