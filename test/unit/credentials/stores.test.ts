import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../server/clock.ts'
import { claim, fail, LEASE_MS, type Ledger, release, type Turn } from '../../../server/credentials/ledger.ts'
import { createMemoryStore } from '../../../server/credentials/memory-store.ts'
import { createRedisStore } from '../../../server/credentials/redis-store.ts'
import { refusalLimits } from '../../../server/credentials/refusal-limits.ts'
import { createSqlStore } from '../../../server/credentials/sql-store.ts'
import type { CredentialStore } from '../../../server/credentials/store.ts'
import { systemRandom } from '../../../server/random.ts'
import { openPostgres } from '../../../server/storage/postgres.ts'
import { connectRedis } from '../../../server/storage/redis.ts'
import { openSqlite } from '../../../server/storage/sqlite.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { temporaryPostgres } from '../../support/postgres.ts'
import { temporaryRedis } from '../../support/redis.ts'

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
  return join(folder, 'private', 'wx-h5.db')
}

async function sqlStore(path: string): Promise<CredentialStore> {
  const database = await openSqlite(path)
  closers.push(() => database.destroy())
  return createSqlStore(database, systemClock)
}

const APP = 'wx0123456789abcdef'
const credential = (generation: number, value = `value-${generation}`) => ({
  value,
  obtainedAt: 1_767_225_600_000 + generation,
  expiresAt: 1_767_232_800_000 + generation,
  generation,
})

