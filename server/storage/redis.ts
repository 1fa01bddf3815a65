import { Redis } from 'ioredis'

const COMMAND_TIMEOUT_MS = 250
const CONNECT_TIMEOUT_MS = 2_000
const RECONNECT_MS = 1_000
const START_WAIT_MS = 1_000

/**
 * Connects to Redis. The service starts and lives without it: after a second of waiting, connecting goes on in the
 * background.
 *
 * Commands fail at once while there is no connection instead of queueing, and after 250 ms otherwise, so that a
 * Redis in trouble costs its callers little.
 */
export async function connectRedis(url: string, onError: (error: unknown) => void): Promise<Redis> {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MS,
  })
  redis.on('error', onError)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, START_WAIT_MS)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return redis
}
