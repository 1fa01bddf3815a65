import { expect, test } from 'vitest'
import { builtInAccount, createSandbox } from '../../../demo/sandbox/index.ts'
import { systemClock } from '../../../server/clock.ts'
import { parseConfig } from '../../../server/config/load.ts'
import { checkClock } from '../../../server/doctor/check-clock.ts'
import { checkLogin } from '../../../server/doctor/check-login.ts'
import { checkPageDomains } from '../../../server/doctor/check-page-domains.ts'
import { describeFailure } from '../../../server/doctor/describe-failure.ts'
import { examine } from '../../../server/doctor/examine.ts'
import type { Step } from '../../../server/doctor/step.ts'
import { systemRandom } from '../../../server/random.ts'
import { explainErrcode, knownErrcodes } from '../../../server/wechat/errcodes.ts'
import { refusal } from '../../../server/wechat/refusal.ts'
import { testKeys } from '../../support/keys.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { account, fetchFrom } from '../../support/service.ts'

const configWith = (config: object, more: object = {}) =>
  parseConfig({ database: 'memory', keys: testKeys, accounts: [{ ...account, ...more }], ...config })

test('at WeChat itself only the configured hosts are contacted, and nothing claims what only a phone can show', async () => {
  const sandbox = createSandbox({ accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }] })
  const asked: string[] = []
  const steps = await examine({
    config: configWith(
      { publicUrl: 'https://mem.example.com/mp' },
      { redirects: ['https://h5.example.com'], verifyFiles: { 'MP_verify_x.txt': 'x' } },
    ),
    source: 'test',
    fetch: async (input, init) => {
      const url = new URL(String(input))
      asked.push(`${url.origin}${url.pathname}`)
      expect(init?.redirect).toBe('manual')
      if (url.hostname.endsWith('.weixin.qq.com')) return fetchFrom(sandbox)(input, init)
      return new Response('moved', { status: 302, headers: { location: 'https://evil.example.com/' } })
    },
    clock: systemClock,
    random: systemRandom,
  })
  const hosts = new Set(asked.map((address) => new URL(address).host))
  expect([...hosts].sort()).toEqual(['api.weixin.qq.com', 'api2.weixin.qq.com', 'mem.example.com'])
  expect(asked.filter((address) => address.includes('mem.')).sort()).toEqual([
    'https://mem.example.com/MP_verify_x.txt',
    'https://mem.example.com/mp/healthz',
  ])
  const find = (id: Step['id']) => steps.find((step) => step.id === id)
  expect(find('signature')).toMatchObject({
    status: 'passed',
    detail: expect.stringMatching(/Whether WeChat accepts it shows only a page on a phone/),
  })
  expect(find('login')?.detail).toMatch(/Whether it is entered, only WeChat knows/)
  expect(find('verify_files')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('HTTP 302'),
  })
  expect(find('service')).toMatchObject({ status: 'warning' })
})

test('a step that hangs fails at its limit, and the next ones follow', async () => {
  const clock = createManualClock()
  const done: Step[] = []
  const running = examine({
    config: configWith({ publicUrl: 'https://mem.example.com' }),
    source: 'test',
    fetch: () => new Promise(() => undefined),
    clock,
    random: systemRandom,
    onStep: (step) => done.push(step),
  })
  while (done.at(-1)?.id !== 'verify_files') await clock.advance(12_000)
  expect((await running).find(({ id }) => id === 'wechat')).toMatchObject({
    status: 'failed',
    detail: 'There was no answer within 12 s.',
  })
})

test.each([
  [0, 'passed'],
  [10_000, 'passed'],
  [-10_400, 'passed'],
  [11_000, 'warning'],
  [-60_000, 'warning'],
  [61_000, 'failed'],
  [-3_600_000, 'failed'],
  [undefined, 'skipped'],
])('a clock that is %s ms ahead has %s', (aheadMs, status) => {
  expect(checkClock(aheadMs).status).toBe(status)
})

test.each([
  [['https://h5.example.com', 'http://m.example.com'], 'passed', /h5\.example\.com, m\.example\.com\./],
  [['http://localhost:5173'], 'warning', /is this machine/],
  [['https://h5.example.com:8443'], 'failed', /the port 8443/],
  [['https://[2001:db8::1]'], 'failed', /IP address/],
  [[], 'warning', /pageOrigins are empty/],
  [
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://${name}.example.com`),
    'warning',
    /6 domains, and WeChat takes 5/,
  ],
])('pages on %j: %s', (pageOrigins, status, says) => {
  const [checked] = configWith({}, { pageOrigins }).accounts
  const finding = checked && checkPageDomains(checked)
  expect(finding).toMatchObject({ status, detail: expect.stringMatching(says) })
})

test.each([
  [
    'https://mem.example.com/mp',
    ['https://h5.example.com/x'],
    'passed',
    /网页授权域名.*: mem\.example\.com\. The proxy must forward \/mp\//,
  ],
  ['https://mem.example.com', [], 'skipped', /redirects are empty/],
  [undefined, ['https://h5.example.com'], 'failed', /not_configured/],
  ['http://mem.example.com', ['https://h5.example.com'], 'warning', /10039/],
  ['https://mem.example.com:8443', ['https://h5.example.com'], 'failed', /the port 8443.*10003/],
  ['https://10.0.0.1', ['https://h5.example.com'], 'failed', /an IP address.*10003/],
  ['https://mem.example.com', ['http://h5.example.com'], 'warning', /plain text/],
  ['https://mem.example.com', ['https://other.example.com'], 'warning', /where no page can be signed/],
])('logins by %s to %j: %s', async (publicUrl, redirects, status, says) => {
  const [checked] = configWith({}, { redirects }).accounts
  const parts = {
    fetch: () => Promise.reject(new Error('nobody is asked')),
    publicUrl,
    authorizeUrl: 'https://open.weixin.qq.com/connect/oauth2/authorize',
    newState: () => 'state',
    sandbox: undefined,
  }
  const finding = checked && (await checkLogin(parts, checked))
  expect(finding).toMatchObject({ status, detail: expect.stringMatching(says) })
})

test('every refusal of WeChat is told with its two languages apart', () => {
  for (const errcode of knownErrcodes) {
    const { hint } = explainErrcode(errcode)
    const finding = describeFailure(refusal('cgi-bin/token', errcode, 'text rid: 6aac005a-01bfdbee-79769285'))
    expect(finding).toMatchObject({ status: 'failed', fix: hint.en, fixZh: hint.zh })
  }
  expect(
    describeFailure(refusal('cgi-bin/token', 40164, 'invalid ip 203.0.113.9, not in whitelist')),
  ).toMatchObject({
    fix: expect.stringMatching(/^Add 203\.0\.113\.9 to .*\.$/),
    fixZh: expect.stringMatching(/^请把 203\.0\.113\.9 加入.*。$/),
  })
})

test('of an error that is not ours neither text nor stack is told', () => {
  const error = new TypeError('canary in https://api.weixin.qq.com/?secret=canary')
  expect(JSON.stringify(describeFailure(error))).not.toContain('canary')
  expect(describeFailure(error).detail).toBe('The check itself failed: TypeError.')
})
