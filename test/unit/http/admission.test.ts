import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Admission,
  everythingIn,
  type LoopSample,
  nextAdmission,
} from '../../../server/http/admission.ts'

const onTime: LoopSample = { lateMs: 3, elapsedMs: 103 }
const late: LoopSample = { lateMs: 400, elapsedMs: 500 }

const after = (samples: readonly LoopSample[], start = everythingIn): Admission =>
  samples.reduce(nextAdmission, start)
const times = (count: number, sample: LoopSample): LoopSample[] => new Array<LoopSample>(count).fill(sample)

test('a process in time lets everything in, for ever', () => {
  expect(after(times(1_000, onTime))).toEqual(everythingIn)
})

test('a burst that is worked off, a long stall, and a machine that slept refuse nobody', () => {
  expect(after([...times(2, late), onTime]).share).toBe(1)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400_000 }), (lateMs) => {
      expect(after([onTime, { lateMs, elapsedMs: lateMs + 100 }, onTime])).toEqual(everythingIn)
    }),
  )
})

test('a loop that stays late refuses more and more, and never quite everything', () => {
  const shares = [1, 2, 3, 4, 5, 50].map((count) => after(times(count, late)).share)
  expect(shares).toEqual([1, 1, 0.7, 0.7 ** 2, expect.closeTo(0.7 ** 3), 0.05])
})

test('once in time again, everything is let in within two seconds, and not at once', () => {
  const overloaded = after(times(50, late))
  expect(after([onTime], overloaded).share).toBeLessThan(0.2)
  expect(after(times(20, onTime), overloaded)).toEqual(everythingIn)
})

test('coming late again while recovering is answered without patience', () => {
  const recovering = after([...times(50, late), ...times(5, onTime)])
  expect(after([late], recovering).share).toBeCloseTo(recovering.share * 0.7)
})

test('whatever the loop does, the share stays between a twentieth and everything', () => {
  const samples = fc.array(
    fc.record({
      lateMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
      elapsedMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
    }),
  )
  fc.assert(
    fc.property(samples, (all) => {
      const { share } = after(all)
      expect(share).toBeGreaterThanOrEqual(0.05)
      expect(share).toBeLessThanOrEqual(1)
    }),
  )
})
