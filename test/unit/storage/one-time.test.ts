import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../server/clock.ts'
import { guardOneTime } from '../../../server/storage/guarded-one-time.ts'
import { createMemoryOneTime } from '../../../server/storage/memory-one-time.ts'
import type { OneTimeStore } from '../../../server/storage/one-time.ts'
import { openPostgres } from '../../../server/storage/postgres.ts'
import { connectRedis } from '../../../server/storage/redis.ts'
import { createRedisOneTime } from '../../../server/storage/redis-one-time.ts'
import { createSqlOneTime } from '../../../server/storage/sql-one-time.ts'
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

/** What every store of things that are used once must do. */
function describeOneTime(name: string, open: (() => Promise<OneTimeStore>) | undefined): void {
  describe.skipIf(open === undefined)(`one-time store: ${name}`, () => {
    let store: OneTimeStore
    let number = 0
    const newKey = () => `${name} ${number++}`
    async function start(): Promise<void> {
      if (open !== undefined) store = await open()
    }

    test('gives back what was put, and keeps it when read', async () => {
      await start()
      const mine = newKey()
      await store.put(mine, '{"openid":"o"}', 60_000)
      expect(await store.read(mine)).toBe('{"openid":"o"}')
      expect(await store.read(mine)).toBe('{"openid":"o"}')
      expect(await store.read(newKey())).toBeUndefined()
    })

    test('of 50 that take at once exactly one gets it', async () => {
      await start()
      const mine = newKey()
      await store.put(mine, 'once', 60_000)
      const taken = await Promise.all(Array.from({ length: 50 }, () => store.take(mine)))
      expect(taken.filter((value) => value !== undefined)).toEqual(['once'])
      expect(await store.read(mine)).toBeUndefined()
    })

    test('of 50 that add at once exactly one succeeds', async () => {
      await start()
      const mine = newKey()
      const added = await Promise.all(
        Array.from({ length: 50 }, (_, index) => store.add(mine, String(index), 60_000)),
      )
      expect(added.filter(Boolean)).toHaveLength(1)
      expect(await store.read(mine)).toBe(String(added.indexOf(true)))
    })

    test('what was taken can be added again', async () => {
      await start()
      const mine = newKey()
      expect(await store.add(mine, 'one', 60_000)).toBe(true)
      await store.take(mine)
      expect(await store.add(mine, 'two', 60_000)).toBe(true)
      expect(await store.take(mine)).toBe('two')
    })

    test('put replaces', async () => {
      await start()
      const mine = newKey()
      await store.put(mine, 'one', 60_000)
      await store.put(mine, 'two', 60_000)
      expect(await store.take(mine)).toBe('two')
    })
  })
}

describeOneTime('memory', async () => createMemoryOneTime(systemClock))
describeOneTime('SQLite', async () => {
  const database = await openSqlite(':memory:')
  closers.push(() => database.destroy())
  return createSqlOneTime(database, systemClock)
})
describeOneTime(
  'PostgreSQL',
  postgres &&
    (async () => {
      const database = await openPostgres(postgres.url, () => undefined)
      closers.push(() => database.destroy())
      return createSqlOneTime(database, systemClock)
    }),
)
describeOneTime(
  'Redis',
  redis &&
    (async () => {
      const connection = await connectRedis(redis.url)
      closers.push(async () => connection.disconnect())
      return createRedisOneTime(connection, redis.prefix)
    }),
)

test.each(['memory', 'SQLite'])('what is over is gone for readers, takers and adders (%s)', async (kind) => {
  const clock = createManualClock()
  const database = await openSqlite(':memory:')
  closers.push(() => database.destroy())
  const store = kind === 'memory' ? createMemoryOneTime(clock) : createSqlOneTime(database, clock)
  for (const key of ['a', 'b', 'c']) await store.put(key, 'value', 1_000)
  await clock.advance(1_000)
  expect(await store.read('a')).toBeUndefined()
  expect(await store.take('b')).toBeUndefined()
  expect(await store.add('c', 'new', 1_000)).toBe(true)
})

test('the memory store holds a bounded number of things nobody comes back for', async () => {
  const store = createMemoryOneTime(createManualClock())
  for (let state = 0; state < 100_500; state++) await store.put(`state ${state}`, 'x', 600_000)
  expect(await store.read('state 0')).toBeUndefined()
  expect(await store.read('state 100499')).toBe('x')
})

test('rows that are over are swept from the database', async () => {
  const clock = createManualClock()
  const database = await openSqlite(':memory:')
  closers.push(() => database.destroy())
  const store = createSqlOneTime(database, clock)
  for (let state = 0; state < 20; state++) await store.put(`state ${state}`, 'x', 1_000)
  await clock.advance(60_000)
  await store.put('one more', 'x', 1_000)
  const rows = await database.selectFrom('one_time').select('key').execute()
  expect(rows).toEqual([{ key: 'one more' }])
})

test('many rows that are over are swept in pieces, so that no request waits for all of them', async () => {
  const clock = createManualClock()
  const database = await openSqlite(':memory:')
  closers.push(() => database.destroy())
  const store = createSqlOneTime(database, clock)
  for (let state = 0; state < 1_200; state++) await store.put(`state ${state}`, 'x', 1_000)
  await clock.advance(60_000)
  const left = []
  for (let turn = 0; turn < 3; turn++) {
    await store.put(`new ${turn}`, 'x', 600_000)
    left.push((await database.selectFrom('one_time').select('key').execute()).length - turn - 1)
  }
  expect(left).toEqual([700, 200, 0])
})

test('of more logins than fit the oldest are forgotten, and nothing that a login has earned', async () => {
  const clock = createManualClock()
  const database = await openSqlite(':memory:')
  closers.push(() => database.destroy())
  const store = createSqlOneTime(database, clock, 2_000)
  await store.put('ticket:early', 'x', 60_000)
  for (let state = 0; state < 12_000; state++) {
    await store.put(`flow:${state}`, 'x', 600_000 + state)
    if (state % 1_000 === 999) {
      const rows = await database.selectFrom('one_time').select('key').execute()
      expect(rows.length).toBeLessThanOrEqual(3_000)
    }
  }
  expect(await store.read('flow:0')).toBeUndefined()
  expect(await store.read('flow:11999')).toBe('x')
  expect(await store.read('ticket:early')).toBe('x')
})

test('a store that fails refuses with one clear error, and tells the operator why', async () => {
  const reasons: unknown[] = []
  const broken = () => Promise.reject(new Error('attempt to write a readonly database'))
  const store = guardOneTime({ put: broken, add: broken, read: broken, take: broken }, (error) =>
    reasons.push(error),
  )
  for (const answer of [store.put('k', 'v', 1), store.add('k', 'v', 1), store.read('k'), store.take('k')]) {
    await expect(answer).rejects.toMatchObject({ code: 'storage_unavailable', status: 503, retryAfterS: 2 })
  }
  expect(reasons).toHaveLength(4)
})
