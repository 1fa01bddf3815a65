import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Clock } from '../clock.ts'
import type { OneTimeStore } from './one-time.ts'
import type { Database } from './schema.ts'

/** Expired rows are looked for at most this often, unless there were more than one sweep takes. */
const SWEEP_EVERY_MS = 60_000
/** Rows that one request sweeps: a million at once would hold up everybody for seconds. */
const SWEEP_ROWS = 500
/** Anybody may begin a login, from as many addresses as they have: above this the oldest are forgotten. */
const MAX_ROWS = 200_000
const COUNT_EVERY_PUTS = 1_000
/** Where logins that were begun are kept. What somebody has earned by a login is under other names, and stays. */
const BEGUN = 'flow:%'

/** Keeps values in the database; taking one is a single DELETE … RETURNING. */
export function createSqlOneTime(
  database: Kysely<Database>,
  clock: Pick<Clock, 'now' | 'monotonic'>,
  maxRows = MAX_ROWS,
): OneTimeStore {
  let sweptAt = clock.monotonic()
  let sweeping = false
  let puts = 0
  let surplus = 0

  async function tidyUp(): Promise<void> {
    puts++
    if (sweeping) return
    sweeping = true
    try {
      if (clock.monotonic() - sweptAt >= SWEEP_EVERY_MS) await sweep()
      if (puts >= COUNT_EVERY_PUTS) await count()
      if (surplus > 0) await forgetOldest()
    } finally {
      sweeping = false
    }
  }

  async function sweep(): Promise<void> {
    const over = database
      .selectFrom('one_time')
      .select('key')
      .where('expires_at', '<=', clock.now())
      .limit(SWEEP_ROWS)
    if ((await remove(over)) < SWEEP_ROWS) sweptAt = clock.monotonic()
  }

  async function count(): Promise<void> {
    puts = 0
    const { rows } = await database
      .selectFrom('one_time')
      .select(({ fn }) => fn.countAll().as('rows'))
      .executeTakeFirstOrThrow()
    surplus = Math.max(0, Number(rows) - maxRows)
  }

  async function forgetOldest(): Promise<void> {
    const oldest = database
      .selectFrom('one_time')
      .select('key')
      .where('key', 'like', BEGUN)
      .orderBy('expires_at')
      .limit(Math.min(surplus, SWEEP_ROWS))
    const removed = await remove(oldest)
    surplus = removed === 0 ? 0 : surplus - removed
  }

  async function remove(keys: SelectQueryBuilder<Database, 'one_time', { key: string }>): Promise<number> {
    const { numDeletedRows } = await database
      .deleteFrom('one_time')
      .where('key', 'in', keys)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }

  return {
    async put(key, value, ttlMs) {
      await tidyUp()
      const row = { value, expires_at: clock.now() + ttlMs }
      await database
        .insertInto('one_time')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute()
    },
    async add(key, value, ttlMs) {
      await tidyUp()
      const row = { value, expires_at: clock.now() + ttlMs }
      const added = await database
        .insertInto('one_time')
        .values({ key, ...row })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet(row).where('one_time.expires_at', '<=', clock.now()),
        )
        .returning('key')
        .executeTakeFirst()
      return added !== undefined
    },
    async read(key) {
      const row = await database
        .selectFrom('one_time')
        .select('value')
        .where('key', '=', key)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
      return row?.value
    },
    async take(key) {
      const row = await database
        .deleteFrom('one_time')
        .where('key', '=', key)
        .returning(['value', 'expires_at'])
        .executeTakeFirst()
      return row !== undefined && Number(row.expires_at) > clock.now() ? row.value : undefined
    },
  }
}
