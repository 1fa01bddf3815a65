import type { Redis } from 'ioredis'
import type { OneTimeStore } from './one-time.ts'

/** Keeps values in Redis; taking one is a single GETDEL. */
export function createRedisOneTime(
  redis: Pick<Redis, 'set' | 'get' | 'getdel'>,
  prefix: string,
): OneTimeStore {
  return {
    async put(key, value, ttlMs) {
      await redis.set(`${prefix}${key}`, value, 'PX', Math.ceil(ttlMs))
    },
    async add(key, value, ttlMs) {
      return (await redis.set(`${prefix}${key}`, value, 'PX', Math.ceil(ttlMs), 'NX')) === 'OK'
    },
    async read(key) {
      return (await redis.get(`${prefix}${key}`)) ?? undefined
    },
    async take(key) {
      return (await redis.getdel(`${prefix}${key}`)) ?? undefined
    },
  }
}