/** What every store must do; the vault relies on it. */
function describeStore(name: string, openOne: (() => Promise<CredentialStore>) | undefined): void {
  describe.skipIf(openOne === undefined)(`credential store: ${name}`, () => {
    const open = (): Promise<CredentialStore> => {
      if (openOne === undefined) throw new Error('skipped')
      return openOne()
    }

    test('knows nothing at first', async () => {
      expect(await (await open()).read(APP, 'jsapi')).toBeUndefined()
    })

    test('gives back what was written, to the millisecond', async () => {
      const store = await open()
      expect(await store.write(APP, 'jsapi', credential(1))).toEqual(credential(1))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(1))
    })

    test('keeps accounts and kinds apart', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(1, 'page'))
      await store.write(APP, 'wx_card', credential(1, 'card'))
      await store.write('wxffffffffffffffff', 'jsapi', credential(1, 'other'))
      expect((await store.read(APP, 'jsapi'))?.value).toBe('page')
      expect((await store.read(APP, 'wx_card'))?.value).toBe('card')
      expect((await store.read('wxffffffffffffffff', 'jsapi'))?.value).toBe('other')
    })

    test('a newer generation replaces an older one', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(1))
      expect(await store.write(APP, 'jsapi', credential(2))).toEqual(credential(2))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(2))
    })

    test('a late writer loses and is told what is stored', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(3))
      expect(await store.write(APP, 'jsapi', credential(2))).toEqual(credential(3))
      expect(await store.write(APP, 'jsapi', credential(3, 'second with this number'))).toEqual(credential(3))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(3))
    })

    test('of many writers at once the newest stays', async () => {
      const store = await open()
      const generations = Array.from({ length: 50 }, (_, index) => ((index * 37) % 50) + 1)
      await Promise.all(generations.map((generation) => store.write(APP, 'jsapi', credential(generation))))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(50))
    })

    test('values are kept whatever they hold', async () => {
      const store = await open()
      const value = `'; drop table credentials; -- ${'x'.repeat(512)} 票据`
      await store.write(APP, 'jsapi', credential(1, value))
      expect((await store.read(APP, 'jsapi'))?.value).toBe(value)
    })

    test('a turn sees the ledger and what is stored, and changes nothing unless it says so', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(3))
      const look: Turn<unknown> = (ledger, stored) => ({ answer: [ledger.holder, stored] })
      expect(await store.turn(APP, 'jsapi', look)).toEqual(['', credential(3)])
      const before = await store.changes(undefined)
      await store.turn(APP, 'jsapi', look)
      expect((await store.changes(before.cursor)).changed).toEqual([])
    })

    test('keeps every field of a ledger', async () => {
      const store = await open()
      const ledger: Ledger = {
        holder: 'somebody',
        endsAt: 1_767_225_600_123,
        failure: { code: 'wechat_refused', message: 'wrong 密钥', errcode: 40125, times: 2 },
        generation: 9,
        day: 20_454,
        calls: 12,
        forced: 3,
        forcedAt: 1_767_225_600_124,
        takenOverAt: 1_767_225_600_125,
        contestedUntil: 1_767_225_600_126,
      }
      await store.turn(APP, 'jsapi', () => ({ ledger, answer: undefined }))
      expect(await store.turn(APP, 'jsapi', (stored) => ({ answer: stored }))).toEqual(ledger)
    })

    test('of many who ask to be elected at once one is, and the others are told to wait', async () => {
      const store = await open()
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.turn(APP, 'jsapi', claim(asking(`caller ${index}`)))),
      )
      expect(answers.map(({ result }) => result).sort()).toEqual(['granted', ...Array(19).fill('held')])
    })

    test('who was elected gives way by releasing, and to nobody by a release of others', async () => {
      const store = await open()
      const first = await store.turn(APP, 'jsapi', claim(asking('first')))
      await store.turn(APP, 'jsapi', release('second'))
      expect(await store.turn(APP, 'jsapi', claim(asking('second')))).toMatchObject({ result: 'held' })
      await store.turn(APP, 'jsapi', release('first'))
      const second = await store.turn(APP, 'jsapi', claim(asking('second')))
      expect(first).toMatchObject({ result: 'granted', generation: 1 })
      expect(second).toMatchObject({ result: 'granted', generation: 2 })
    })

    test('of turns at once none is lost', async () => {
      const store = await open()
      const count: Turn<void> = (ledger) => ({
        ledger: { ...ledger, calls: ledger.calls + 1 },
        answer: undefined,
      })
      await Promise.all(Array.from({ length: 10 }, () => store.turn(APP, 'jsapi', count)))
      expect(await store.turn(APP, 'jsapi', (ledger) => ({ answer: ledger.calls }))).toBe(10)
    })

    test('a failure is told to others for its pause only', async () => {
      const store = await open()
      const failure = { code: 'wechat_refused', message: 'wrong secret', errcode: 40125, times: 1 }
      await store.turn(APP, 'jsapi', claim(asking('first')))
      await store.turn(APP, 'jsapi', fail('first', failure, 5_000))
      expect(await store.turn(APP, 'jsapi', claim(asking('second')))).toMatchObject({
        result: 'failed',
        failure,
      })
      await store.turn(APP, 'wx_card', claim(asking('first')))
      await store.turn(APP, 'wx_card', fail('first', failure, -1))
      expect(await store.turn(APP, 'wx_card', claim(asking('second')))).toMatchObject({ result: 'granted' })
    })

    test('the first look at changes says that it cannot tell; later ones name what changed since', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(1))
      const first = await store.changes(undefined)
      expect(first).toMatchObject({ lost: true, changed: [] })
      expect(await store.changes(first.cursor)).toEqual({ cursor: first.cursor, lost: false, changed: [] })
      await store.write(APP, 'jsapi', credential(2))
      await store.turn(APP, 'access_token', claim(asking('somebody')))
      const second = await store.changes(first.cursor)
      expect(second.lost).toBe(false)
      expect(second.changed).toMatchObject([
        { appId: APP, kind: 'jsapi', credential: credential(2) },
        { appId: APP, kind: 'access_token', credential: undefined, ledger: { holder: 'somebody', calls: 1 } },
      ])
      expect((await store.changes(second.cursor)).changed).toEqual([])
    })

    test('a late writer changes nothing for others', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(3))
      const { cursor } = await store.changes(undefined)
      await store.write(APP, 'jsapi', credential(2))
      expect((await store.changes(cursor)).changed).toEqual([])
    })

    test('more changes than fit come in portions, none twice and none missing', async () => {
      const store = await open()
      let { cursor } = await store.changes(undefined)
      const accounts = Array.from({ length: 250 }, (_, index) => `wx${String(index).padStart(16, '0')}`)
      await Promise.all(accounts.map((appId) => store.write(appId, 'jsapi', credential(1))))
      const seen: string[] = []
      for (let portion = 0; portion < 3; portion++) {
        const changes = await store.changes(cursor)
        cursor = changes.cursor
        seen.push(...changes.changed.map(({ appId }) => appId))
      }
      expect(seen.sort()).toEqual(accounts)
    })
  })
}

