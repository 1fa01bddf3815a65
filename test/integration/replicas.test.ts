import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from '../../demo/sandbox/index.ts'
import { compose, type Service } from '../../server/compose.ts'
import { parseConfig } from '../../server/config/load.ts'
import { authInfoConfig, authInfoSandbox, tokenOf } from '../support/auth-info.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { temporaryRedis } from '../support/redis.ts'
import { fetchFrom, json, silentLogger } from '../support/service.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const postgres = await temporaryPostgres()
const redis = await temporaryRedis()
afterAll(async () => {
  await postgres?.drop()
  await redis?.clear()
})

const START = `/wx/api/fans/authInfo?portid=4&authType=snsapi_base&redirectPath=${encodeURIComponent('https://h5.example.com/')}`

async function startReplicas(
  count: number,
  storage: object,
): Promise<{ services: Service[]; sandbox: Sandbox }> {
  const sandbox = createSandbox(authInfoSandbox())
  const config = parseConfig({ ...authInfoConfig(), ...storage })
  const services = await Promise.all(
    Array.from({ length: count }, () =>
      compose(config, { fetch: fetchFrom(sandbox), logger: silentLogger() }),
    ),
  )
  closers.push(() => Promise.all(services.map((service) => service.close())))
  return { services, sandbox }
}

async function sqliteFile(): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
  closers.push(() => rm(folder, { recursive: true }))
  return { database: `sqlite:${join(folder, 'wx-h5.db')}` }
}

const storages: [string, (() => Promise<object>) | undefined][] = [
  ['one SQLite file', sqliteFile],
  ['PostgreSQL', postgres && (async () => ({ database: postgres.url }))],
  [
    'Redis',
    redis && (async () => ({ ...(await sqliteFile()), redis: redis.url, redisPrefix: redis.prefix })),
  ],
]

describe.each(storages)('replicas that share %s', (_name, storage) => {
  test.skipIf(storage === undefined)(
    'of 100 callbacks over two replicas one exchanges the code, and the visitor gets one answer',
    async () => {
      const { services, sandbox } = await startReplicas(2, (await storage?.()) ?? {})
      let turn = 0
      const browser = createOAuthBrowser(sandbox, async (path, init) =>
        (services[turn++ % 2] as Service).app.request(path, init),
      )
      const departure = await browser.ask(START)
      const back = await browser.authorize(departure.headers.get('location') ?? '')
      const answers = await Promise.all(Array.from({ length: 100 }, () => browser.ask(back)))
      const places = new Set(answers.map(({ headers }) => headers.get('location')))
      expect([...places]).toEqual([expect.stringContaining('openid=')])
      expect(sandbox.calls('sns/oauth2/access_token')).toHaveLength(1)
    },
  )

  test.skipIf(storage === undefined)(
    'of ten replicas that redeem one ticket at once exactly one succeeds',
    async () => {
      const { services, sandbox } = await startReplicas(10, (await storage?.()) ?? {})
      const [first] = services as [Service, ...Service[]]
      const ask = async (path: string, init?: RequestInit) => first.app.request(path, init)
      const { address } = await createOAuthBrowser(sandbox, ask).open(START)
      const ticket = new URL(address).searchParams.get('ticket') ?? ''
      const token = await tokenOf(ask)
      const answers = await Promise.all(
        services.map((service) =>
          service.app.request('/v1/identity/redeem', {
            ...json({ ticket }),
            headers: { 'content-type': 'application/json', 'sso-token': token },
          }),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...new Array(9).fill(400)])
    },
  )
})

test.skipIf(redis === undefined)(
  'when Redis is gone between the two redirects the state is refused, never skipped, and kept',
  async () => {
    const real = new URL(redis?.url ?? '')
    const proxy = await createTcpProxy({ host: real.hostname, port: Number(real.port || 6379) })
    closers.push(proxy.close)
    const { services, sandbox } = await startReplicas(1, {
      ...(await sqliteFile()),
      redis: `redis://127.0.0.1:${proxy.port}`,
      redisPrefix: redis?.prefix,
    })
    const [service] = services as [Service]
    const browser = createOAuthBrowser(sandbox, async (path, init) => service.app.request(path, init))
    // Redis comes back by itself; how soon is not ours to say.
    const reach = async (address: string): Promise<Response> => {
      for (let tries = 0; tries < 200; tries++) {
        const response = await browser.ask(address)
        if (response.status === 302) return response
        expect(response.status, await response.clone().text()).toBe(503)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error('Redis did not come back')
    }
    const departure = await browser.ask(START)
    const back = await browser.authorize(departure.headers.get('location') ?? '')
    proxy.cut()
    const gone = await browser.ask(back)
    expect([gone.status, gone.headers.get('location')]).toEqual([503, null])
    expect(await gone.text()).toContain('storage_unavailable')
    expect(sandbox.calls('sns/oauth2/access_token')).toEqual([])
    expect((await browser.ask(START)).status).toBe(503)
    proxy.mend()
    expect((await reach(back)).headers.get('location')).toContain('openid=')
  },
)
