/** One thing that went over the bridge, for logs: a call, an event the client pushed, or the SDK's beacon. */
export interface BridgeCall {
  /** Counts up from 1 in one document. */
  id: number
  kind: 'invoke' | 'event' | 'beacon'
  /** Bridge name, event name, or `sdk/report`. */
  name: string
  /** What the page sent, as the client received it. */
  args: Record<string, unknown>
  /** What the page was answered, before the SDK changed it; absent while the call is open. */
  answer?: Record<string, unknown>
  /** Epoch milliseconds. */
  startedAt: number
  /** Milliseconds from the call to the answer; absent while the call is open. */
  ms?: number
  /** Address of the document, fragment included. */
  url: string
}

/** Keeps the calls of one document; listeners hear each call when it starts and again when it is answered. */
export interface CallLog {
  readonly calls: readonly BridgeCall[]
  start(call: Pick<BridgeCall, 'kind' | 'name' | 'args' | 'url'>): BridgeCall
  finish(call: BridgeCall, answer: Record<string, unknown>): void
}

/** A call log that keeps the newest 500 calls. */
export function createCallLog(now: () => number, onCall: (call: BridgeCall) => void): CallLog {
  const calls: BridgeCall[] = []
  let count = 0
  return {
    calls,
    start(fields) {
      count += 1
      const call: BridgeCall = { id: count, ...fields, startedAt: now() }
      calls.push(call)
      if (calls.length > 500) calls.shift()
      onCall(call)
      return call
    },
    finish(call, answer) {
      call.answer = answer
      call.ms = now() - call.startedAt
      onCall(call)
    },
  }
}
