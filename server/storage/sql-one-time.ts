import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { OneTimeStore } from './one-time.ts'
import type { Database } from './schema.ts'

/** Expired rows are swept at most this often. */
const SWEEP_EVERY_MS = 60_000

/** Keeps values in the database; taking one is a single DELETE … RETURNING. */
export function createSqlOneTime(
  database: Kysely<Database>,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): OneTimeStore {
  let sweptAt = clock.monotonic()

  async function sweep(): Promise<void> {
    if (clock.monotonic() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = clock.monotonic()
    await database.deleteFrom('one_time').where('expires_at', '<=', clock.now()).execute()
  }

  return {
    async put(key, value, ttlMs) {
      await sweep()
      const row = { value, expires_at: clock.now() + ttlMs }
      await database
        .insertInto('one_time')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute()
    },
    async add(key, value, ttlMs) {
      await sweep()
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
