import { expect, onTestFinished } from 'vitest'
import { authInfoConfig, authInfoSandbox } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHistory } from '../support/history.ts'
import { checkCalls, checkLiving, truthOf } from '../support/history-checks.ts'
import { createHttpClient, tally } from '../support/http-client.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { type Chaos, createTcpProxy } from '../support/tcp-proxy.ts'
import { createTokenServer, tokenClient } from '../support/token-server.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const { appId } = account
const PAGES = 50
const TOKEN = 'cgi-bin/stable_token'
const START = `/wx/api/fans/authInfo?portid=4&authType=snsapi_base&redirectPath=${encodeURIComponent('https://h5.example.com/')}`

/** With what a login is answered meanwhile. */
const chaos: [string, Chaos, number][] = [
  ['gone', { kind: 'cut' }, 503],
  ['resetting every connection', { kind: 'reset' }, 503],
  [
    'a black hole, and stays one for the connections that fell in',
    { kind: 'black_hole', forGood: true },
    503,
  ],
  ['slow: a second a query', { kind: 'latency', ms: 500 }, 302],
]

for (const [name, injected, status] of chaos) {
  fault(
    'F8',
    {
      injected: `PostgreSQL is ${name}`,
      expected: `pages are signed from memory, tokens served and refreshed, logins ${status === 503 ? 'refused with 503' : 'slower'}; it heals`,
    },
    async (see) => {
      const postgres = await temporaryPostgres()
      if (postgres === undefined) return see('not tested: there is no PostgreSQL')
      onTestFinished(postgres.drop)
      const real = new URL(postgres.url)
      const proxy = await createTcpProxy({ host: real.hostname, port: Number(real.port || 5432) })
      onTestFinished(proxy.close)
      const behind = new URL(real)
      behind.host = `127.0.0.1:${proxy.port}`
      const { sandbox, url } = await startWechat(authInfoSandbox())
      const service = await startServiceProcess({
        ...authInfoConfig(),
        wechat: { apiHosts: [url] },
        database: behind.href,
        rateLimits: {
          signature: { points: 0, perSeconds: 60 },
          authInfo: { points: 0, perSeconds: 60 },
        },
        clients: [tokenClient],
      })
      const client = createHttpClient()
      const history = createHistory(sandbox.clock.now)
      const browser = createOAuthBrowser(sandbox, async (path, init) =>
        fetch(`${service.url}${path}`, { ...init, signal: AbortSignal.timeout(20_000) }),
      )
      const tokens = await createTokenServer(client, service.url)
      const read = (attempt: () => Promise<string>) =>
        history.record('backend', { kind: 'read', appId, of: 'access_token' }, attempt)
      const sign = (page: string) =>
        history.record(page, { kind: 'sign', appId }, () => client.sign(service.url, { appId }))

      await sign('first')
      const old = String((await read(() => tokens.read(appId, 'access_token'))).seen)
      const back = await browser.authorize((await browser.ask(START)).headers.get('location') ?? '')
      const before = sandbox.snapshot().callCounts[TOKEN] ?? 0
      proxy.inject(injected)

      await Promise.all(Array.from({ length: PAGES }, (_, page) => sign(`page ${page}`)))
      await read(() => tokens.read(appId, 'access_token'))
      sandbox.revokeTokens(appId)
      const fresh = await read(() => tokens.rejected(appId, old))
      see(`${tally(history.operations)}, a refresh among them`)
      expect(history.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
      expect(fresh.seen).not.toBe(old)

      const began = performance.now()
      const refused = await Promise.all([browser.ask(back), browser.ask(START)])
      const statuses = refused.map(({ status }) => status)
      see(`login ${statuses.join(' and ')} in ${Math.round(performance.now() - began)} ms`)
      expect(statuses).toEqual([status, status])
      expect(sandbox.calls('sns/oauth2/access_token').length).toBe(status === 503 ? 0 : 1)

      proxy.mend()
      await until(async () => (await browser.ask(START)).status === 302)
      const landed = await browser.ask(back)
      see(`afterwards ${landed.status} with the state of before`)
      expect(landed.headers.get('location')).toContain('openid=')
      expect(checkLiving(history, truthOf(sandbox))).toEqual([])
      expect(checkCalls(sandbox, { [TOKEN]: before + 1 })).toEqual([])
    },
  )
}
