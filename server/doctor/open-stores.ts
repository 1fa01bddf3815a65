import type { Clock } from '../clock.ts'
import type { Config } from '../config/types.ts'
import { createRedisStore } from '../credentials/redis-store.ts'
import { createSqlStore } from '../credentials/sql-store.ts'
import type { CredentialStore } from '../credentials/store.ts'
import type { RandomBytes } from '../random.ts'
import { checkDatabase } from './check-database.ts'
import { checkRedis } from './check-redis.ts'
import { type Finding, skipped } from './step.ts'
import type { NewName } from './try-store.ts'
import { withinLimit } from './within-limit.ts'

/** What outlives a request, opened for a look. */
export interface Stores {
  readonly redis: Finding
  readonly database: Finding
  /** Where a running service keeps its tickets; absent when it cannot be used. */
  readonly credentials: Pick<CredentialStore, 'read'> | undefined
  close(): Promise<void>
}

/** Opens Redis and database as they are, and checks both. */
export async function openStores(
  config: Pick<Config, 'redis' | 'redisPrefix' | 'database'>,
  world: { readonly clock: Clock; readonly random: RandomBytes; readonly newName: NewName },
): Promise<Stores> {
  const { clock, random, newName } = world
  const { redis: url, redisPrefix } = config
  const [cache, kept] = await Promise.all([
    url === undefined
      ? { finding: withoutRedis, redis: undefined }
      : withinLimit(
          clock,
          () => checkRedis(url, redisPrefix, clock, newName),
          (finding) => ({ finding, redis: undefined }),
        ),
    withinLimit(
      clock,
      () => checkDatabase(config.database, clock, newName),
      (finding) => ({ finding, database: undefined }),
    ),
  ])
  const { redis } = cache
  const { database } = kept
  const shared = redis && createRedisStore(redis, redisPrefix, random)
  return {
    redis: cache.finding,
    database: kept.finding,
    credentials: url === undefined ? database && createSqlStore(database, clock) : shared,
    async close() {
      redis?.disconnect()
      await database?.destroy()
    },
  }
}

const withoutRedis = skipped('"redis" is not set: right for one process.')