const asking = (holder: string) => ({ holder, generation: 0, wants: () => false })

describeStore('memory', async () => createMemoryStore(systemClock))
describeStore('SQLite without a file', () => sqlStore(':memory:'))
describeStore('SQLite in a file', async () => sqlStore(await sqliteFile()))
describeStore(
  'PostgreSQL',
  postgres &&
    (async () => {
      const database = await openPostgres(postgres.url, () => undefined)
      closers.push(async () => {
        for (const table of ['credentials', 'credential_ledger'] as const) {
          await database.deleteFrom(table).execute()
        }
        await database.destroy()
      })
      return createSqlStore(database, systemClock)
    }),
)
let redisTurn = 0
async function redisStore(url: string, prefix: string): Promise<CredentialStore> {
  const connection = await connectRedis(url)
  closers.push(async () => connection.disconnect())
  return createRedisStore(connection, prefix, systemRandom)
}
describeStore('Redis', redis && (() => redisStore(redis.url, `${redis.prefix}${redisTurn++}:`)))

test.skipIf(redis === undefined)(
  'a Redis that has lost its data says that it cannot tell what changed, and every key in it ends by itself',
  async () => {
    const prefix = `${redis?.prefix}lost:`
    const store = await redisStore(redis?.url ?? '', prefix)
    const connection = await connectRedis(redis?.url ?? '')
    closers.push(async () => connection.disconnect())
    await store.changes(undefined)
    await store.write(APP, 'jsapi', credential(5))
    await store.turn(APP, 'jsapi', claim(asking('somebody')))
    const { cursor } = await store.changes(undefined)
    const keys = await connection.keys(`${prefix}*`)
    expect(keys).toHaveLength(4)
    for (const key of keys) expect(await connection.pttl(key), key).toBeGreaterThan(7_200_000)
    await connection.del(...keys)
    expect(await store.changes(cursor)).toMatchObject({ lost: true, changed: [] })
    await store.write(APP, 'jsapi', credential(6))
    expect((await store.changes(cursor)).lost).toBe(true)
  },
)

test.each(['memory', 'SQLite'])(
  'a lease ends by itself, and at once when the clock is set back (%s)',
  async (kind) => {
    const clock = createManualClock()
    const database = await openSqlite(':memory:')
    closers.push(() => database.destroy())
    const store = kind === 'memory' ? createMemoryStore(clock) : createSqlStore(database, clock)
    await store.turn(APP, 'jsapi', claim(asking('first')))
    await clock.advance(LEASE_MS - 1)
    expect(await store.turn(APP, 'jsapi', claim(asking('second')))).toMatchObject({
      result: 'held',
      leftMs: 1,
    })
    await clock.advance(1)
    expect(await store.turn(APP, 'jsapi', claim(asking('second')))).toMatchObject({ result: 'granted' })
    clock.step(-3_600_000)
    expect(await store.turn(APP, 'jsapi', claim(asking('third')))).toMatchObject({ result: 'granted' })
  },
)

