import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareSignature, textToHash } from '../../../server/doctor/compare-signature.ts'
import { sha1 } from '../../../server/sha1.ts'

const parts = { ticket: 'T', nonceStr: 'n', timestamp: '1414587457' }
const page = 'https://h5.example.com/a?x=1&y=2'
const signed = (url: string): string => sha1(textToHash({ ...parts, url }))

test.each([
  ['https://h5.example.com/a?x=1&y=2#/z', 'https://h5.example.com/a?x=1&y=2#/z', 'with the fragment'],
  [page, 'https://h5.example.com/a', 'without the query'],
  [page, encodeURIComponent(page), 'encoded with encodeURIComponent'],
  ['https://h5.example.com/%E4%BD%A0', 'https://h5.example.com/你', 'decoded once more'],
  ['https://h5.example.com/你', 'https://h5.example.com/%E4%BD%A0', 'encoded with encodeURI'],
  ['https://h5.example.com', 'https://h5.example.com/', 'as a browser writes it'],
  [page, page.replace('https', 'http'), 'with http in place of https'],
  [page.replace('https', 'http'), page, 'with https in place of http'],
  [page, 'https://h5.example.com/a/?x=1&y=2', 'with a slash at the end of the path'],
  [
    'https://h5.example.com/a/?x=1',
    'https://h5.example.com/a?x=1',
    'without the slash at the end of the path',
  ],
  [page, page.replace('&', '&amp;'), 'with &amp; in place of &'],
  [page, 'https://h5.example.com/a?x=1', 'up to the first &'],
  ['https://h5.example.com/a?x=1&code=0c&state=s', 'https://h5.example.com/a?x=1', 'without code and state'],
  [page, 'https://h5.example.com/', 'of the root of the site'],
])('%s signed as %s is "%s"', (received, other, variant) => {
  const url = received.split('#', 1)[0] ?? ''
  expect(compareSignature(received, { ...parts, url }, signed(other))).toMatchObject({
    result: 'variant',
    variant,
    url: other,
    firstDifference: expect.any(Number),
  })
})

test('other spellings of the text are found too', () => {
  const text = textToHash({ ...parts, url: page })
  const compared = (signature: string) => compareSignature(page, { ...parts, url: page }, signature)
  expect(compared(sha1(text))).toEqual({ result: 'same' })
  expect(compared(sha1(text).toUpperCase())).toMatchObject({ variant: 'in upper case' })
  expect(compared(sha1(text.replace('1414587457', '1414587457000')))).toMatchObject({
    variant: 'with the timestamp in milliseconds',
  })
  expect(compared(sha1(text.replace('noncestr', 'nonceStr')))).toMatchObject({
    variant: 'with nonceStr in place of noncestr',
  })
  expect(compared(sha1(text.replace('=T&', '=U&')))).toEqual({ result: 'unknown' })
})

test('whatever the address is: what was signed right is the same, and anything else is not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (url, other) => {
      const full = { ...parts, url }
      expect(compareSignature(url, full, sha1(textToHash(full)))).toEqual({ result: 'same' })
      expect(compareSignature(url, full, sha1(`${other}!`)).result).toBe('unknown')
    }),
  )
})
