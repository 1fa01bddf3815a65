import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'

const SERVER = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

/**
 * A key prefix of this run's own in a real Redis; `undefined`, with one visible line, where no server answers.
 * With CI=true a missing server is a failure.
 */
export async function temporaryRedis(): Promise<
  { url: string; prefix: string; clear(): Promise<void> } | undefined
> {
  const prefix = `wx-h5-test-${randomBytes(6).toString('hex')}:`
  const redis = new Redis(SERVER, {
    lazyConnect: true,
    connectTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  try {
    await redis.connect()
  } catch (error) {
    const line = `Redis does not answer at ${new URL(SERVER).host}: its tests are skipped. Start one (apt-get install redis-server) or set REDIS_URL.`
    if (process.env.CI === 'true') throw new Error(line, { cause: error })
    console.warn(line)
    return undefined
  }
  return {
    url: SERVER,
    prefix,
    async clear() {
      const keys = await redis.keys(`${prefix}*`)
      if (keys.length > 0) await redis.del(...keys)
      redis.disconnect()
    },
  }
}
