import type { ApiCall, FaultKind } from './types.ts'

const REMEMBERED_CALLS = 500
const COUNTED_PATHS = 200
const REMEMBERED_BODY = 2000

/** The parts of a call that are known when it arrives. */
type ArrivedCall = Pick<ApiCall, 'at' | 'method' | 'host' | 'path' | 'query' | 'ip'> & {
  readonly body: string
}

/** How a call ended. */
interface CallEnd {
  readonly status: number
  readonly errcode?: number
}

/** The last calls, and how many there were by path. */
export interface CallLog {
  /** Writes a call down when it arrives; the returned function adds how it ended. */
  arrive(call: ArrivedCall, faults: readonly FaultKind[]): (end: CallEnd) => void
  list(path?: string): ApiCall[]
  counts(): Record<string, number>
  clear(): void
}

export function createCallLog(): CallLog {
  const calls: { call: ApiCall }[] = []
  const counts = new Map<string, number>()
  return {
    arrive({ body, ...call }, faults) {
      const entry: { call: ApiCall } = {
        call: {
          ...call,
          ...(body === '' ? {} : { body: body.slice(0, REMEMBERED_BODY) }),
          ...(faults.length === 0 ? {} : { faults }),
        },
      }
      calls.push(entry)
      calls.splice(0, Math.max(0, calls.length - REMEMBERED_CALLS))
      if (counts.has(call.path) || counts.size < COUNTED_PATHS)
        counts.set(call.path, (counts.get(call.path) ?? 0) + 1)
      return (end) => {
        entry.call = { ...entry.call, ...end }
      }
    },
    list: (path) =>
      calls
        .map(({ call }) => call)
        .filter((call) => path === undefined || call.path === path.replace(/^\//, '')),
    counts: () => Object.fromEntries(counts),
    clear() {
      calls.length = 0
      counts.clear()
    },
  }
}
