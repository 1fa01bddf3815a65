import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAddressCounts } from '../../../server/http/address-counts.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const rule = { points: 3, perSeconds: 60 }

test('an address may ask so often in a window, which begins with its first request', async () => {
  const clock = createManualClock()
  const counts = createAddressCounts(rule, clock)
  expect([1, 2, 3].map(() => counts.take('one'))).toEqual([0, 0, 0])
  await clock.advance(20_000)
  expect(counts.take('one')).toBe(40_000)
  expect(counts.take('other')).toBe(0)
  await clock.advance(40_000)
  expect(counts.take('one')).toBe(0)
})

test('counts as a plain list of windows would, whoever asks when', async () => {
  const steps = fc.array(
    fc.record({ address: fc.constantFrom('a', 'b', 'c'), pauseMs: fc.nat({ max: 40_000 }) }),
    { maxLength: 60 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      const clock = createManualClock()
      const counts = createAddressCounts(rule, clock)
      const windows = new Map<string, { count: number; endsAt: number }>()
      for (const { address, pauseMs } of asked) {
        await clock.advance(pauseMs)
        const now = clock.monotonic()
        let window = windows.get(address)
        if (window === undefined || window.endsAt <= now) window = { count: 0, endsAt: now + 60_000 }
        window.count++
        windows.set(address, window)
        expect(counts.take(address)).toBe(window.count > 3 ? window.endsAt - now : 0)
      }
    }),
    { numRuns: 50 },
  )
})

test('a million addresses in one window are forgotten in time, and the latest still count', () => {
  const counts = createAddressCounts(rule, createManualClock())
  let most = 0
  for (let address = 0; address < 1_000_000; address++) {
    counts.take(`2001:db8:${address}`)
    if (counts.size > most) most = counts.size
  }
  expect(most).toBe(100_000)
  expect([2, 3, 4].map(() => counts.take('2001:db8:999999') > 0)).toEqual([false, false, true])
})

test('when nobody has asked for two windows, nothing of before is kept', async () => {
  const clock = createManualClock()
  const counts = createAddressCounts(rule, clock)
  for (let address = 0; address < 1_000; address++) counts.take(String(address))
  await clock.advance(120_000)
  counts.take('later')
  expect(counts.size).toBe(1)
})
