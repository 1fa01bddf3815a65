import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createSandbox,
  type Fault,
  type Sandbox,
  type SandboxAccount,
  type ServedSandbox,
  serveSandbox,
} from '../../demo/sandbox/index.ts'
import { parseConfig } from '../../server/config/load.ts'
import type { Step } from '../../server/doctor/step.ts'
import { startService } from '../../server/serve.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { temporaryRedis } from '../support/redis.ts'
import { silentLogger } from '../support/service.ts'
import { wxH5 } from '../support/wx-h5.ts'

const appSecret = 'ca7a41e5000000000000000000000001'
const appIdOf = (number: number): string => `wx${String(number).padStart(16, '0')}`

const accounts = {
  good: { safeDomains: ['h5.example.com'], oauthDomain: 'localhost' },
  wrongSecret: { appSecret: '0'.repeat(31).concat('9'), safeDomains: [] },
  frozen: { frozen: true, safeDomains: [] },
  notListed: { ipWhitelist: ['203.0.113.1'], safeDomains: [] },
  cardless: { cardRight: false, safeDomains: ['shop.example.com'], oauthDomain: 'other.example.com' },
  classic: { safeDomains: ['h5.example.com'] },
} satisfies Record<string, Partial<SandboxAccount>>
const names = Object.keys(accounts) as (keyof typeof accounts)[]
const appId = (name: keyof typeof accounts): string => appIdOf(names.indexOf(name))

let folder: string
let sandbox: Sandbox
let served: ServedSandbox
/** Plays the web server in front of the service. */
let web: Server
let webUrl: string
/** Where nobody listens. */
let nowhere: string
const pages = new Map<
  string,
  { readonly status?: number; readonly body: string; readonly location?: string }
>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wx-h5-doctor-'))
  sandbox = createSandbox({
    accounts: names.map((name) => ({ appId: appId(name), appSecret, ...accounts[name] })),
  })
  served = await serveSandbox(sandbox, { port: 0 })
  web = createServer((request, response) => {
    const { status = 200, body, location } = pages.get(request.url ?? '') ?? { status: 404, body: 'not here' }
    response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  webUrl = `http://localhost:${(web.address() as AddressInfo).port}`
  const gone = await serveSandbox(sandbox, { port: 0 })
  nowhere = `http://127.0.0.1:${gone.port}`
  await gone.close()
})

beforeEach(() => {
  sandbox.reset()
  pages.clear()
  pages.set('/mp/healthz', { body: '{"status":"ok"}' })
  pages.set('/MP_verify_x.txt', { body: 'x' })
})

afterAll(async () => {
  web.close()
  web.closeAllConnections()
  await served.close()
  await rm(folder, { recursive: true, force: true })
})

const goodAccount = {
  appId: appId('good'),
  appSecret,
  pageOrigins: ['https://h5.example.com'],
  redirects: ['https://h5.example.com'],
  verifyFiles: { 'MP_verify_x.txt': 'x' },
}

function configOf(config: object): object {
  return {
    publicUrl: `${webUrl}/mp`,
    database: `sqlite:${join(folder, 'doctor.db')}`,
    keys: { file: join(folder, 'keys.json') },
    wechat: { apiHosts: [served.url], authorizeUrl: `${served.url}/connect/oauth2/authorize` },
    accounts: [goodAccount],
    ...config,
  }
}

let files = 0
async function doctor(config: object, ...args: string[]) {
  const file = join(folder, `config-${files++}.json`)
  await writeFile(file, JSON.stringify(configOf(config)))
  return wxH5(folder, ['doctor', '--config', file, ...args])
}

/** Every step by id and account, from `--json`; the process must have ended with this code. */
async function examined(code: number, config: object, ...args: string[]) {
  const run = await doctor(config, '--json', ...args)
  expect([run.code, run.stderr]).toEqual([code, ''])
  const { ok, steps } = JSON.parse(run.stdout) as { ok: boolean; steps: Step[] }
  expect(ok).toBe(code === 0)
  for (const step of steps) {
    const mends = step.status === 'failed' || step.status === 'warning'
    expect([step.id, step.fix !== undefined, step.fixZh !== undefined]).toEqual([step.id, mends, mends])
    if (mends) expect(step.fixZh).toMatch(/\p{Script=Han}/u)
    if (step.fix !== undefined) expect(step.fix).not.toMatch(/。/)
  }
  return (id: Step['id'], account?: string): Step => {
    const found = steps.find((step) => step.id === id && step.appId === account)
    if (found === undefined) throw new Error(`no step ${id} of ${account}`)
    return found
  }
}

