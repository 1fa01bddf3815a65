import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findUrlMistakes } from '../../../server/doctor/page-url-mistakes.ts'
import { pageUrlToSign } from '../../../server/jsapi/page-url.ts'

const allowed = new Set(['https://h5.example.com'])
const codes = (url: string) => findUrlMistakes(url, allowed).map(({ code }) => code)

test.each([
  ['https://h5.example.com/a?x=1&y=%E4%BD%A0', []],
  ['https://h5.example.com/a#/b', ['fragment']],
  ['https%3A%2F%2Fh5.example.com%2F', ['encoded']],
  ['h5.example.com/a', ['not_absolute']],
  ['/a', ['not_absolute']],
  ['https://h5.example.com/?x=%2520', ['encoded_twice']],
  ['https://h5.example.com/?a=1&amp;b=2', ['html_escaped']],
  ['https://h5.example.com/你', ['not_ascii']],
  ['https://h5.example.com', ['not_as_browsers_write']],
  ['https://H5.example.com/', ['not_as_browsers_write']],
  ['https://h5.example.com:443/', ['not_as_browsers_write']],
  ['https://h5.example.com:8443/', ['port', 'origin_not_allowed']],
  ['https://10.0.0.1/', ['ip_address', 'origin_not_allowed']],
  ['http://localhost:5173/', ['origin_not_allowed']],
  ['http://h5.example.com/', ['origin_not_allowed']],
  [`https://h5.example.com/${'x'.repeat(9_000)}`, ['too_long']],
])('%.60s has the mistakes %j', (url, expected) => {
  expect(codes(url)).toEqual(expected)
})

test('without a configuration no origin is a mistake', () => {
  expect(findUrlMistakes('https://anything.example/', undefined)).toEqual([])
})

test('every address that the service would not sign has a mistake', () => {
  const pieces = fc.constantFrom(
    'https://',
    'http:',
    '/',
    'h5.example.com',
    '%2f',
    ' ',
    '#',
    '@',
    '\\',
    ':',
    '1',
    '你',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const url = parts.join('')
      const refused = isRefused(url)
      if (refused) expect([url, codes(url).length]).not.toEqual([url, 0])
    }),
    { numRuns: 2_000 },
  )
})

function isRefused(url: string): boolean {
  try {
    pageUrlToSign(url, allowed)
    return false
  } catch {
    return true
  }
}
