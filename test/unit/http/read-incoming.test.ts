import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIncoming } from '../../../server/http/read-incoming.ts'

const arriving = (pieces: readonly Uint8Array[]) =>
  Readable.from(
    pieces.map((piece) => Buffer.from(piece)),
    { objectMode: false },
  ) as IncomingMessage

const bytes = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => new TextEncoder().encode(`\ufeff${text}`)),
  fc.uint8Array({ maxLength: 60 }),
)

test('however a body is cut into pieces, its text is what the web makes of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(fc.nat({ max: 60 }), { maxLength: 6 }), async (body, cuts) => {
      const ends = [...cuts.filter((cut) => cut < body.length), body.length].sort((a, b) => a - b)
      const pieces = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end))
      expect(await readIncoming(arriving(pieces), 1_000)).toBe(new TextDecoder().decode(body))
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['one piece', [101]],
  ['many pieces', [50, 50, 1]],
])('a body that is too long in %s is no text, and the rest is let go by', async (_title, sizes) => {
  const incoming = arriving([...sizes, 1_000].map((size) => Buffer.alloc(size, 'a')))
  const gone = once(incoming, 'end')
  expect(await readIncoming(incoming, 100)).toBeUndefined()
  await gone
})

test('exactly as long as allowed is not too long', async () => {
  expect(await readIncoming(arriving([Buffer.alloc(99, 'a'), Buffer.from('b')]), 100)).toBe(
    `${'a'.repeat(99)}b`,
  )
})

test.each([0, 1, 2])('a body that breaks off after %i pieces is no text', async (arrived) => {
  const incoming = new Readable({ read: () => undefined }) as IncomingMessage
  const reading = readIncoming(incoming, 100)
  for (let piece = 0; piece < arrived; piece++) incoming.push('a')
  setImmediate(() => incoming.destroy())
  await expect(reading).rejects.toThrow('The connection ended before the body did.')
})

test('a connection that is gone already is not waited for', async () => {
  const incoming = new Readable({ read: () => undefined }) as IncomingMessage
  incoming.destroy()
  await expect(readIncoming(incoming, 100)).rejects.toThrow('The connection ended before the body did.')
})
