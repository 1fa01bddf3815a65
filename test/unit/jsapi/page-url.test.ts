import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_URL_LENGTH, pageUrlToSign, readOrigins } from '../../../server/jsapi/page-url.ts'
import { readWebAddress } from '../../../server/web-address.ts'

const origins = readOrigins(['https://h5.example.com', 'http://127.0.0.1:5173', 'https://例子.测试'])

function codeOf(url: string): string | undefined {
  try {
    pageUrlToSign(url, origins)
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  }
}

test.each([
  'https://h5.example.com',
  'https://h5.example.com/',
  'https://h5.example.com?params=value',
  'https://h5.example.com:443/a',
  'HTTPS://H5.Example.COM/A',
  'https://h5.example.com/%E8%AE%A2%E5%8D%95?a=%2f&b=%2F&amp;c=1',
  'https://h5.example.com/订单?名=值',
  'https://h5.example.com/?code=011&state=1&from=singlemessage&isappinstalled=0',
  'https://h5.example.com/a/../b//c/?',
  'https://h5.example.com/path@with-at?next=https://evil.example/',
  'http://127.0.0.1:5173/index.html',
  'https://例子.测试/页面',
  'https://xn--fsqu00a.xn--0zwm56d/页面',
])('S2 signs %s byte for byte', (url) => {
  expect(pageUrlToSign(url, origins)).toBe(url)
})

test.each([
  ['https://h5.example.com/#/home', 'https://h5.example.com/'],
  ['https://h5.example.com/?a=1#x#y', 'https://h5.example.com/?a=1'],
  ['https://h5.example.com#', 'https://h5.example.com'],
  ['https://h5.example.com/#\u0000 \\', 'https://h5.example.com/'],
])('S2 stops at the first #: %s', (received, signed) => {
  expect(pageUrlToSign(received, origins)).toBe(signed)
})

test.each([
  ['', 'invalid_url'],
  ['#', 'invalid_url'],
  ['/relative', 'invalid_url'],
  ['//h5.example.com/', 'invalid_url'],
  ['https:/h5.example.com/', 'invalid_url'],
  ['https:///h5.example.com/', 'invalid_url'],
  ['https:h5.example.com/', 'invalid_url'],
  ['ftp://h5.example.com/', 'invalid_url'],
  ['javascript:alert(1)', 'invalid_url'],
  ['data:text/html,x', 'invalid_url'],
  [' https://h5.example.com/', 'invalid_url'],
  ['https://h5.example.com/ a', 'invalid_url'],
  ['https://h5.example.com/\ta', 'invalid_url'],
  ['https://h5.example.com/\r\nSet-Cookie:a', 'invalid_url'],
  ['https://h5.example.com\\@evil.example/', 'invalid_url'],
  ['https://h5.example.com/\u0085', 'invalid_url'],
  ['https://h5.example.com/\u2028', 'invalid_url'],
  ['https://h5.example.com/\ufeff', 'invalid_url'],
  ['https://h5.example.com/\ufffd', 'invalid_url'],
  ['https://h5.example.com/\ud800', 'invalid_url'],
  ['https://user@h5.example.com/', 'invalid_url'],
  ['https://h5.example.com@evil.example/', 'invalid_url'],
  ['https://:@h5.example.com/', 'invalid_url'],
  ['https://ｈ5.example.com/', 'invalid_url'],
  ['https://h5。example.com/', 'invalid_url'],
  ['https://h5%2eexample.com/', 'invalid_url'],
  ['https://h5.exa\u00admple.com/', 'invalid_url'],
  ['https://h5.example.com./', 'invalid_url'],
  ['https://h5.example.\u212Aom/', 'invalid_url'],
  ['http://2130706433:5173/', 'invalid_url'],
  ['http://0x7f.0.0.1:5173/', 'invalid_url'],
  ['http://127.1:5173/', 'invalid_url'],
  ['http://0177.0.0.1:5173/', 'invalid_url'],
  ['https://h5.example.com:99999/', 'invalid_url'],
  ['https://h5.example.com:a/', 'invalid_url'],
  ['https://[h5.example.com]/', 'invalid_url'],
  ['https://', 'invalid_url'],
  ['https://?a', 'invalid_url'],
])('S1 refuses %j', (url, code) => {
  expect(codeOf(url)).toBe(code)
})

