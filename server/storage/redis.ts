import { Redis } from 'ioredis'

const COMMAND_TIMEOUT_MS = 250
const CONNECT_TIMEOUT_MS = 2_000
const RECONNECT_MS = 1_000

/**
 * Connects to Redis, in the background: the service starts and lives without it.
 *
 * Commands fail at once while there is no connection instead of queueing, and after 250 ms otherwise, so that a
 * Redis in trouble costs its callers little.
 */
export function connectRedis(url: string, onError: (error: unknown) => void): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MS,
  })
  redis.on('error', onError)
  return redis
}
