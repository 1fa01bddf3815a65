import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { systemRandom } from '../../server/random.ts'
import { authInfoConfig, authInfoSandbox, tokenOf } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHttpClient } from '../support/http-client.ts'
import { startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { account, createTestService, fetchFrom, form, json, PAGE } from '../support/service.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const SECRET = 'what-a-driver-puts-into-its-errors'

/** One good request for every route. */
function requests(token: string): [string, string, RequestInit?][] {
  const backend = (body: unknown): RequestInit => ({
    ...json(body),
    headers: { 'content-type': 'application/json', 'sso-token': token },
  })
  const put = (fields: Record<string, string>): RequestInit => ({
    method: 'PUT',
    body: new URLSearchParams(fields),
    headers: { 'sso-token': token },
  })
  const rejected = { url: PAGE, timestamp: '1', nonceStr: 'n', signature: '0'.repeat(40) }
  const target = encodeURIComponent('https://h5.example.com/')
  const { appId } = account
  const read: RequestInit = { headers: { 'sso-token': token } }
  return [
    ['/v1/jsapi/signature', '/v1/jsapi/signature', form({ appId, url: PAGE })],
    ['/v1/jsapi/rejected', '/v1/jsapi/rejected', form({ appId, ...rejected })],
    ['/apis/wxplatform/jsticket', '/apis/wxplatform/jsticket', form({ appid: appId, url: PAGE })],
    ['/v1/cards/ext', '/v1/cards/ext', backend({ appId, cards: [{ cardId: 'pCard000000000000000000001' }] })],
    ['/v1/cards/choose', '/v1/cards/choose', backend({ appId })],
    [
      '/v1/cards/grants',
      '/v1/cards/grants',
      backend({ appId, openid: 'oVisitor0000000000000000001', cardId: 'pCard000000000000000000001' }),
    ],
    ['/v1/identity/redeem', '/v1/identity/redeem', backend({ ticket: 'a'.repeat(32) })],
    ['/v1/oauth/exchange', '/v1/oauth/exchange', backend({ appId, code: 'aCode' })],
    [
      '/v1/oauth/url',
      '/v1/oauth/url',
      backend({ appId, redirectUri: 'https://h5.example.com/', scope: 'snsapi_base' }),
    ],
    ['/wx/api/fans/authInfo', `/wx/api/fans/authInfo?portid=4&redirectPath=${target}`],
    ['/wx/api/fans/authInfo/callback', `/wx/api/fans/authInfo/callback?code=c&state=${'s'.repeat(32)}`],
    ['/wxplatform/webauth', `/wxplatform/webauth?appid=${appId}`],
    [
      '/oauth2/ums/oauth2/accessToken',
      '/oauth2/ums/oauth2/accessToken',
      form({
        grant_type: 'client_credentials',
        autoRefresh: 'false',
        applicationKey: 'shop',
        client_id: 'backend',
        client_secret: 'bf2b6a3c9d5e4f708192a3b4c5d6e7f8',
      }),
    ],
    [
      '/wx/api/fans/addFans',
      '/wx/api/fans/addFans',
      put({ appId, fans: '[{"openId":"oVisitor01","unionId":"uVisitor01"}]' }),
    ],
    ['/wx/api/fans/addUser', '/wx/api/fans/addUser', put({ unionId: 'uVisitor01' })],
    ['/wx/api/fans/getFans', '/wx/api/fans/getFans?userId=123456789012345678&portId=4', read],
    ['/v1/accounts', '/v1/accounts', read],
    ['/v1/accounts/{appId}/access-token', `/v1/accounts/${appId}/access-token`, read],
    [
      '/v1/accounts/{appId}/access-token/rejected',
      `/v1/accounts/${appId}/access-token/rejected`,
      backend({ accessToken: 'x'.repeat(40) }),
    ],
    ['/v1/accounts/{appId}/tickets/{kind}', `/v1/accounts/${appId}/tickets/jsapi`, read],
    ['/healthz', '/healthz'],
    ['/readyz', '/readyz'],
    ['/metrics', '/metrics'],
    ['/.well-known/jwks.json', '/.well-known/jwks.json'],
  ]
}

fault(
  'F19',
  {
    injected: 'clock, randomness or fetch throw inside every route, one after the other',
    expected:
      '500 in the shape of the route, nothing of the error in it, counted, logged; the service goes on',
  },
  async (see) => {
    const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    let broken: 'clock' | 'random' | 'fetch' | undefined
    /** Throws once: at the first use after it was broken. */
    function breakable<Value>(part: typeof broken, value: () => Value): Value {
      if (broken !== part) return value()
      broken = undefined
      throw Object.assign(new Error(`boom ${SECRET}`), { detail: SECRET })
    }
    const running = await createTestService({
      sandbox: authInfoSandbox(),
      config: {
        ...authInfoConfig(),
        database: `sqlite:${join(folder, 'wx-h5.db')}`,
        clients: authInfoConfig().clients.map((client) => ({
          ...client,
          scopes: [...client.scopes, 'token:read', 'ticket:read', 'admin'],
        })),
      },
      world: {
        clock: {
          now: () => breakable('clock', Date.now),
          monotonic: () => performance.now(),
          sleep: async () => undefined,
        },
        random: (size) => breakable('random', () => systemRandom(size)),
        fetch: (input, init) => breakable('fetch', () => fetchFrom(running.sandbox)(input, init)),
      },
    })
    onTestFinished(running.service.close)
    const ask = async (path: string, init?: RequestInit) => running.service.app.request(path, init)
    const table = requests(await tokenOf(ask))
    const documented = Object.keys((await (await ask('/openapi.json')).json()).paths)
    expect(table.map(([route]) => route).sort()).toEqual(documented.sort())

    // A living ticket: without one, every route would only show that the ticket cannot be had.
    await ask('/v1/jsapi/signature', form({ appId: account.appId, url: PAGE }))
    const failedRoutes = new Set<string>()
    let failures = 0
    for (const part of ['clock', 'random', 'fetch'] as const) {
      for (const [route, path, init] of table) {
        broken = part
        const headers = { ...(init?.headers as object), 'x-request-id': 'the-id-of-it' }
        const answer = await ask(path, { ...init, headers })
        broken = undefined
        const text = await answer.text()
        expect(text, route).not.toContain(SECRET)
        expect(text, route).not.toContain('boom')
        expect(answer.headers.get('x-request-id'), route).toBe('the-id-of-it')
        if (answer.status !== 500) continue
        failures += 1
        failedRoutes.add(route)
        expect(text, route).toContain('internal_error')
        expect(text, route).toContain('the-id-of-it')
      }
    }
    const metrics = await (await ask('/metrics')).text()
    const counted = [
      ...metrics.matchAll(/^wxh5_http_requests_total\{.*status="500",code="internal_error"\} (\d+)/gm),
    ]
    const logged = running.logs().filter(({ msg }) => msg === 'request failed unforeseen')
    see(`${failures} × 500 on ${failedRoutes.size} of ${table.length} routes, all counted and logged`)
    expect(failedRoutes.size).toBeGreaterThanOrEqual(15)
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(failures)
    expect(logged).toHaveLength(failures)
    // Everything works again, without a restart.
    expect((await ask('/v1/jsapi/signature', form({ appId: account.appId, url: PAGE }))).status).toBe(200)
  },
)

const PRELOAD = `
process.on('SIGUSR2', () => void Promise.reject(new Error('injected rejection')))
process.on('SIGQUIT', () => setImmediate(() => { throw new Error('injected exception') }))
`

fault(
  'F19',
  {
    injected: 'in a real process under load: a rejection nobody waits for, then an exception out of nowhere',
    expected: 'the first: logged, counted, nothing else; the second: logged, every request answered, exit 1',
  },
  async (see) => {
    const folder = await temporaryFolder()
    const preload = join(folder, 'preload.mjs')
    await writeFile(preload, PRELOAD)
    const wechat = await startWechat()
    vi.stubEnv('NODE_OPTIONS', `--import ${preload}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const service = await startServiceProcess({
      wechat: { apiHosts: [wechat.url] },
      rateLimits: { signature: { points: 0, perSeconds: 60 } },
    })
    const client = createHttpClient()
    let going = true
    let signed = 0
    const failed: string[] = []
    const pages = Array.from({ length: 8 }, async () => {
      while (going) {
        await client.sign(service.url).then(
          () => (signed += 1),
          (error: Error) => failed.push(error.message),
        )
      }
    })
    await until(() => signed > 100)
    service.signal('SIGUSR2')
    await until(async () => {
      const metrics = (await client.ask(`${service.url}/metrics`)).text
      return metrics.includes('wxh5_uncaught_errors_total{kind="rejection"} 1')
    })
    const after = signed
    await until(() => signed > after + 100)
    see(`rejection: counted, ${signed} signed, ${failed.length} failed`)
    service.signal('SIGQUIT')
    await until(async () => (await client.ask(`${service.url}/readyz`)).status === 503)
    going = false
    await Promise.all(pages)
    const ending = await service.ended
    see(`exception: readiness 503, ${failed.length} of ${signed} failed, exit ${ending}`)
    expect(failed).toEqual([])
    expect(ending).toBe(1)
    const lines = service
      .output()
      .split('\n')
      .filter((line) => line.includes('nobody caught this error'))
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['error', 'fatal'])
  },
)
