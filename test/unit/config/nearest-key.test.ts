import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adviseUnknownKey, editDistance } from '../../../server/config/nearest-key.ts'

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['acounts', 'accounts', 1],
])('from %j to %j are %i edits', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance)
})

test('the distance is symmetric, zero only for equal texts, and never more than the longer text', () => {
  const text = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(text, text, text, (one, two, three) => {
      const distance = editDistance(one, two)
      expect(distance).toBe(editDistance(two, one))
      expect(distance === 0).toBe(one === two)
      expect(distance).toBeLessThanOrEqual(Math.max(one.length, two.length))
      expect(editDistance(one, three)).toBeLessThanOrEqual(distance + editDistance(two, three))
    }),
  )
})

test('a key of 100 kB is compared quickly enough to be listed', () => {
  expect(adviseUnknownKey('accounts[]', 'a'.repeat(100_000)).likely).toBe(false)
})
