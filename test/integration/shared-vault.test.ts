import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { builtInAccount, createSandbox, type Sandbox } from '../../demo/sandbox/index.ts'
import { compose, type Service } from '../../server/compose.ts'
import { parseConfig } from '../../server/config/load.ts'
import { createLogger } from '../../server/observability/logger.ts'
import { openSqlite } from '../../server/storage/sqlite.ts'
import { throughBothDoors } from '../support/doors.ts'
import { testKeys } from '../support/keys.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { temporaryRedis } from '../support/redis.ts'
import { account, createTestService, fetchFrom, form, PAGE, silentLogger } from '../support/service.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'

const TOKEN = 'cgi-bin/stable_token'
const CLASSIC = 'cgi-bin/token'
const TICKET = 'cgi-bin/ticket/getticket'

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

async function sqliteFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
  closers.push(() => rm(folder, { recursive: true }))
  return join(folder, 'wx-h5.db')
}

async function startOn(storage: object, sandbox: Sandbox, logger = silentLogger()): Promise<Service> {
  const config = parseConfig({
    keys: testKeys,
    accounts: [account],
    rateLimits: { signature: { points: 0, perSeconds: 60 } },
    ...storage,
  })
  const service = await compose(config, { fetch: fetchFrom(sandbox), logger })
  closers.push(service.close)
  return service
}

const sandboxOf = (): Sandbox =>
  createSandbox({ accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }] })

async function sign(service: Service): Promise<number> {
  return (await service.app.request('/v1/jsapi/signature', form({ url: PAGE }))).status
}

const storages: [string, (() => Promise<object>) | undefined][] = [
  ['one SQLite file', async () => ({ database: `sqlite:${await sqliteFile()}` })],
  ['PostgreSQL', postgres && (async () => ({ database: postgres.url }))],
  [
    'Redis',
    redis && (async () => ({ database: 'memory', redis: redis.url, redisPrefix: `${redis.prefix}one:` })),
  ],
]

describe.each(storages)('eight services that share %s', (_name, storage) => {
  test.skipIf(storage === undefined)(
    'answer 2,000 pages at once with one token call and one ticket call, and a ninth makes none',
    async () => {
      const sandbox = sandboxOf()
      const shared = (await storage?.()) ?? {}
      const services = await Promise.all(Array.from({ length: 8 }, () => startOn(shared, sandbox)))
      const statuses = await Promise.all(
        Array.from({ length: 2_000 }, (_, page) => sign(services[page % 8] as Service)),
      )
      expect(new Set(statuses)).toEqual(new Set([200]))
      expect(await sign(await startOn(shared, sandbox))).toBe(200)
      expect([sandbox.calls(TOKEN).length, sandbox.calls(TICKET).length]).toEqual([1, 1])
    },
  )
})

test('services that share nothing make one call each, and get the same stable token', async () => {
  const sandbox = sandboxOf()
  const services = await Promise.all(
    Array.from({ length: 4 }, () => startOn({ database: 'memory' }, sandbox)),
  )
  const pages = services.flatMap((service) => Array.from({ length: 50 }, () => sign(service)))
  expect(new Set(await Promise.all(pages))).toEqual(new Set([200]))
  expect([sandbox.calls(TOKEN).length, sandbox.calls(TICKET).length]).toEqual([4, 4])
  expect(sandbox.snapshot().accounts[0]?.tokens.stable).toHaveLength(1)
})

test.skipIf(redis === undefined)(
  'two services with prefixes of their own share a Redis, and nothing in it',
  async () => {
    const sandbox = sandboxOf()
    for (const name of ['two', 'three']) {
      const storage = { database: 'memory', redis: redis?.url, redisPrefix: `${redis?.prefix}${name}:` }
      expect(await sign(await startOn(storage, sandbox))).toBe(200)
    }
    expect(sandbox.calls(TICKET)).toHaveLength(2)
  },
)

