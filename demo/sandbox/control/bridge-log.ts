const REMEMBERED = 500

/** What the simulated bridges reported: the last 500 entries. */
export interface BridgeLog {
  add(entry: Record<string, unknown>): void
  list(): readonly Record<string, unknown>[]
  clear(): void
}

export function createBridgeLog(now: () => number): BridgeLog {
  const entries: Record<string, unknown>[] = []
  return {
    add(entry) {
      entries.push({ ...entry, at: now() })
      entries.splice(0, Math.max(0, entries.length - REMEMBERED))
    },
    list: () => entries,
    clear() {
      entries.length = 0
    },
  }
}
