import type { Redis } from 'ioredis'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import { guardOneTime } from './guarded-one-time.ts'
import type { OneTimeStore } from './one-time.ts'
import { openDatabase, type Target } from './open-database.ts'
import { connectRedis } from './redis.ts'
import { createRedisOneTime } from './redis-one-time.ts'
import type { Database } from './schema.ts'
import { createSqlOneTime } from './sql-one-time.ts'

export interface Storage {
  readonly database: Kysely<Database>
  /** In Redis when there is one, else in the database: shared by all replicas either way. */
  readonly oneTime: OneTimeStore
  /** Where replicas count together; absent without Redis. */
  readonly shared: { readonly redis: Redis; readonly prefix: string } | undefined
  close(): Promise<void>
}

export interface StorageTrouble {
  readonly database: (error: unknown) => void
  readonly redis: (error: unknown) => void
  readonly oneTime: (error: unknown) => void
}

const PREFIX = 'wx-h5:'

/**
 * Opens everything that outlives a request, as configured.
 *
 * @throws {StorageError} when the database cannot be used; Redis may come later
 */
export async function openStorage(
  config: { readonly database: Target; readonly redis?: string },
  clock: Clock,
  trouble: StorageTrouble,
): Promise<Storage> {
  const database = await openDatabase(config.database, trouble.database)
  const redis = config.redis === undefined ? undefined : await connectRedis(config.redis, trouble.redis)
  const oneTime = redis === undefined ? createSqlOneTime(database, clock) : createRedisOneTime(redis, PREFIX)
  return {
    database,
    oneTime: guardOneTime(oneTime, trouble.oneTime),
    shared: redis === undefined ? undefined : { redis, prefix: PREFIX },
    async close() {
      redis?.disconnect()
      await database.destroy()
    },
  }
}
