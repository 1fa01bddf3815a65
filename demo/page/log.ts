import { isWeixinError } from '../../client/index.ts'

// Every call goes through `record`, so that the log on the page misses none.

export interface LogEntry {
  id: number
  name: string
  given: unknown
  outcome: 'running' | 'ok' | 'cancelled' | 'failed'
  ms: number
  /** What the promise was resolved with, or the error it was rejected with. */
  answer: unknown
}

export interface CallLog {
  /** Newest first. */
  readonly entries: readonly LogEntry[]
  record<T>(name: string, given: unknown, run: () => Promise<T>): Promise<T>
  clear(): void
  onChange(listener: () => void): void
}

const kept = 40

export function createLog(): CallLog {
  const listeners: (() => void)[] = []
  let entries: LogEntry[] = []
  let lastId = 0
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    get entries() {
      return entries
    },
    async record(name, given, run) {
      lastId += 1
      const entry: LogEntry = { id: lastId, name, given, outcome: 'running', ms: 0, answer: undefined }
      entries = [entry, ...entries].slice(0, kept)
      tell()
      const startedAt = performance.now()
      try {
        const answer = await run()
        entry.outcome = 'ok'
        entry.answer = answer
        return answer
      } catch (error) {
        entry.outcome = isWeixinError(error) && error.code === 'cancelled' ? 'cancelled' : 'failed'
        entry.answer = error
        throw error
      } finally {
        entry.ms = Math.round(performance.now() - startedAt)
        tell()
      }
    },
    clear() {
      entries = []
      tell()
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}