test.each([
  'http://h5.example.com/',
  'https://h5.example.com:8443/',
  'https://example.com/',
  'https://a.h5.example.com/',
  'https://h5.example.com.evil.example/',
  'https://evilh5.example.com/',
  'https://h5.example.co/',
  'https://h5-example.com/',
  'http://127.0.0.1/',
  'http://127.0.0.1:5174/',
  'http://localhost:5173/',
  'http://[::1]:5173/',
  'https://evil.example/?https://h5.example.com/',
  'https://evil.example/https://h5.example.com',
  'https://h5_example.com/',
  'https://h5.example.com:80/',
  'http://h5.example.com:443/',
  'https://H5.EXAMPLE.COM.CN/',
  'https://evil.example#@h5.example.com/',
])('R5 refuses the foreign origin of %s', (url) => {
  expect(codeOf(url)).toBe('origin_not_allowed')
})

test('S3 takes 2,048 characters and refuses 16,385', () => {
  const long = (length: number) => `https://h5.example.com/?${'a'.repeat(length)}`.slice(0, length)
  expect(pageUrlToSign(long(2_048), origins)).toHaveLength(2_048)
  expect(pageUrlToSign(long(MAX_URL_LENGTH), origins)).toHaveLength(MAX_URL_LENGTH)
  expect(codeOf(long(MAX_URL_LENGTH + 1))).toBe('url_too_long')
  expect(MAX_URL_LENGTH).toBeGreaterThanOrEqual(2_048)
  expect(MAX_URL_LENGTH).toBeLessThanOrEqual(16_384)
})

test('an origin that is refused is named together with the key that allows it', () => {
  expect(() => pageUrlToSign('https://evil.example/', origins)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('https://evil.example'),
      hint: expect.stringContaining('pageOrigins'),
    }),
  )
})

test('whatever is signed is a prefix of what was received, and the URL parser sees an allowed origin in it', () => {
  const pieces = fc.constantFrom(
    'https://',
    'http://',
    'h5.example.com',
    'evil.example',
    '@',
    ':',
    '/',
    '\\',
    '#',
    '?',
    '.',
    '%2e',
    '127.0.0.1',
    ':5173',
    '\u00ad',
    '。',
    ' ',
    'a',
    '[',
    ']',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 12 }), (parts) => {
      const received = parts.join('')
      let signed: string
      try {
        signed = pageUrlToSign(received, origins)
      } catch {
        return
      }
      expect(received.startsWith(signed)).toBe(true)
      expect(received.slice(signed.length, signed.length + 1)).toMatch(/^#?$/)
      expect(signed).not.toContain('#')
      expect(origins.has(new URL(signed).origin)).toBe(true)
      expect(new URL(signed).username).toBe('')
    }),
    { numRuns: 5_000 },
  )
})

test('a page of an allowed origin is always signed as it is, whatever its path and query', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.webQueryParameters(), fc.webFragments(), (path, query, fragment) => {
      const page = `https://h5.example.com${path.startsWith('/') ? path : `/${path}`}?${query}`
      expect(pageUrlToSign(`${page}#${fragment}`, origins)).toBe(page)
    }),
  )
})

const piece = fc.oneof(
  fc.constantFrom(
    'https://',
    'http://',
    'HTTPS://',
    'https:/',
    '//',
    '@',
    ':',
    ':443',
    ':5173',
    '.',
    '%2e',
    '\\',
    '?',
    '/',
    '#',
  ),
  fc.constantFrom(
    'h5.example.com',
    'H5.example.com',
    '127.0.0.1',
    'evil.example',
    '[::1]',
    'xn--fsqu00a.xn--0zwm56d',
    '例子.测试',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
const character = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)),
  fc.constantFrom('\u0085', '\u00ad', '\u2028', '\ufeff', '\ufffd', '\ud800', '单'),
)
const addresses = fc.oneof(
  fc
    .tuple(fc.constantFrom(...origins), fc.string({ unit: character, maxLength: 4 }))
    .map(([origin, rest]) => `${origin}/${rest}`),
  fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
  fc
    .tuple(
      fc.constantFrom(...origins, 'https://h5.example.com.', 'http://[::1]:5173'),
      fc.array(piece, { maxLength: 5 }),
    )
    .map(([origin, pieces]) => origin + pieces.join('')),
  fc
    .tuple(fc.constantFrom(...origins), fc.webPath(), fc.webQueryParameters())
    .map(([origin, path, query]) => `${origin}${path}?${query}`),
)

test('an address that needs no parsing is judged as if it had been parsed', () => {
  // Dots at the end and brackets are where a list of texts and a parser could part.
  const allowed = new Set([...origins, 'https://h5.example.com.', 'http://[::1]:5173'])
  fc.assert(
    fc.property(addresses, (text) => {
      const page = text.split('#')[0] ?? ''
      const parsed = readWebAddress(page)
      const expected = parsed.problem === undefined && allowed.has(parsed.url.origin) ? page : undefined
      let signed: string | undefined
      try {
        signed = pageUrlToSign(text, allowed)
      } catch {
        signed = undefined
      }
      expect(signed).toBe(expected)
    }),
    { numRuns: 5_000 },
  )
})
