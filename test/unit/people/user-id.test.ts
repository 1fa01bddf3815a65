import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createUserId } from '../../../server/people/user-id.ts'
import { systemRandom } from '../../../server/random.ts'

test('a user id has 18 digits and starts with 1 to 9, whatever the bytes are', () => {
  expect(createUserId(systemRandom)).toMatch(/^[1-9]\d{17}$/)
  fc.assert(
    fc.property(fc.infiniteStream(fc.uint8Array({ minLength: 36, maxLength: 36 })), (stream) => {
      const blocks = stream[Symbol.iterator]()
      let drawn = 0
      const random = () =>
        ++drawn > 20 ? Uint8Array.from(systemRandom(36)) : (blocks.next().value ?? new Uint8Array(36))
      expect(createUserId(random)).toMatch(/^[1-9]\d{17}$/)
    }),
  )
})

test('every digit is as likely as any other', () => {
  const counts = new Map<string, number>()
  const ids = Array.from({ length: 5_000 }, () => createUserId(systemRandom))
  for (const digit of ids.join('')) counts.set(digit, (counts.get(digit) ?? 0) + 1)
  // 90,000 digits: five standard deviations are about 450; the first digits never being 0 takes another 500 from it.
  for (const digit of '123456789') expect(Math.abs((counts.get(digit) ?? 0) - 9_050)).toBeLessThan(500)
  expect(new Set(ids).size).toBe(5_000)
})
