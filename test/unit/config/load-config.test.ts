import fc from 'fast-check'
import { expect, test } from 'vitest'
import { locateJsonError } from '../../../server/config/json-error.ts'
import { loadConfig } from '../../../server/config/load.ts'
import { linesOf } from './lines-of.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }
const fileWith = (text: string) => ({ file: 'wx-h5.json', env: {}, readFile: () => text })
const failing = (code: string) => ({
  file: 'conf/wx-h5.json',
  env: {},
  readFile: (): string => {
    throw Object.assign(new Error(code), { code })
  },
})

test('a file with a byte order mark is read', () => {
  const config = loadConfig(fileWith(`\ufeff${JSON.stringify({ accounts: [account] })}\n`))
  expect(config.accounts[0]?.appId).toBe(account.appId)
})

test.each([
  ['ENOENT', /no such file/],
  ['EISDIR', /is a folder/],
  ['EACCES', /must not be read by this user/],
  ['EIO', /cannot be read \(EIO\)/],
])('a file that fails with %s is one line with its name', (code, says) => {
  expect(linesOf(() => loadConfig(failing(code)))).toEqual([expect.stringMatching(says)])
  expect(linesOf(() => loadConfig(failing(code)))[0]).toMatch(/^conf\/wx-h5\.json: /)
})

test.each([
  ['', 1, 1, /empty/],
  ['   \n', 2, 1, /empty/],
  ['{', 1, 2, /ends too early/],
  ['{"a":1', 1, 7, /ends too early/],
  ['{"a":1,}', 1, 8, /comma before it is one too many/],
  ['{\n  "a": [1, 2,]\n}', 2, 14, /comma before it is one too many/],
  ['{"a":1 // port\n}', 1, 8, /comments/],
  ['{\r\n "a": /* x */ 1}', 2, 7, /comments/],
  ['{\n "a": \'x\'}', 2, 7, /double quotes/],
  ['{“a”: 1}', 1, 2, /straight double quotes/],
  ['{a: 1}', 1, 2, /double quotes/],
  ['{"a" 1}', 1, 6, /":" after the key/],
  ['{"a": 1 "b": 2}', 1, 9, /a comma or the closing bracket/],
  ['{"a": 1]', 1, 8, /a comma or the closing bracket/],
  ['[1 2]', 1, 4, /a comma or the closing bracket/],
  ['{"a": "x\ny"}', 1, 7, /no end on its line/],
  ['{"a": "C:\\data"}', 1, 7, /not doubled/],
  ['{"a": 01}', 1, 7, /not JSON/],
  ['{"a": True}', 1, 7, /not JSON/],
  ['{} {}', 1, 4, /more text after the end/],
  ['{1: 2}', 1, 2, /a key in double quotes or "}"/],
])('%j stops being JSON at line %i, column %i', (text, line, column, says) => {
  const [problem, ...more] = linesOf(() => loadConfig(fileWith(text)))
  expect(more).toEqual([])
  expect(problem).toContain(`wx-h5.json: is not valid JSON at line ${line}, column ${column}: `)
  expect(problem).toMatch(says)
})

test('the place is the first one where no JSON can go on', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  const offsetOf = (text: string): number => locateJsonError(text).column - 1
  const mutation = fc.tuple(
    fc.jsonValue(),
    fc.nat(60),
    fc.constantFrom('', ',', '}', ']', '"', ':', '1', 'x', '\\\\', '{'),
  )
  fc.assert(
    fc.property(mutation, ([value, at, inserted]) => {
      const valid = JSON.stringify(value)
      const text = valid.slice(0, at) + inserted + valid.slice(at + 1)
      fc.pre(!isJson(text) && !/[\r\n]/.test(text))
      const offset = offsetOf(text)
      expect(offset).toBeLessThanOrEqual(text.length)
      expect(offsetOf(text.slice(0, offset))).toBeGreaterThanOrEqual(text.slice(0, offset).trimEnd().length)
    }),
    { numRuns: 1000 },
  )
})

test('the environment alone is a configuration', () => {
  const config = loadConfig({
    readFile: () => '',
    env: {
      WX_APP_ID: account.appId,
      WX_APP_SECRET: account.appSecret,
      WX_PUBLIC_URL: 'https://mem.example.com/mp',
      WX_PAGE_ORIGINS: 'https://h5.example.com, https://m.example.com,',
      WX_REDIRECTS: 'http://mem.example.com/mp3',
      WX_API_HOSTS: 'http://localhost:8788',
      PORT: '9000',
    },
  })
  expect(config.publicUrl).toBe('https://mem.example.com/mp')
  expect(config.listen.port).toBe(9000)
  expect(config.wechat.apiHosts).toEqual(['http://localhost:8788'])
  expect(config.accounts).toHaveLength(1)
  expect(config.accounts[0]).toMatchObject({
    ...account,
    pageOrigins: ['https://h5.example.com', 'https://m.example.com'],
    redirects: ['http://mem.example.com/mp3'],
  })
})

test('mistakes in the environment are named by variable', () => {
  const lines = linesOf(() =>
    loadConfig({
      readFile: () => '',
      env: {
        WX_APP_ID: 'gh_1',
        WX_PAGE_ORIGINS: 'https://a.example.com,https://b.example.com/',
        WX_API_HOSTS: 'api',
      },
    }),
  )
  expect(lines.map((line) => line.split(':', 1)[0]).sort()).toEqual([
    'WX_API_HOSTS[0]',
    'WX_APP_ID',
    'WX_APP_SECRET',
    'WX_PAGE_ORIGINS[1]',
  ])
})

test('a file is not mixed with the variables of an account', () => {
  const env = { WX_APP_ID: 'wxfedcba9876543210', WX_PUBLIC_URL: 'https://other.example.com' }
  const config = loadConfig({ ...fileWith(JSON.stringify({ accounts: [account] })), env })
  expect(config.accounts.map(({ appId }) => appId)).toEqual([account.appId])
  expect(config.publicUrl).toBeUndefined()
})
