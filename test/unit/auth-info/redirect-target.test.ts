import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildLandingUrl } from '../../../server/auth-info/landing-url.ts'
import {
  MAX_REDIRECT_LENGTH,
  readAllowedRedirects,
  readRedirectTarget,
} from '../../../server/auth-info/redirect-target.ts'
import { hostileTargets } from './hostile-targets.ts'

const allowed = readAllowedRedirects([
  'https://h5.example.com',
  'http://mem.example.com/mp3',
  'https://例子.测试',
])

test('R1–R7 refuse every hostile target, more than 200 of them', () => {
  const targets = [...new Set(hostileTargets())]
  const accepted = targets.filter((target) => readRedirectTarget(target, allowed).url !== undefined)
  expect(accepted).toEqual([])
  expect(targets.length).toBeGreaterThan(200)
})

test.each([
  'https://h5.example.com',
  'https://h5.example.com/',
  'https://h5.example.com:443/a',
  'HTTPS://H5.EXAMPLE.COM/A?b=C#d',
  'https://h5.example.com/a/../b',
  'https://h5.example.com/?next=https://evil.example/&x=%2e%2e',
  'https://h5.example.com/#/route?openid=1',
  'http://mem.example.com/mp3',
  'http://mem.example.com/mp3/',
  'http://mem.example.com:80/mp3/a?b#c',
  'http://mem.example.com/mp3?x=1',
  'http://mem.example.com/mp3/a/../b',
  'http://mem.example.com/mp3/%2e/b',
  'http://mem.example.com/a/../mp3/x',
  'http://mem.example.com/mp3/%E4%BD%A0%E5%A5%BD',
  'https://例子.测试/页面',
  'https://xn--fsqu00a.xn--0zwm56d/',
])('R5, R6 accept %s', (target) => {
  expect(readRedirectTarget(target, allowed).url?.href).toBe(new URL(target).href)
})

test('R7 takes 2,048 characters and refuses 16,385', () => {
  const long = (length: number) => 'https://h5.example.com/'.padEnd(length, 'a')
  expect(readRedirectTarget(long(2_048), allowed).url).toBeDefined()
  expect(readRedirectTarget(long(MAX_REDIRECT_LENGTH + 1), allowed).problem).toBe('too_long')
  expect(MAX_REDIRECT_LENGTH).toBeLessThanOrEqual(16_384)
})

test('R6 holds for whatever path: what is accepted lies below the prefix for every reader', () => {
  const piece = fc.constantFrom(
    '/',
    '..',
    '.',
    'mp3',
    'a',
    '%2e',
    '%2f',
    '%5c',
    '%252e',
    '%252f',
    '%25',
    'mp',
    '3',
    '?',
    '#',
    '%6d',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const target = readRedirectTarget(`http://mem.example.com/${pieces.join('')}`, allowed)
      if (target.url === undefined) return
      let path = target.url.pathname
      for (let round = 0; round < 12; round++) {
        const resolved = new URL(path.replaceAll('\\', '/').replace(/^\/*/, '/'), 'http://mem.example.com')
          .pathname
        expect(`${resolved}/`).toMatch(/^\/mp3\//)
        path = path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        )
        path = path.split(/[?#]/)[0] ?? ''
      }
    }),
    { numRuns: 5_000 },
  )
})

const identity = {
  portid: '4',
  appid: 'wx0123456789abcdef',
  openid: 'oAAAAAAA',
  userid: '518203947716250413',
  unionid: undefined,
}
const tail = 'portid=4&appid=wx0123456789abcdef&openid=oAAAAAAA&userid=518203947716250413'

test.each([
  ['https://h5.example.com', `https://h5.example.com/?${tail}`],
  ['https://h5.example.com/a?', `https://h5.example.com/a?${tail}`],
  ['https://h5.example.com/a#/route', `https://h5.example.com/a?${tail}#/route`],
  ['https://h5.example.com/a#', `https://h5.example.com/a?${tail}#`],
  ['https://h5.example.com/a?#x?y=1', `https://h5.example.com/a?${tail}#x?y=1`],
  [
    'https://h5.example.com/a?x=1&y=%2F%2f&&z&=&x=1',
    `https://h5.example.com/a?x=1&y=%2F%2f&&z&=&x=1&${tail}`,
  ],
  ['https://h5.example.com/?q=你好 '.trim(), `https://h5.example.com/?q=%E4%BD%A0%E5%A5%BD&${tail}`],
  [
    'https://h5.example.com/?openid=evil&a=1&OpenID=evil&%6fpenid=evil&userid=1&UNIONID=x&portid=2&appid=wx',
    `https://h5.example.com/?a=1&${tail}`,
  ],
  ['https://h5.example.com/?openid', `https://h5.example.com/?${tail}`],
  [
    'https://h5.example.com/?myopenid=1&openid2=2&open+id=3',
    `https://h5.example.com/?myopenid=1&openid2=2&open+id=3&${tail}`,
  ],
  ['https://h5.example.com/?ticket=somebodys', `https://h5.example.com/?${tail}`],
  ['https://h5.example.com/#?openid=evil', `https://h5.example.com/?${tail}#?openid=evil`],
])('R8 lands %s on our parameters, once, and leaves the others as they are', (target, landing) => {
  expect(buildLandingUrl(new URL(target), identity)).toBe(landing)
})
