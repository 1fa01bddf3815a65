/**
 * Keeps values for a short time, to be taken once: OAuth states, tickets, results.
 *
 * With several replicas all of them must use the same store, or a second use on another one would go unnoticed.
 */
export interface OneTimeStore {
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Puts the value only if there is none; of all callers in the world at most one gets `true`. */
  add(key: string, value: string, ttlMs: number): Promise<boolean>
  /** The value, unless it is over; it stays. */
  read(key: string): Promise<string | undefined>
  /** The value, unless it is over; of all callers in the world at most one gets it. */
  take(key: string): Promise<string | undefined>
}
