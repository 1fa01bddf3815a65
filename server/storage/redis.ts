import type { Redis } from 'ioredis'

/** For commands whose caller waits: what takes longer than this counts as gone. */
const COMMAND_TIMEOUT_MS = 250
const CONNECT_TIMEOUT_MS = 2_000
/** A connection on which nothing is answered for this many command times is given up: it may be deaf for ever. */
const SILENT_COMMANDS = 4
const RECONNECT_MS = 1_000
const START_WAIT_MS = 1_000

export interface RedisOptions {
  /** Default 250. */
  readonly commandTimeoutMs?: number
  /** Told once when the connection is lost, however often connecting fails then. */
  readonly onLost?: (error: unknown) => void
  /** Told once when it is back. */
  readonly onBack?: () => void
}

/**
 * Connects to Redis. The service starts and lives without it: after a second of waiting, connecting goes on in the
 * background.
 *
 * Commands fail at once while there is no connection instead of queueing, and after 250 ms otherwise, so that a
 * Redis in trouble costs its callers little.
 */
export async function connectRedis(url: string, options: RedisOptions = {}): Promise<Redis> {
  // Loaded only where it is configured: it costs a tenth of the start, and 20 MB.
  const ioredis = await import('ioredis')
  const { commandTimeoutMs = COMMAND_TIMEOUT_MS } = options
  const redis = new ioredis.Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    socketTimeout: SILENT_COMMANDS * commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MS,
  })
  let lost = false
  redis.on('error', (error) => {
    if (!lost) options.onLost?.(error)
    lost = true
  })
  redis.on('ready', () => {
    if (lost) options.onBack?.()
    lost = false
  })
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, START_WAIT_MS)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return redis
}