test('a configuration that is right: every step is a line, and nothing fails', async () => {
  const { code, stdout, stderr } = await doctor({ publicUrl: `${webUrl}/mp` })
  expect([code, stderr]).toEqual([0, ''])
  const lines = stdout.split('\n').filter((line) => /^\S/.test(line))
  expect(lines.map((line) => line.split(/[\s:]/, 1)[0])).toEqual([
    ...['passed', 'passed', 'skipped', 'passed', 'passed', 'passed'],
    ...['passed', 'passed', 'passed', 'passed', 'passed', 'warning'],
    ...['passed', 'passed', '12'],
  ])
  expect(stdout).toContain('Enter as JS接口安全域名 at mp.weixin.qq.com')
  expect(stdout).toContain('The sandbox accepts the signature of https://h5.example.com/.')
  expect(stdout).toContain('The sandbox sends visitors back.')
  expect(lines.at(-1)).toBe('12 passed, 1 warning, 0 failed, 1 skipped. 通过 12，警告 1，失败 0，跳过 1。')
  expect(stdout).not.toContain('\u001b')
})

test('bad days of accounts are named, each in both languages, beside the accounts that are well', async () => {
  const account = (name: keyof typeof accounts, more: object = {}) => ({
    appId: appId(name),
    appSecret,
    pageOrigins: ['https://h5.example.com'],
    ...more,
  })
  const step = await examined(1, {
    accounts: [
      goodAccount,
      account('wrongSecret'),
      account('frozen', { pageOrigins: ['https://10.0.0.1', 'https://h5.example.com:8443'] }),
      account('notListed', { pageOrigins: [] }),
      account('cardless', {
        redirects: ['https://m.example.com'],
        publicCards: ['pcard'],
      }),
    ],
  })
  expect(step('signature', appId('good')).status).toBe('passed')

  expect(step('secret', appId('wrongSecret'))).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(/40125 \(invalid_appsecret\)\. rid: /),
    fix: expect.stringMatching(/accounts\[\]\.appSecret/),
    fixZh: expect.stringMatching(/^AppSecret 与该 appId 不匹配/),
  })
  expect(step('jsapi_ticket', appId('wrongSecret')).status).toBe('skipped')
  expect(step('signature', appId('wrongSecret')).status).toBe('skipped')

  expect(step('secret', appId('frozen'))).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('40243 (appsecret_frozen)'),
    fix: expect.stringContaining('unfreeze'),
    fixZh: expect.stringContaining('解冻'),
  })
  expect(step('page_domains', appId('frozen'))).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(/10\.0\.0\.1 is an IP address.*8443/),
  })

  expect(step('secret', appId('notListed'))).toMatchObject({
    status: 'failed',
    fix: expect.stringMatching(/^Add (127\.0\.0\.1|::1) to the IP white list/),
    fixZh: expect.stringMatching(/^请把 (127\.0\.0\.1|::1) 加入/),
  })
  expect(step('page_domains', appId('notListed')).status).toBe('warning')

  expect(step('card_ticket', appId('cardless'))).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('48001'),
    fix: expect.stringContaining('publicCards'),
  })
  // The domain is not entered at (the sandbox's) WeChat.
  expect(step('signature', appId('cardless'))).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('invalid url domain'),
    fixZh: expect.stringMatching(/\p{Script=Han}/u),
  })
  expect(step('login', appId('cardless'))).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(
      /https:\/\/m\.example\.com, where no page.*10003 \(redirect_uri_domain_mismatch\)/,
    ),
    fixZh: expect.stringContaining('网页授权域名'),
  })
})

test('without the right to cards pages are well, and only a warning is left', async () => {
  const step = await examined(
    0,
    {
      accounts: [
        goodAccount,
        { appId: appId('cardless'), appSecret, pageOrigins: ['https://shop.example.com'] },
      ],
    },
    '--account',
    appId('cardless'),
  )
  expect(step('card_ticket', appId('cardless')).status).toBe('warning')
  expect(step('signature', appId('cardless')).status).toBe('passed')
  expect(() => step('secret', appId('good'))).toThrow()
})

