import { ServiceError } from '../errors.ts'
import type { OneTimeStore } from './one-time.ts'

/**
 * Turns failures of a store into `storage_unavailable`: what must be remembered and cannot be is refused, never
 * skipped.
 */
export function guardOneTime(store: OneTimeStore, onError: (error: unknown) => void): OneTimeStore {
  async function guard<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      onError(error)
      throw new ServiceError('storage_unavailable', 'The storage of this service does not answer.', {
        hint: 'Try again in a moment; operators: check "redis" and "database". 请稍后重试；运维请检查 redis 与 database。',
        retryAfterS: 2,
      })
    }
  }
  return {
    put: (key, value, ttlMs) => guard(store.put(key, value, ttlMs)),
    add: (key, value, ttlMs) => guard(store.add(key, value, ttlMs)),
    read: (key) => guard(store.read(key)),
    take: (key) => guard(store.take(key)),
  }
}
