import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonReply } from '../../../server/http/reply.ts'
import { plainFields, signatureFields } from '../../../server/jsapi/signature-fields.ts'
import { signatureReply } from '../../../server/jsapi/signature-reply.ts'

const values = fc.oneof(
  fc.string(),
  fc.constantFrom(undefined, null, '', 0, true, [], {}, 'x'.repeat(64), 'x'.repeat(65)),
  fc.jsonValue(),
)
const bodies = fc.oneof(
  { weight: 5, arbitrary: fc.record({ url: values, appId: values, more: values }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.record({ url: fc.string() }, { noNullPrototype: false }) },
)

test('what is read without the schema is what the schema reads', () => {
  let read = 0
  fc.assert(
    fc.property(bodies, (body) => {
      const fields = plainFields(body)
      if (fields === undefined) return
      read++
      expect(signatureFields.safeParse(body)).toEqual({ success: true, data: fields })
    }),
    { numRuns: 2_000 },
  )
  expect(read).toBeGreaterThan(100)
})

test.each([
  [{ url: 'https://h5.example.com/' }],
  [{ url: 'https://h5.example.com/', appId: 'wx0123456789abcdef' }],
  [{ url: 'https://h5.example.com/', appId: '', more: 1 }],
])('an ordinary body needs no schema: %j', (body) => {
  expect(plainFields(body)).toBeDefined()
})

test('an answer put together by hand is the one of JSON.stringify, whatever is in account and url', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (appId, url) => {
      const signature = {
        appId,
        timestamp: 1_414_587_457,
        nonceStr: 'Wm3WZYTPz0wzccnW',
        signature: '0f9d',
        url,
      }
      expect(signatureReply(signature)).toEqual(jsonReply(signature))
    }),
  )
})
