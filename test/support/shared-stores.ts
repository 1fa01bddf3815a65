import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryPostgres } from './postgres.ts'
import { temporaryFolder } from './processes.ts'
import { temporaryRedis } from './redis.ts'

/** What replicas can share, by name: its part of the configuration, `undefined` where there is no such server. */
export const sharedStores: readonly (readonly [name: string, open: () => Promise<object | undefined>])[] = [
  ['Redis', openRedis],
  ['PostgreSQL', openPostgres],
  ['one SQLite file', openSqliteFile],
]

async function openRedis(): Promise<object | undefined> {
  const redis = await temporaryRedis()
  if (redis === undefined) return undefined
  onTestFinished(redis.clear)
  return { redis: redis.url, redisPrefix: redis.prefix, database: 'memory' }
}

async function openPostgres(): Promise<object | undefined> {
  const postgres = await temporaryPostgres()
  if (postgres === undefined) return undefined
  onTestFinished(postgres.drop)
  return { database: postgres.url }
}

async function openSqliteFile(): Promise<object> {
  return { database: `sqlite:${join(await temporaryFolder(), 'shared.db')}` }
}
