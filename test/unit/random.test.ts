import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandomText } from '../../server/random.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

test('every drawn byte is used once and in order, and those that would favour a letter not at all', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 600 }), (length, texts) => {
      const drawn: number[] = []
      const newText = createRandomText((size) => {
        const bytes = randomBytes(size)
        drawn.push(...bytes)
        return bytes
      }, length)
      const text = Array.from({ length: texts }, newText).join('')
      expect(text).toHaveLength(length * texts)
      const fair = drawn.filter((byte) => byte < 248).map((byte) => alphabet[byte % 62])
      expect(fair.join('').startsWith(text)).toBe(true)
    }),
    { numRuns: 50 },
  )
})
