import { Counter, Gauge, type Registry } from 'prom-client'
import type { Clock } from '../clock.ts'

export type StoreName = 'database' | 'redis'

export interface StoreMetrics {
  /** Shows from now on whether the store answers `probe`. */
  watch(store: StoreName, probe: () => Promise<unknown>): void
  /** Counts one failure of a store that somebody met. */
  failed(store: StoreName): void
}

const ANSWER_WITHIN_MS = 500
const ASK_EVERY_MS = 5_000

/**
 * Adds whether the database and Redis answer. They are asked when Prometheus asks, for half a second at most and
 * not more often than every five, whoever reads `/metrics`.
 */
export function addStoreMetrics(registry: Registry, clock: Pick<Clock, 'monotonic' | 'sleep'>): StoreMetrics {
  const registers = [registry]
  const stores = new Map<StoreName, () => Promise<boolean>>()
  const up = new Gauge({
    name: 'wxh5_store_up',
    help: 'Whether the store answers: 1 or 0; only the stores that are configured',
    labelNames: ['store'],
    registers,
    async collect() {
      const answers = [...stores].map(async ([store, answer]) => this.set({ store }, Number(await answer())))
      await Promise.all(answers)
    },
  })
  up.reset()
  const errors = new Counter({
    name: 'wxh5_store_errors_total',
    help: 'Failures of the database and of Redis that somebody met',
    labelNames: ['store'],
    registers,
  })
  return {
    watch(store, probe) {
      stores.set(store, askSeldom(clock, probe))
      errors.inc({ store }, 0)
    },
    failed: (store) => errors.inc({ store }),
  }
}

function askSeldom(
  clock: Pick<Clock, 'monotonic' | 'sleep'>,
  probe: () => Promise<unknown>,
): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined
  let askedAt = 0
  async function ask(): Promise<boolean> {
    try {
      return await Promise.race([probe().then(() => true), clock.sleep(ANSWER_WITHIN_MS).then(() => false)])
    } catch {
      return false
    }
  }
  return () => {
    if (answer === undefined || clock.monotonic() - askedAt >= ASK_EVERY_MS) {
      askedAt = clock.monotonic()
      answer = ask()
    }
    return answer
  }
}
