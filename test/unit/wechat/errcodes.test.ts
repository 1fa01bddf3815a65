import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  explainErrcode,
  hintFor,
  knownErrcodes,
  readRefusedAddress,
} from '../../../server/wechat/errcodes.ts'

// Every code of the fact sheet, section 3.6.
const documented = [
  -1, 0, 40001, 40002, 40003, 40007, 40013, 40014, 40018, 40029, 40030, 40032, 40036, 40037, 40048, 40050,
  40051, 40052, 40053, 40066, 40097, 40125, 40152, 40163, 40164, 40243, 41001, 41002, 41003, 41004, 41005,
  41006, 41008, 41009, 42001, 42002, 42003, 42007, 43001, 43002, 43003, 43004, 43019, 43100, 44002, 44004,
  45002, 45008, 45009, 45011, 45015, 45029, 45035, 45047, 46003, 47001, 47003, 48001, 48002, 48004, 48006,
  50001, 50002, 61004, 61024, 61450, 61452, 61500, 61501, 76003,
]

test('every documented code has its own explanation in both languages', () => {
  for (const errcode of documented) {
    const { name, hint } = explainErrcode(errcode)
    expect(name, String(errcode)).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(name, String(errcode)).not.toBe('unknown')
    expect(hint.en, String(errcode)).toMatch(/^[A-Za-z].+\.$/)
    expect(hint.zh, String(errcode)).toMatch(/\p{Script=Han}.*。$/u)
  }
})

test('no code is in two tables', () => {
  expect(new Set(knownErrcodes).size).toBe(knownErrcodes.length)
})

test('only a wrong or expired access_token is answered with a new one', () => {
  const refreshed = knownErrcodes.filter((errcode) => explainErrcode(errcode).retry === 'refresh_token')
  expect(refreshed).toEqual([40001, 40014, 42001])
})

test('hopeless codes are never retried, busy backs off, quotas wait', () => {
  for (const errcode of [40013, 40125, 40164, 40243, 48001])
    expect(explainErrcode(errcode).retry).toBe('never')
  expect(explainErrcode(-1).retry).toBe('backoff')
  for (const errcode of [45009, 45011, 48006]) expect(explainErrcode(errcode).retry).toBe('later')
})

test('hints name the configuration key and the variable to change', () => {
  for (const language of ['en', 'zh'] as const) {
    expect(hintFor(40013, '')[language]).toMatch(/accounts\[\]\.appId.*WX_APP_ID/)
    expect(hintFor(40125, '')[language]).toMatch(/accounts\[\]\.appSecret.*WX_APP_SECRET/)
    expect(hintFor(40001, '')[language]).toMatch(/accounts\[\]\.appSecret/)
  }
  expect(hintFor(45009, '').en).toMatch(/midnight, China time/)
  expect(hintFor(45009, '').zh).toMatch(/北京时间零点/)
})

test.each([
  ['invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 6aac005a-01bfdbee-79769285', '1.2.3.4'],
  ['invalid ip 203.0.113.9, not in whitelist hint: [abcd]', '203.0.113.9'],
  ['invalid ip 2408:4003:1::9 ipv6 2408:4003:1::9, not in whitelist', '2408:4003:1::9'],
  ['invalid ip ::ffff:10.0.0.1, not in whitelist', '10.0.0.1'],
  [
    'access clientip is not registered requestIP: 198.51.100.7 rid: 6aac005a-01bfdbee-79769285',
    '198.51.100.7',
  ],
  ['access clientip is not registered requestIP: 198.51.100.7.', '198.51.100.7'],
  ['access clientip is not registered, not in ip-white-list', undefined],
  ['invalid ip 999.1.2.3, not in whitelist', undefined],
  ['invalid ip :: , not in whitelist', undefined],
  ['', undefined],
])('the refused address in %j is %s', (errmsg, address) => {
  expect(readRefusedAddress(errmsg)).toBe(address)
})

test.each([40164, 45035, 61004])('%i shows the address to add to the white list', (errcode) => {
  const hint = hintFor(errcode, 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist')
  expect(hint.en).toMatch(/^Add 203\.0\.113\.9 to the IP white list/)
  expect(hint.zh).toMatch(/203\.0\.113\.9.*白名单/)
  expect(hintFor(errcode, 'no address here').en).toMatch(/white list/)
})

test('an unknown code says so and is not retried', () => {
  const { name, retry, hint } = explainErrcode(99999)
  expect([name, retry]).toEqual(['unknown', 'never'])
  expect(hint.en).toContain('99999')
  expect(hint.zh).toContain('99999')
})

test('a hint repeats nothing of what WeChat wrote but an address', () => {
  const errcodes = fc.constantFrom(...knownErrcodes, 99999)
  fc.assert(
    fc.property(errcodes, fc.stringMatching(/^[g-z]{12,30}$/), fc.ipV4(), (errcode, marker, address) => {
      const hint = hintFor(errcode, `invalid ip ${address} secret=${marker} ${marker}`)
      expect(hint.en + hint.zh).not.toContain(marker)
    }),
  )
})