test('everything around the accounts that can be wrong is named with its key', async () => {
  const text = join(folder, 'text.db')
  await writeFile(text, 'a text that is long enough to be taken for a header of a database '.repeat(20))
  const keyFile = join(folder, 'open-keys.json')
  await writeFile(keyFile, '{}', { mode: 0o644 })
  sandbox.setFaults([{ kind: 'wrong_clock', offsetMs: -3_600_000 }])
  pages.set('/mp/healthz', { body: '<html>another program</html>' })
  pages.set('/MP_verify_x.txt', { body: 'another content' })
  const step = await examined(1, {
    redis: 'redis://:redis-canary-password@127.0.0.1:1',
    database: `sqlite:${text}`,
    keys: { file: keyFile },
    accounts: [
      {
        ...goodAccount,
        verifyFiles: { 'MP_verify_x.txt': 'x', 'MP_verify_missing.txt': 'y', 'MP_verify_moved.txt': 'z' },
      },
    ],
  })
  expect(step('keys')).toMatchObject({ status: 'failed', detail: expect.stringContaining('mode 644') })
  expect(step('redis')).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(/127\.0\.0\.1:1 cannot be used \(.*ECONNREFUSED/),
    fix: expect.stringContaining('"redis"'),
  })
  expect(step('database')).toMatchObject({ status: 'failed', detail: expect.stringContaining(text) })
  expect(step('clock')).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(/3(599|600|601) s ahead of WeChat's/),
  })
  expect(step('service')).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('(HTTP 200)'),
    fix: expect.stringContaining('/mp/'),
  })
  const { status, detail } = step('verify_files')
  expect(status).toBe('failed')
  expect(detail).toMatch(/MP_verify_x\.txt has another content/)
  expect(detail).toMatch(/MP_verify_missing\.txt answers HTTP 404/)
  // Signing does not need any of it.
  expect(step('signature', appId('good')).status).toBe('passed')
})

describe('WeChat that cannot be asked', () => {
  const faulty = (kind: Fault['kind']) => () => sandbox.setFaults([{ kind }])
  test.each([
    ['down', () => undefined, /127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)/],
    ['a black hole', faulty('hang'), /did not answer within/],
    ['reset connections', faulty('reset'), /could not be reached/],
    ['a web page', faulty('html'), /with an HTML page/],
    ['HTTP 500', faulty('http_500'), /with HTTP 500/],
    ['nothing', faulty('empty'), /with an empty body/],
  ])('%s', async (name, arrange, says) => {
    arrange()
    const apiHosts = name === 'down' ? [nowhere] : [served.url]
    const step = await examined(1, { wechat: { apiHosts } })
    sandbox.reset()
    expect(step('wechat')).toMatchObject({ status: 'failed', detail: expect.stringMatching(says) })
    for (const id of ['secret', 'jsapi_ticket', 'card_ticket', 'signature'] as const)
      expect([id, step(id, appId('good')).status]).toEqual([id, 'skipped'])
  })

  test('one host of two is a warning, and signing goes on over the other', async () => {
    const step = await examined(0, { wechat: { apiHosts: [nowhere, served.url] } })
    expect(step('wechat')).toMatchObject({ status: 'warning', detail: expect.stringMatching(/ECONNREFUSED/) })
    expect(step('jsapi_ticket', appId('good')).status).toBe('passed')
  })

  test('a quota that is used up is named', async () => {
    sandbox.setFaults([{ kind: 'quota', path: 'cgi-bin/stable_token' }])
    const step = await examined(1, {})
    expect(step('secret', appId('good'))).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('45009'),
      fixZh: expect.stringContaining('北京时间零点'),
    })
  })
})

