import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogDestination } from '../../../server/observability/log-destination.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const full = () => Object.assign(new Error('EAGAIN'), { code: 'EAGAIN' })
const gone = () => Object.assign(new Error('EPIPE'), { code: 'EPIPE' })

/** A reader with room for some bytes. */
function start(room = Number.POSITIVE_INFINITY) {
  const writes: Buffer[] = []
  const reader = { room, failure: full }
  const destination = createLogDestination((bytes) => {
    if (reader.room === 0) throw reader.failure()
    const taken = bytes.subarray(0, reader.room)
    reader.room -= taken.length
    writes.push(Buffer.from(taken))
    return taken.length
  })
  return {
    destination,
    reader,
    writes: () => writes.map(String),
    read: () => Buffer.concat(writes).toString(),
  }
}

test('lines that come together are written together, in order', () => {
  const { destination, writes } = start()
  for (const line of ['a\n', 'b\n', 'c\n']) destination.write(line)
  expect(writes()).toEqual([])
  vi.runAllTimers()
  expect(writes()).toEqual(['a\nb\nc\n'])
  destination.write('d\n')
  vi.runAllTimers()
  expect(writes()).toEqual(['a\nb\nc\n', 'd\n'])
})

test('many lines do not wait', () => {
  const { destination, read } = start()
  for (let count = 0; count < 1_000; count++) destination.write(`${'x'.repeat(99)}\n`)
  expect(read().length).toBeGreaterThan(80_000)
})

test('what a full pipe does not take waits, and comes in order and whole', () => {
  const { destination, reader, read } = start(5)
  const lines = Array.from({ length: 2_000 }, (_, number) => `line ${number} 日志\n`)
  for (const line of lines) destination.write(line)
  vi.advanceTimersByTime(1_000)
  expect(Buffer.byteLength(read())).toBe(5)
  while (read().length < lines.join('').length) {
    reader.room = 4_099
    vi.advanceTimersByTime(20)
  }
  expect(read()).toBe(lines.join(''))
})

test('on the way out everything that waits is written', () => {
  const { destination, reader, read } = start(3)
  destination.write('first\n')
  vi.runOnlyPendingTimers()
  destination.write('last\n')
  reader.room = 100
  destination.flushSync()
  expect(read()).toBe('first\nlast\n')
})

test('a reader that is gone or stuck does not hold up the way out', () => {
  const stuck = start(0)
  stuck.destination.write('line\n')
  vi.useRealTimers()
  stuck.destination.flushSync()
  expect(stuck.read()).toBe('')
  const lost = start(0)
  lost.reader.failure = gone
  lost.destination.write('line\n')
  lost.destination.flushSync()
  lost.reader.room = 100
  lost.destination.write('nobody is there\n')
  lost.destination.flushSync()
  expect(lost.read()).toBe('')
})

test('while nobody reads only so much waits; the rest is counted, and the log says so afterwards', () => {
  const { destination, reader, read } = start(0)
  const line = `${'x'.repeat(999_999)}\n`
  for (let count = 0; count < 20; count++) destination.write(line)
  reader.room = Number.POSITIVE_INFINITY
  vi.runAllTimers()
  const lines = read().trim().split('\n')
  const told = JSON.parse(lines.at(-1) ?? '')
  expect(told).toMatchObject({ level: 'error', service: 'wx-h5-kit' })
  expect(lines.length - 1 + told.dropped).toBe(20)
  expect(told.dropped).toBeGreaterThan(2)
})
