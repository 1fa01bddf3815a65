import type { IncomingMessage, ServerResponse } from 'node:http'
import { ServiceError } from '../errors.ts'
import { type Admission, everythingIn, type LoopSample, nextAdmission } from './admission.ts'
import { bareProblem } from './bare-problem.ts'
import { createPending } from './pending.ts'

/** Why a request or connection was refused: the event loop is late, too many wait, too many are connected. */
export type ShedReason = 'late' | 'waiting' | 'connections'

export interface Shed {
  readonly reason: ShedReason
  /** Requests that were let in and are not answered yet. */
  readonly waiting: number
  /** Share of requests that are let in at the moment. */
  readonly share: number
}

/** Stands in front of everything and says no early, so that those who are let in are answered quickly. */
export interface Gate {
  /** Lets a request in, or answers it with `overloaded` and returns `false`. */
  admit(incoming: IncomingMessage, outgoing: ServerResponse): boolean
  /** Requests that were let in and are not answered yet. */
  readonly waiting: readonly ServerResponse[]
  /** Tells how late the event loop is; see `watchLoop`. */
  sample(sample: LoopSample): void
  /** A connection was refused because there are too many. */
  dropped(): void
}

export interface GateParts {
  readonly newRequestId: () => string
  readonly onShed: (shed: Shed) => void
  /** Path part of `publicUrl`, accepted in front of every route. */
  readonly prefix?: string
  /** Requests that may wait at once, for WeChat or a store. Default 5,000, which is about 100 MB. */
  readonly maxWaiting?: number
}

const MAX_WAITING = 5_000
/** Clients that are told to come back at once would come back at once together. */
const RETRY_AFTER_S = [1, 2, 3]
const operatorPaths = ['/healthz', '/readyz', '/metrics']

const refusals = RETRY_AFTER_S.map(
  (retryAfterS) =>
    new ServiceError('overloaded', 'More requests come than can be answered in time; nothing was done.', {
      hint: 'Try again after Retry-After seconds; operators: add a replica, see wxh5_requests_shed_total. 请在 Retry-After 秒后重试；运维请增加实例，参见 wxh5_requests_shed_total。',
      retryAfterS,
    }),
)

/**
 * Makes the gate of one listener.
 *
 * What operators ask (`/healthz`, `/readyz`, `/metrics`) is always let in. Requests whose body is still on its way
 * do not count as waiting, or slow senders could keep everybody else out.
 */
export function createGate({ newRequestId, onShed, prefix = '', maxWaiting = MAX_WAITING }: GateParts): Gate {
  const alwaysIn = new Set(operatorPaths.flatMap((path) => [path, `${prefix}${path}`]))
  const pending = createPending()
  const waiting = pending.all
  let admission: Admission = everythingIn
  let credit = 0
  let slow = 0
  let counted = false
  let turn = 0

  /** Looks who of the many is still sending; once a sample, because it looks at all of them. */
  function haveRoom(): boolean {
    if (counted) return false
    counted = true
    slow = countSlow(waiting)
    return waiting.length - slow < maxWaiting
  }

  function reasonToRefuse(): ShedReason | undefined {
    if (waiting.length - slow >= maxWaiting && !haveRoom()) return 'waiting'
    if (admission.share === 1) return undefined
    credit += admission.share
    if (credit < 1) return 'late'
    credit -= 1
    return undefined
  }

  function refuse(outgoing: ServerResponse, reason: ShedReason): void {
    onShed({ reason, waiting: waiting.length, share: admission.share })
    const refusal = refusals[turn++ % refusals.length] as ServiceError
    const { status, headers, body } = bareProblem(refusal, newRequestId())
    outgoing.writeHead(status, headers)
    outgoing.end(body)
  }

  return {
    waiting,
    admit(incoming, outgoing) {
      const reason = reasonToRefuse()
      if (reason !== undefined && !alwaysIn.has(pathOf(incoming.url ?? ''))) {
        refuse(outgoing, reason)
        return false
      }
      pending.add(outgoing)
      return true
    },
    sample(sample) {
      admission = nextAdmission(admission, sample)
      counted = false
      slow = waiting.length < maxWaiting ? 0 : countSlow(waiting)
    },
    dropped: () => onShed({ reason: 'connections', waiting: waiting.length, share: admission.share }),
  }
}

function countSlow(waiting: readonly ServerResponse[]): number {
  let slow = 0
  for (const { req } of waiting) if (!req.complete) slow++
  return slow
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
