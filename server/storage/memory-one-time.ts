import type { Clock } from '../clock.ts'
import type { OneTimeStore } from './one-time.ts'

/** Above this the oldest entries go, so that nobody can fill the memory with states they never use. */
const MAX_ENTRIES = 100_000

/** Keeps values in this process only. */
export function createMemoryOneTime(clock: Pick<Clock, 'monotonic'>): OneTimeStore {
  const entries = new Map<string, { value: string; endsAt: number }>()
  function read(key: string): string | undefined {
    const entry = entries.get(key)
    if (entry === undefined || entry.endsAt > clock.monotonic()) return entry?.value
    entries.delete(key)
    return undefined
  }
  function put(key: string, value: string, ttlMs: number): void {
    entries.delete(key)
    entries.set(key, { value, endsAt: clock.monotonic() + ttlMs })
    for (const [oldest, { endsAt }] of entries) {
      if (entries.size <= MAX_ENTRIES && endsAt > clock.monotonic()) break
      entries.delete(oldest)
    }
  }
  return {
    async put(key, value, ttlMs) {
      put(key, value, ttlMs)
    },
    async add(key, value, ttlMs) {
      if (read(key) !== undefined) return false
      put(key, value, ttlMs)
      return true
    },
    async read(key) {
      return read(key)
    },
    async take(key) {
      const value = read(key)
      entries.delete(key)
      return value
    },
  }
}
