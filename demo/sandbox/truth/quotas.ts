import { beijingDay, beijingMonth } from './beijing-time.ts'

/** Counters that start again with every minute, day or month in Beijing. */
export interface Quotas {
  /** Takes one from the quota; false when nothing is left. */
  take(appId: string, name: string, period: QuotaPeriod, limit: number): boolean
  used(appId: string, name: string, period: QuotaPeriod): number
  /** Today's counters of an account, by name. */
  usedToday(appId: string): Record<string, number>
  /** Sets the daily counters of an account back, for these names. */
  clearToday(appId: string, names: readonly string[]): void
  clear(): void
}

type QuotaPeriod = 'minute' | 'day' | 'month'

interface Counter {
  current: string
  used: number
}

export function createQuotas(now: () => number): Quotas {
  const accounts = new Map<string, Map<string, Counter>>()

  const currentOf = (period: QuotaPeriod): string => {
    if (period === 'month') return beijingMonth(now())
    return String(period === 'day' ? beijingDay(now()) : Math.floor(now() / 60_000))
  }

  const counterOf = (appId: string, name: string, period: QuotaPeriod): Counter => {
    const counters = accounts.get(appId) ?? new Map<string, Counter>()
    accounts.set(appId, counters)
    const current = currentOf(period)
    const known = counters.get(`${period} ${name}`)
    if (known?.current === current) return known
    const fresh: Counter = { current, used: 0 }
    counters.set(`${period} ${name}`, fresh)
    return fresh
  }

  return {
    take(appId, name, period, limit) {
      const counter = counterOf(appId, name, period)
      if (counter.used >= limit) return false
      counter.used += 1
      return true
    },
    used: (appId, name, period) => counterOf(appId, name, period).used,
    usedToday(appId) {
      const today = currentOf('day')
      const entries = [...(accounts.get(appId) ?? [])]
        .filter(([key, counter]) => key.startsWith('day ') && counter.current === today)
        .map(([key, counter]): [string, number] => [key.slice('day '.length), counter.used])
      return Object.fromEntries(entries)
    },
    clearToday(appId, names) {
      for (const name of names) accounts.get(appId)?.delete(`day ${name}`)
    },
    clear: () => accounts.clear(),
  }
}
