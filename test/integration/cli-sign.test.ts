import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  builtInAccount,
  createSandbox,
  type Sandbox,
  type ServedSandbox,
  serveSandbox,
} from '../../demo/sandbox/index.ts'
import { parseConfig } from '../../server/config/load.ts'
import { startService } from '../../server/serve.ts'
import { testKeys } from '../support/keys.ts'
import { liveTicket, silentLogger } from '../support/service.ts'
import { wxH5 } from '../support/wx-h5.ts'

// The published vector: JS-SDK document, appendix 1.
const vector = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  nonce: 'Wm3WZYTPz0wzccnW',
  timestamp: '1414587457',
  url: 'http://mp.weixin.qq.com?params=value',
  signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
}
const page = 'https://h5.example.com/news?id=1'

let folder: string
let sandbox: Sandbox
let served: ServedSandbox
let config: object
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wx-h5-sign-'))
  sandbox = createSandbox({ accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }] })
  served = await serveSandbox(sandbox, { port: 0 })
  config = {
    listen: { port: 0 },
    keys: testKeys,
    database: `sqlite:${join(folder, 'sign.db')}`,
    wechat: { apiHosts: [served.url] },
    accounts: [
      {
        appId: builtInAccount.appId,
        appSecret: builtInAccount.appSecret,
        pageOrigins: ['https://h5.example.com'],
      },
    ],
  }
  file = join(folder, 'wx-h5.json')
  await writeFile(file, JSON.stringify(config))
})

afterAll(async () => {
  await served.close()
  await rm(folder, { recursive: true, force: true })
})

const sign = (args: readonly string[], env?: Record<string, string>) => wxH5(folder, ['sign', ...args], env)
const ofVector = ['--nonce', vector.nonce, '--timestamp', vector.timestamp]
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')

test('the published vector: the text, its parts and the signature, without any configuration', async () => {
  const { code, stdout, stderr } = await sign([vector.url, '--ticket', vector.ticket, ...ofVector])
  expect([code, stderr]).toEqual([0, ''])
  const string = `jsapi_ticket=${vector.ticket}&noncestr=${vector.nonce}&timestamp=${vector.timestamp}&url=${vector.url}`
  expect(stdout).toBe(
    [
      `string        ${string}`,
      `signature     ${vector.signature}`,
      '',
      `jsapi_ticket  ${vector.ticket}, from --ticket`,
      `noncestr      ${vector.nonce}`,
      'timestamp     1414587457 (2014-10-29T12:57:37Z)',
      `url           ${vector.url}`,
      '',
      'warning       A browser writes it as http://mp.weixin.qq.com/?params=value, and that is what WeChat compares with.',
      '              浏览器会写成 http://mp.weixin.qq.com/?params=value，微信以此为准。',
      '',
    ].join('\n'),
  )
})

test('a ticket from the environment is used and not printed', async () => {
  const { code, stdout } = await sign([vector.url, '--ticket-env', 'TICKET', ...ofVector, '--json'], {
    TICKET: vector.ticket,
  })
  expect(code).toBe(0)
  expect(stdout).not.toContain(vector.ticket)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    signature: vector.signature,
    ticket: 'sM4AOV…(86 characters)',
    string: expect.stringMatching(/^jsapi_ticket=sM4AOV…\(86 characters\)&noncestr=/),
  })
})

test('the ticket of the running service is taken from its store, without a call to WeChat', async () => {
  const service = await startService(parseConfig(config), { logger: silentLogger() })
  const body = new URLSearchParams({ url: page })
  await fetch(`${service.url}/v1/jsapi/signature`, { method: 'POST', body })
  await service.close()
  const before = sandbox.snapshot().callCounts
  const { code, stdout } = await sign([page, '--config', file, '--show-ticket', '--json'])
  expect(code).toBe(0)
  expect(sandbox.snapshot().callCounts).toEqual(before)
  const { appId, string, signature, nonceStr, timestamp, ticket, ticketFrom, warnings } = JSON.parse(stdout)
  expect([ticket, ticketFrom, warnings]).toEqual([liveTicket(sandbox), 'the store of the service', []])
  expect(sha1(string)).toBe(signature)
  const verdict = sandbox.verifyConfig({
    ...{
      profile: 'android',
      landingUrl: page,
      currentUrl: page,
      signType: 'sha1',
      jsApiList: ['scanQRCode'],
    },
    ...{ appId, timestamp, nonceStr, signature },
  })
  expect(verdict).toEqual({ errMsg: 'pre_verify_jsapi:ok' })
})

test('without a stored ticket WeChat is asked, and the ticket is not printed', async () => {
  const other = join(folder, 'empty.json')
  await writeFile(other, JSON.stringify({ ...config, database: `sqlite:${join(folder, 'none.db')}` }))
  const { code, stdout, stderr } = await sign([page, '--config', other])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^jsapi_ticket {2}\S{6}…\(86 characters\), from WeChat, just now$/m)
  expect(stdout).not.toContain(liveTicket(sandbox))
})

test('what WeChat refuses is said in both languages, and exits with 1', async () => {
  const wrong = join(folder, 'wrong.json')
  const appSecret = '0'.repeat(31).concat('9')
  const accounts = [{ appId: builtInAccount.appId, appSecret, pageOrigins: ['https://h5.example.com'] }]
  await writeFile(wrong, JSON.stringify({ ...config, accounts, database: 'memory' }))
  const { code, stdout, stderr } = await sign([page, '--config', wrong])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    /40125 \(invalid_appsecret\).*correct accounts\[\]\.appSecret.*AppSecret 与该 appId 不匹配/,
  )
  expect(stderr).not.toContain(appSecret)
})

test('a page that will be refused is signed all the same, with a warning', async () => {
  const { code, stdout } = await sign(['https://h6.example.com/a#/b', '--config', file, '--json'])
  expect(code).toBe(0)
  const { url, warnings } = JSON.parse(stdout)
  expect(url).toBe('https://h6.example.com/a')
  expect(warnings.map((warning: { code: string }) => warning.code)).toEqual([
    'fragment',
    'origin_not_allowed',
  ])
})

test.each([
  ['the same', 'https://h5.example.com/a?x=1', 0, /The signature is the same/],
  [
    'another scheme',
    'http://h5.example.com/a?x=1',
    1,
    /with http in place of https\..*\n.*first difference at character 5\)/,
  ],
  ['nothing that is known', 'https://somewhere.else/', 1, /none of the usual mistakes/],
])('--compare says what a page signed: %s', async (_, signed, expected, says) => {
  const text = `jsapi_ticket=T&noncestr=n&timestamp=7&url=${signed}`
  const compared = ['--ticket', 'T', '--nonce', 'n', '--timestamp', '7', '--compare', sha1(text)]
  const { code, stdout } = await sign(['https://h5.example.com/a?x=1', ...compared])
  expect(code).toBe(expected)
  expect(stdout).toMatch(says)
})

test.each([
  [['--timestamp', '1414587457000'], /milliseconds.*1414587457/],
  [['--timestamp', 'now'], /whole seconds/],
  [['--ticket', 'a', '--ticket-env', 'B'], /not both/],
  [['--ticket-env', 'NOT_SET'], /NOT_SET is not set/],
  [['--ticket', 'T', '--compare', 'x'], /--compare needs --nonce and --timestamp/],
  [[], /^No configuration: wx-h5 sign URL needs an account/],
])('%j is a mistake in the command line', async (args, says) => {
  const { code, stdout, stderr } = await sign([page, ...args])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(says)
})
