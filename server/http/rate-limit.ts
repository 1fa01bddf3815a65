import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ServiceError } from '../errors.ts'

export interface RateLimitRule {
  /** Requests per address in the window; 0 switches the limit off. */
  readonly points: number
  readonly perSeconds: number
}

/** Counts one request of an address. @throws {ServiceError} `rate_limited` with the seconds to wait. */
export type RateLimit = (address: string) => Promise<void> | undefined

export function createRateLimit(rule: RateLimitRule, key: string): RateLimit {
  if (rule.points === 0) return () => undefined
  const limiter = new RateLimiterMemory({ points: rule.points, duration: rule.perSeconds })
  return async (address) => {
    try {
      await limiter.consume(address)
    } catch (rejection) {
      throw tooMany(rejection, rule, key)
    }
  }
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