test('a running service with classic tokens is not disturbed, and its own ticket is verified', async () => {
  const config = configOf({
    database: `sqlite:${join(folder, 'running.db')}`,
    accounts: [{ ...goodAccount, appId: appId('classic'), tokenApi: 'classic', redirects: [] }],
  })
  const service = await startService(parseConfig({ ...config, listen: { port: 0 } }), {
    logger: silentLogger(),
  })
  const body = () => new URLSearchParams({ url: 'https://h5.example.com/' })
  const sign = () => fetch(`${service.url}/v1/jsapi/signature`, { method: 'POST', body: body() })
  expect((await sign()).status).toBe(200)
  const before = sandbox.snapshot().callCounts
  const step = await examined(0, config)
  const after = sandbox.snapshot().callCounts
  await service.close()
  expect(after['cgi-bin/token']).toBe(before['cgi-bin/token'])
  // The one for cards, which the service has not needed yet.
  expect(after['cgi-bin/ticket/getticket']).toBe((before['cgi-bin/ticket/getticket'] ?? 0) + 1)
  expect(step('jsapi_ticket', appId('classic')).detail).toMatch(/^The store has one for 1\d\d more minutes/)
  expect(step('signature', appId('classic')).status).toBe('passed')
  expect(step('database').detail).toContain('can be written')
})

test('Redis and PostgreSQL are looked at and left as they were', async () => {
  const postgres = await temporaryPostgres()
  const redis = await temporaryRedis()
  if (postgres === undefined || redis === undefined) return
  try {
    const stores = { redis: redis.url, redisPrefix: redis.prefix, database: postgres.url }
    const empty = await examined(0, stores)
    expect(empty('redis')).toMatchObject({
      status: 'passed',
      detail: expect.stringMatching(/^Redis \d.* can be written/),
    })
    // The doctor does not migrate.
    expect(empty('database')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^PostgreSQL \d+.* lacks \d+/),
    })
    expect((await examined(0, stores))('database').status).toBe('warning')
    const config = parseConfig({ ...configOf(stores), listen: { port: 0 } })
    await (await startService(config, { logger: silentLogger() })).close()
    expect((await examined(0, stores))('database')).toMatchObject({
      status: 'passed',
      detail: expect.stringContaining('has the tables of this version and can be written'),
    })
  } finally {
    await redis.clear()
    await postgres.drop()
  }
})

test('a page of another origin is refused as the service refuses it', async () => {
  const step = await examined(1, {}, '--url', 'https://h6.example.com/news')
  expect(step('signature', appId('good'))).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('https://h6.example.com are not signed'),
    fix: expect.stringContaining('pageOrigins'),
    fixZh: expect.stringContaining('pageOrigins'),
  })
})

describe('mistakes', () => {
  test('in the configuration are all listed, as serve does, and exit with 2', async () => {
    const broken = { publicUrl: 'mem.example.com', ratelimits: {} }
    const text = await doctor(broken)
    expect([text.code, text.stdout]).toEqual([2, ''])
    expect(text.stderr.trim().split('\n')).toHaveLength(2)
    const json = await doctor(broken, '--json')
    expect(json.code).toBe(2)
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      steps: [{ id: 'configuration', status: 'failed', detail: text.stderr.trim() }],
    })
  })

  test('in the command line exit with 2', async () => {
    const none = await wxH5(folder, ['doctor'])
    expect([none.code, none.stdout]).toEqual([2, ''])
    expect(none.stderr).toMatch(/^No configuration: wx-h5 doctor needs an account/)
    const account = await doctor({}, '--account', appIdOf(999))
    expect(account.code).toBe(2)
    expect(account.stderr).toContain(appId('good'))
    const url = await doctor({}, '--url', 'h5.example.com')
    expect(url.code).toBe(2)
    expect(url.stderr).toMatch(/whole address/)
  })
})

test('no secret, token or ticket is in any output', async () => {
  const secrets = {
    redis: 'redis://user:redis-canary-password@127.0.0.1:1',
    database: 'postgres://user:postgres-canary-password@127.0.0.1:1/db',
    clients: [{ clientId: 'crm', clientSecret: 'client-canary-secret', scopes: ['sign'] }],
  }
  pages.set('/MP_verify_x.txt', { body: 'page-canary-content' })
  const runs = [await doctor(secrets), await doctor(secrets, '--json')]
  const output = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n')
  expect(output).toContain('127.0.0.1:1')
  const issued = sandbox
    .snapshot()
    .accounts.flatMap(({ tokens, tickets }) =>
      [...tokens.stable, ...tokens.classic, ...tickets.jsapi, ...tickets.wx_card].map(({ value }) => value),
    )
  expect(issued.length).toBeGreaterThan(2)
  for (const secret of [...issued, appSecret, 'canary']) expect(output).not.toContain(secret)
  expect(output).not.toMatch(/^\s+at /m)
})
