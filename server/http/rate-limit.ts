import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { ServiceError } from '../errors.ts'

export interface RateLimitRule {
  /** Requests per address in the window; 0 switches the limit off. */
  readonly points: number
  readonly perSeconds: number
}

/** Where replicas count together. */
export interface SharedCounters {
  readonly redis: Redis
  /** What every key starts with, such as `wx-h5:`. */
  readonly prefix: string
}

/** Counts one request of an address. @throws {ServiceError} `rate_limited` with the seconds to wait. */
export type RateLimit = (address: string) => Promise<void> | undefined

/**
 * Limits how often one address may ask.
 *
 * @param key of the limit below `rateLimits`
 * @param shared counts for all replicas together; while that Redis does not answer, each counts for itself
 */
export function createRateLimit(rule: RateLimitRule, key: string, shared?: SharedCounters): RateLimit {
  if (rule.points === 0) return () => undefined
  const limiter = createLimiter(rule, key, shared)
  return async (address) => {
    try {
      await limiter.consume(address)
    } catch (rejection) {
      throw tooMany(rejection, rule, key)
    }
  }
}

function createLimiter(rule: RateLimitRule, key: string, shared: SharedCounters | undefined) {
  const options = { points: rule.points, duration: rule.perSeconds }
  const own = new RateLimiterMemory(options)
  if (shared === undefined) return own
  return new RateLimiterRedis({
    ...options,
    storeClient: shared.redis,
    keyPrefix: `${shared.prefix}rate:${key}`,
    // Whoever is over the limit is told so from memory, without asking Redis again.
    inMemoryBlockOnConsumed: rule.points + 1,
    rejectIfRedisNotReady: true,
    insuranceLimiter: own,
  })
}

function tooMany(rejection: unknown, rule: RateLimitRule, key: string): unknown {
  if (rejection instanceof Error) return rejection
  const waitMs = Number((rejection as { msBeforeNext?: number }).msBeforeNext ?? 1_000)
  return new ServiceError(
    'rate_limited',
    `More than ${rule.points} requests in ${rule.perSeconds} s from this address.`,
    {
      hint: `Wait, or raise rateLimits.${key}; behind a proxy set trustedProxies, or all visitors share one address.`,
      retryAfterS: Math.max(1, Math.ceil(waitMs / 1_000)),
    },
  )
}
