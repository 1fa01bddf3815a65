import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../../../client/answer.ts'
import { hints } from '../../../client/hints.ts'
import { STATUS } from '../../../server/errors.ts'
import { clientCodes } from '../../../server/explain/client-codes.ts'
import { explain } from '../../../server/explain/explain.ts'
import { pageTexts } from '../../../server/explain/page-texts.ts'
import { serviceCodes } from '../../../server/explain/service-codes.ts'
import { knownErrcodes } from '../../../server/wechat/errcodes.ts'
import { codeSpans, tables } from '../../package/markdown.ts'

const subjects = (text: string): string[] => explain(text).explanations.map(({ subject }) => subject)

describe('numbers', () => {
  test.each([
    ['40164', ['40164']],
    ['-1', ['-1']],
    ['errcode: 40001', ['40001']],
    [
      '{"errcode":40125,"errmsg":"invalid appsecret, view more at http://t.cn/RAEkdVq, hints: [ req_id: x ]"}',
      ['40125'],
    ],
    ["{ errcode: 48001, errmsg: 'api unauthorized, rid: 6aac005a-01bfdbee-79769285' }", ['48001']],
    ['WeChat refused cgi-bin/stable_token: 40243 (appsecret_frozen).', ['40243']],
    [
      '{"type":"about:blank","status":502,"code":"wechat_refused","errcode":40013}',
      ['40013', 'wechat_refused'],
    ],
    ['redirect_uri域名与后台配置不一致，错误码：10003', ['10003']],
    ['此公众号并没有这些scope的权限，错误码10005', ['10005']],
    ['redirect_uri协议与后台配置不一致，错误码:10039', ['10039']],
    ['redirect_uri 参数错误', ['10003']],
    ['invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist', ['40164']],
    ['invalid_appsecret', ['40125']],
    ['{"errcode":0,"errmsg":"ok"}', ['0']],
  ])('%s', (text, expected) => {
    expect(subjects(text)).toEqual(expected)
  })

  test('every errcode of the table is explained by its number and by its name', () => {
    for (const errcode of knownErrcodes) {
      const [{ name, causes } = { name: '', causes: [] }] = explain(String(errcode)).explanations
      expect(causes.length, String(errcode)).toBe(1)
      if (name.includes('_')) expect(explain(name).explanations[0]?.name, name).toBe(name)
    }
  })

  test('an unknown number is said to be unknown, with numbers like it', () => {
    expect(explain('40126')).toEqual({ explanations: [], nearest: expect.arrayContaining(['40125']) })
    expect(explain('99999')).toEqual({ explanations: [], nearest: [] })
  })

  test('the address to add is read from the text, and only where the code is about addresses', () => {
    const text = (errcode: number) =>
      `{"errcode":${errcode},"errmsg":"invalid ip 203.0.113.9, not in whitelist"}`
    expect(explain(text(40164)).explanations[0]).toMatchObject({ address: '203.0.113.9' })
    expect(explain(text(40013)).explanations[0]).not.toHaveProperty('address')
  })
})

test.each([
  ['invalid credential rid: 6aac005a-01bfdbee-79769285', Date.UTC(2026, 8, 17, 14, 59, 38)],
  ['invalid code, rid: 00000001-00000000-00000000', 1_000],
])('the first group of a rid is the second of the answer: %s', (text, at) => {
  expect(explain(text).rid).toEqual({ value: text.slice(-26), at })
})

describe('texts in a page', () => {
  // Seen on phones, in the devtools and in WeCom: fact sheet 1.3 to 1.5.
  test.each([
    'config:invalid signature',
    'config:fail,Error: 系统错误，错误码：63002,invalid signature [20191204 15:50:27][]',
    'config:fail,Error: System error, error code:63002,invalid signature [20200205 18:43:18][]',
    'config:fail,Error: invalid url domain',
    'config:invalid url domain',
    'config:fail,Error: AppID 不合法',
    'config:invalid args',
    'config:param is empty',
    'config:permission denied',
    'config:fail',
    'scanQRCode:the permission value is offline verifying',
    'geoLocation:fail, the permission value is offline verifying',
    'shareWechatMessage:fail_nopermission',
    'scanQRCode:permission denied',
    'scanQRCode:function not exist',
    'config:require subscribe',
    'chooseImage:cancel',
    'chooseImage:fail',
  ])('%s has the code that the browser package gives it', (errMsg) => {
    const [first] = explain(errMsg).explanations
    expect(first).toMatchObject({ kind: 'page', name: refusal('call', errMsg).code })
  })

  test.each(['README.md', 'README.zh-CN.md'])('every text that %s lists is known', (name) => {
    const readme = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
    const isAbout = (mark: string) => (table: { rows: readonly (readonly string[])[] }) =>
      table.rows.some(([first = '']) => first.includes(mark))
    const found = [isAbout('`config:invalid signature`'), isAbout('错误码：10003'), isAbout('40164')].flatMap(
      (rule) => tables(readme).find(rule)?.rows ?? [],
    )
    const texts = found
      .flatMap(([first = '']) => (/^-?\d+$/.test(first) ? [first] : codeSpans(first)))
      // What is no text of WeChat, and an address that cannot be opened for many reasons.
      .filter((text) => !['wx.ready', 'chooseCard', '该链接无法访问'].includes(text))
    expect(texts.length).toBeGreaterThan(25)
    expect(texts.filter((text) => explain(text).explanations.length === 0)).toEqual([])
  })

  test('a text is found under the first mark that fits, and every mark can be found', () => {
    for (const { marks, code } of pageTexts)
      for (const mark of marks) expect(explain(`x${mark}`).explanations[0]?.name, mark).toBe(code)
  })
})

describe('codes of this package', () => {
  test('every code of the service and of the browser package is explained', () => {
    const codes = [...Object.keys(STATUS), ...Object.keys(hints)]
    for (const code of codes) expect(subjects(code), code).toContain(code)
    expect(explain('origin_not_allowed').explanations[0]).toMatchObject({ kind: 'code', status: 403 })
  })

  test('everyday words are codes only when they stand alone', () => {
    expect(subjects('timeout')).toEqual(['timeout'])
    expect(subjects('there was a timeout somewhere')).toEqual([])
  })

  test('every cause is a sentence in English and one in Chinese', () => {
    const rows = [...Object.entries(clientCodes), ...Object.entries(serviceCodes)].map(
      ([name, causes]) => [name, causes] as const,
    )
    for (const [name, causes] of [...rows, ...pageTexts.map((row) => [row.code, row.causes] as const)]) {
      expect(causes.length, name).toBeGreaterThan(0)
      for (const { en, zh } of causes) {
        expect(en, name).toMatch(/^\S.+\.$/)
        expect(zh, name).toMatch(/\p{Script=Han}.*。$/u)
      }
    }
  })
})

test('whatever is pasted, nothing is thrown and nothing of it is repeated', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const marked = `${text} SECRET-MARKER ${text}`
      expect(JSON.stringify(explain(marked))).not.toContain('SECRET-MARKER')
    }),
  )
  expect(explain('').explanations).toEqual([])
  expect(explain('x'.repeat(1_000_000)).nearest).toEqual([])
})