test('refusals are granted 30 s apart and ten times a day by the calendar of Shanghai', async () => {
  const clock = createManualClock(Date.UTC(2026, 0, 1, 0, 0))
  const store = createMemoryStore(clock)
  const refusal = { ...refusalLimits('access_token', 'stable'), muchLifeLeft: true }
  const granted: string[] = []
  for (let second = 0; second < 20 * 3_600; second += 10) {
    const { result } = await store.turn(APP, 'access_token', claim({ ...asking('one'), refusal }))
    if (result === 'granted') granted.push(new Date(clock.now()).toISOString().slice(11, 19))
    clock.step(10_000)
  }
  expect(granted.slice(0, 3)).toEqual(['00:00:00', '00:00:30', '00:01:00'])
  expect(granted[10]).toBe('16:00:00')
  expect(granted).toHaveLength(20)
})

test('every classic token counts, up to half of what WeChat grants', async () => {
  const clock = createManualClock(Date.UTC(2026, 0, 1, 16, 0))
  const store = createMemoryStore(clock)
  const refusal = { ...refusalLimits('access_token', 'classic'), muchLifeLeft: false }
  const results: string[] = []
  for (let call = 0; call < 1_002; call++) {
    const ask = call < 990 ? asking('one') : { ...asking('one'), refusal }
    results.push((await store.turn(APP, 'access_token', claim(ask))).result)
    clock.step(60_000)
  }
  expect(results.filter((result) => result === 'granted')).toHaveLength(1_000)
  expect(results.slice(-2)).toEqual(['spent', 'spent'])
})

test('a token that others take over twice in three hours is contested, and taken back two minutes apart', async () => {
  const clock = createManualClock()
  const store = createMemoryStore(clock)
  const refusal = { ...refusalLimits('access_token', 'classic'), muchLifeLeft: true }
  const takeBack = () => store.turn(APP, 'access_token', claim({ ...asking('one'), refusal }))
  expect(await takeBack()).toMatchObject({ result: 'granted', contested: false })
  clock.step(30_000)
  expect(await takeBack()).toMatchObject({ result: 'granted', contested: true })
  clock.step(119_999)
  expect(await takeBack()).toMatchObject({ result: 'spent' })
  clock.step(1)
  expect(await takeBack()).toMatchObject({ result: 'granted', contested: false })
  clock.step(4 * 3_600_000)
  expect(await takeBack()).toMatchObject({ result: 'granted', contested: false })
})

test('a SQLite file keeps its credentials after the process is gone', async () => {
  const path = await sqliteFile()
  const database = await openSqlite(path)
  await createSqlStore(database, systemClock).write(APP, 'jsapi', credential(4))
  await database.destroy()
  expect(await (await sqlStore(path)).read(APP, 'jsapi')).toEqual(credential(4))
})

test('two processes can open the same new SQLite file at once', async () => {
  const path = await sqliteFile()
  const stores = await Promise.all([sqlStore(path), sqlStore(path)])
  await stores[0]?.write(APP, 'jsapi', credential(1))
  expect(await stores[1]?.read(APP, 'jsapi')).toEqual(credential(1))
})

test('a SQLite file may be read by its owner only', async () => {
  const path = await sqliteFile()
  await (await sqlStore(path)).write(APP, 'jsapi', credential(1))
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    expect(((await stat(file)).mode & 0o777).toString(8), file).toBe('600')
  }
})

test('a file that is no database is refused by name, with the key, and left as it was', async () => {
  const path = await sqliteFile()
  await mkdir(dirname(path))
  await writeFile(path, 'this is a letter, not a database'.repeat(100))
  await expect(openSqlite(path)).rejects.toThrow(/^database: cannot use the file .*wx-h5\.db/)
  expect(await readFile(path, 'utf8')).toBe('this is a letter, not a database'.repeat(100))
})

test('a folder that cannot be made is refused by name', async () => {
  const path = await sqliteFile()
  await writeFile(dirname(path), 'a file where the folder should be')
  await expect(openSqlite(path)).rejects.toThrow(path)
})
