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
  readonly shared: SharedRedis | undefined
  close(): Promise<void>
}

export interface SharedRedis {
  readonly redis: Redis
  /** The same server, for callers that watch the time themselves. */
  readonly patientRedis: Redis
  /** What every key begins with. */
  readonly prefix: string
}

export interface StorageTrouble {
  readonly database: (error: unknown) => void
  /** Once when Redis is lost, and once when it is back. */
  readonly redis: (error: unknown) => void
  readonly redisBack: () => void
  readonly oneTime: (error: unknown) => void
}

/** A last resort: whoever uses the patient connection stops waiting long before. */
const PATIENT_MS = 5_000

/**
 * Opens everything that outlives a request, as configured.
 *
 * @throws {StorageError} when the database cannot be used; Redis may come later
 */
export async function openStorage(
  config: { readonly database: Target; readonly redis?: string; readonly redisPrefix: string },
  clock: Clock,
  trouble: StorageTrouble,
): Promise<Storage> {
  const database = await openDatabase(config.database, trouble.database)
  const shared =
    config.redis === undefined ? undefined : await openRedis(config.redis, config.redisPrefix, trouble)
  const oneTime =
    shared === undefined ? createSqlOneTime(database, clock) : createRedisOneTime(shared.redis, shared.prefix)
  return {
    database,
    oneTime: guardOneTime(oneTime, trouble.oneTime),
    shared,
    async close() {
      shared?.redis.disconnect()
      shared?.patientRedis.disconnect()
      await database.destroy()
    },
  }
}

async function openRedis(url: string, prefix: string, trouble: StorageTrouble): Promise<SharedRedis> {
  const [redis, patientRedis] = await Promise.all([
    connectRedis(url, { onLost: trouble.redis, onBack: trouble.redisBack }),
    // It is lost and comes back with the other one, which says so.
    connectRedis(url, { commandTimeoutMs: PATIENT_MS }),
  ])
  return { redis, patientRedis, prefix }
}
