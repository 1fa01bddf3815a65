import type { Redis } from 'ioredis'
import type { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { type Clock, systemClock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import { createAddressCounts } from './address-counts.ts'

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

/**
 * Counts one request of an address; `undefined` lets it through without waiting.
 *
 * @throws {ServiceError} `rate_limited` with the seconds to wait
 */
export type RateLimit = (address: string) => Promise<void> | undefined

/**
 * Limits how often one address may ask.
 *
 * @param key of the limit below `rateLimits`
 * @param shared counts for all replicas together; while that Redis does not answer, each counts for itself
 */
export function createRateLimit(
  rule: RateLimitRule,
  key: string,
  shared?: SharedCounters,
  clock: Pick<Clock, 'monotonic'> = systemClock,
): RateLimit {
  if (rule.points === 0) return () => undefined
  const counts = createAddressCounts(rule, clock)
  const own: RateLimit = (address) => {
    const waitMs = counts.take(address)
    return waitMs === 0 ? undefined : Promise.reject(tooMany(waitMs, rule, key))
  }
  return shared === undefined ? own : countTogether(rule, key, shared, own)
}

function countTogether(rule: RateLimitRule, key: string, shared: SharedCounters, own: RateLimit): RateLimit {
  let loading: Promise<RateLimiterRedis> | undefined
  return async (address) => {
    loading ??= loadLimiter(rule, key, shared)
    const limiter = await loading
    try {
      await limiter.consume(address)
    } catch (rejection) {
      if (rejection instanceof Error) return own(address)
      throw tooMany((rejection as RateLimiterRes).msBeforeNext, rule, key)
    }
  }
}

/** Loaded only where there is a Redis: it would make every start slower. */
async function loadLimiter(
  rule: RateLimitRule,
  key: string,
  shared: SharedCounters,
): Promise<RateLimiterRedis> {
  const limiters = await import('rate-limiter-flexible')
  return new limiters.RateLimiterRedis({
    points: rule.points,
    duration: rule.perSeconds,
    storeClient: shared.redis,
    keyPrefix: `${shared.prefix}rate:${key}`,
    // Whoever is over the limit is told so from memory, without asking Redis again.
    inMemoryBlockOnConsumed: rule.points + 1,
    rejectIfRedisNotReady: true,
  })
}

function tooMany(waitMs: number, rule: RateLimitRule, key: string): ServiceError {
  return new ServiceError(
    'rate_limited',
    `More than ${rule.points} requests in ${rule.perSeconds} s from this address.`,
    {
      hint: `Wait, or raise rateLimits.${key}; behind a proxy set trustedProxies, or all visitors share one address.`,
      retryAfterS: Math.max(1, Math.ceil(waitMs / 1_000)),
    },
  )
}