test.skipIf(redis === undefined)(
  'while Redis is gone pages are signed and nothing is asked twice; one line says it, and one that it is back',
  async () => {
    const real = new URL(redis?.url ?? '')
    const proxy = await createTcpProxy({ host: real.hostname, port: Number(real.port || 6379) })
    closers.push(proxy.close)
    const lines: string[] = []
    const logger = createLogger({ destination: { write: (line) => void lines.push(line) } })
    const sandbox = sandboxOf()
    const service = await startOn(
      {
        database: 'memory',
        redis: `redis://127.0.0.1:${proxy.port}`,
        redisPrefix: `${redis?.prefix}gone:`,
      },
      sandbox,
      logger,
    )
    const said = (text: string): number => lines.filter((line) => line.includes(text)).length
    expect(await sign(service)).toBe(200)
    proxy.cut()
    await until(async () => {
      expect(await sign(service)).toBe(200)
      return said('Redis does not answer') > 0 && said('the store of credentials does not answer') > 0
    })
    // Long enough for it to try, and fail, to connect again.
    const tries = performance.now() + 2_500
    await until(async () => {
      expect(await sign(service)).toBe(200)
      return performance.now() > tries
    })
    proxy.mend()
    await until(async () => {
      expect(await sign(service)).toBe(200)
      return said('Redis is back') > 0 && said('the store of credentials is back') > 0
    })
    expect([said('Redis does not answer'), said('the store of credentials does not answer')]).toEqual([1, 1])
    expect([said('Redis is back'), said('the store of credentials is back')]).toEqual([1, 1])
    expect([sandbox.calls(TOKEN).length, sandbox.calls(TICKET).length]).toEqual([1, 1])
  },
)

test('a database that the version before goes on writing is read, and what we write is what it knows', async () => {
  const file = await sqliteFile()
  const sandbox = sandboxOf()
  expect(await sign(await startOn({ database: `sqlite:${file}` }, sandbox))).toBe(200)
  const database = await openSqlite(file)
  closers.push(() => database.destroy())
  const rows = await database.selectFrom('credentials').selectAll().where('kind', '=', 'jsapi').execute()
  expect(rows).toMatchObject([{ app_id: account.appId, value: expect.any(String), generation: 1 }])
  const theirs = { value: 'a ticket of the version before', generation: 2 }
  await database.updateTable('credentials').set(theirs).where('kind', '=', 'jsapi').execute()
  const started = await startOn({ database: `sqlite:${file}` }, sandbox)
  expect(await sign(started)).toBe(200)
  expect(sandbox.calls(TICKET)).toHaveLength(1)
})

throughBothDoors('a classic account that another program refreshes too', (open) => {
  test('is signed for all the same, and named in log, metric and readiness with what to do', async () => {
    const clock = createManualClock()
    const { service, sandbox, logs } = await createTestService({
      account: { tokenApi: 'classic' },
      world: { clock },
    })
    const door = await open(service)
    closers.push(service.close, door.close)
    const { appId, appSecret } = account
    const signed = async () =>
      (await door.ask('/v1/jsapi/signature', form({ url: PAGE }))).json() as Promise<Record<string, unknown>>
    await signed()
    for (let times = 0; times < 2; times++) {
      await sandbox.fetch(
        new Request(
          `https://api.weixin.qq.com/${CLASSIC}?${new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret })}`,
        ),
      )
      await clock.advance(600_000)
      // Our token is dead by now; a page that had its signature refused makes us use it.
      const page = await signed()
      sandbox.rotateTicket(appId)
      const fields = Object.fromEntries(Object.entries(page).map(([name, value]) => [name, String(value)]))
      const rejected = await door.ask('/v1/jsapi/rejected', form(fields))
      expect(await rejected.json()).toEqual({ refreshed: true })
      await settle()
    }
    expect((await signed()).signature).toEqual(expect.stringMatching(/^[0-9a-f]{40}$/))
    expect(sandbox.calls(CLASSIC)).toHaveLength(5)
    expect(await (await door.ask('/readyz')).json()).toMatchObject({
      status: 'ready',
      accounts: [
        { state: 'ready', warning: { code: 'token_contested', hint: expect.stringContaining('stable') } },
      ],
    })
    expect(await (await door.ask('/metrics')).text()).toContain(
      `wxh5_credential_contested{app_id="${appId}"} 1`,
    )
    const named = logs().filter(({ code }) => code === 'token_contested')
    expect(named).toMatchObject([{ level: 'warn', appId, msg: expect.stringMatching(/tokenApi.*刷新/) }])
  })
})
