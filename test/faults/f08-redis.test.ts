import { afterAll, expect, onTestFinished } from 'vitest'
import { authInfoConfig, authInfoSandbox } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHistory, Refused } from '../support/history.ts'
import { checkCalls, checkLiving, checkOnce, truthOf } from '../support/history-checks.ts'
import { createHttpClient, tally } from '../support/http-client.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { startServiceProcess } from '../support/processes.ts'
import { emptyRedis, temporaryRedis } from '../support/redis.ts'
import { account, json } from '../support/service.ts'
import { type Chaos, createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createTokenServer, tokenClient } from '../support/token-server.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const { appId } = account
const PAGES = 50
const START = `/wx/api/fans/authInfo?portid=4&authType=snsapi_base&redirectPath=${encodeURIComponent('https://h5.example.com/')}`

const redis = await temporaryRedis()
afterAll(async () => redis?.clear())

let row = 0

async function start() {
  const real = new URL(redis?.url ?? '')
  const proxy = await createTcpProxy({ host: real.hostname, port: Number(real.port || 6379) })
  onTestFinished(proxy.close)
  const { sandbox, url } = await startWechat(authInfoSandbox())
  const service = await startServiceProcess({
    ...authInfoConfig(),
    wechat: { apiHosts: [url] },
    redis: `redis://127.0.0.1:${proxy.port}${real.pathname}`,
    redisPrefix: `${redis?.prefix}${row++}:`,
    // High, but on: counting goes through Redis too.
    rateLimits: {
      signature: { points: 1_000_000, perSeconds: 60 },
      authInfo: { points: 1_000_000, perSeconds: 60 },
    },
    clients: [tokenClient],
  })
  const client = createHttpClient()
  const history = createHistory(sandbox.clock.now)
  const browser = createOAuthBrowser(sandbox, (path, init) => fetch(`${service.url}${path}`, init))
  const tokens = await createTokenServer(client, service.url)
  const sign = (page: string) =>
    history.record(page, { kind: 'sign', appId }, () => client.sign(service.url, { appId }))
  const depart = async (): Promise<string> =>
    browser.authorize((await browser.ask(START)).headers.get('location') ?? '')
  return { proxy, sandbox, service, history, browser, tokens, sign, depart }
}

const chaos: [string, Chaos][] = [
  ['gone', { kind: 'cut' }],
  ['slow: two seconds a command', { kind: 'latency', ms: 1_000 }],
  ['half-open: it takes commands and never answers', { kind: 'black_hole', forGood: true }],
  ['resetting every connection', { kind: 'reset' }],
]

for (const [name, injected] of chaos) {
  fault(
    'F8',
    {
      injected: `Redis is ${name}`,
      expected:
        'pages are signed from memory, tokens served, logins refused with 503 and no state skipped; it heals',
      skip: redis === undefined,
    },
    async (see) => {
      const { proxy, sandbox, history, browser, tokens, sign, depart } = await start()
      await sign('first')
      const back = await depart()
      proxy.inject(injected)
      await Promise.all(Array.from({ length: PAGES }, (_, page) => sign(`page ${page}`)))
      await history.record('backend', { kind: 'read', appId, of: 'access_token' }, () =>
        tokens.read(appId, 'access_token'),
      )
      see(tally(history.operations))
      expect(history.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([])

      const began = performance.now()
      const refused = await Promise.all([browser.ask(back), browser.ask(START)])
      see(
        `login ${refused.map(({ status }) => status).join(' and ')} in ${Math.round(performance.now() - began)} ms`,
      )
      for (const response of refused) {
        expect([response.status, response.headers.get('location')]).toEqual([503, null])
        expect(await response.text()).toContain('storage_unavailable')
      }
      expect(sandbox.calls('sns/oauth2/access_token')).toEqual([])

      proxy.mend()
      await until(async () => (await browser.ask(START)).status === 302)
      const landed = await browser.ask(back)
      see(`afterwards ${landed.status} with the state of before`)
      expect(landed.headers.get('location')).toContain('openid=')
      await sign('last')
      expect(checkLiving(history, truthOf(sandbox))).toEqual([])
      expect(checkCalls(sandbox, { 'cgi-bin/stable_token': 2, 'cgi-bin/ticket/getticket': 2 })).toEqual([])
    },
  )
}

const losses: [string, (proxy: TcpProxy) => Promise<boolean>][] = [
  [
    'Redis is flushed',
    async () => {
      await redis?.flush()
      return true
    },
  ],
  [
    'Redis fails over to an empty replica',
    async (proxy) => {
      const replica = await emptyRedis()
      if (replica === undefined) return false
      proxy.retarget(replica)
      return true
    },
  ],
]

for (const [injected, lose] of losses) {
  fault(
    'F8',
    {
      injected,
      expected:
        'pages are signed from memory; a state that is lost is refused, never skipped; new logins work once each',
      skip: redis === undefined,
    },
    async (see) => {
      const { proxy, sandbox, service, history, browser, tokens, sign, depart } = await start()
      await sign('first')
      const back = await depart()
      if (!(await lose(proxy))) return see('not tested: no redis-server to start')
      await Promise.all(Array.from({ length: PAGES }, (_, page) => sign(`page ${page}`)))
      await until(async () => (await browser.ask(START)).status === 302)
      const lost = await browser.ask(back)
      see(`${tally(history.operations)}; the lost state ${lost.status}`)
      expect([lost.status, lost.headers.get('location')]).toEqual([400, null])
      expect(await lost.text()).toContain('state_invalid')
      expect(sandbox.calls('sns/oauth2/access_token')).toEqual([])

      const { address } = await browser.open(START)
      const ticket = new URL(address).searchParams.get('ticket') ?? ''
      const redeem = (name: string) =>
        history.record(name, { kind: 'use', key: 'the ticket of a login' }, async () => {
          const response = await fetch(`${service.url}/v1/identity/redeem`, {
            ...json({ ticket }),
            headers: { 'content-type': 'application/json', 'sso-token': tokens.ssoToken },
          })
          if (response.status === 400) throw new Refused(await response.text())
          expect(response.status).toBe(200)
        })
      await Promise.all(Array.from({ length: 10 }, (_, number) => redeem(`backend ${number}`)))
      expect(checkOnce(history)).toEqual([])
      expect(
        history.operations.filter(({ act, outcome }) => act.kind === 'sign' && outcome !== 'ok'),
      ).toEqual([])
      expect(history.operations.filter(({ outcome }) => outcome === 'info')).toEqual([])
      expect(
        history.operations.filter(({ act, outcome }) => act.kind === 'use' && outcome === 'ok').length,
      ).toBe(1)
      expect(checkLiving(history, truthOf(sandbox))).toEqual([])
      expect(checkCalls(sandbox, { 'cgi-bin/stable_token': 2, 'cgi-bin/ticket/getticket': 2 })).toEqual([])
    },
  )
}
