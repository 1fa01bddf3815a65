import type { ServiceError } from '../errors.ts'

export interface AccountReadiness {
  readonly appId: string
  readonly name?: string
  /** `ready`: pages are signed. `starting`: WeChat has not answered yet. `failed`: it said no, see the reason. */
  readonly state: 'ready' | 'starting' | 'failed'
  readonly reason?: {
    readonly code: string
    readonly detail: string
    readonly hint?: string
    readonly errcode?: number
    readonly rid?: string
  }
  /** Seconds until the ticket in use dies. */
  readonly ticketExpiresInS?: number
}

export interface Readiness {
  /** `degraded`: some accounts are ready and some are not; the process should stay in service. */
  readonly status: 'ready' | 'degraded' | 'unready' | 'shutting_down'
  readonly accounts: readonly AccountReadiness[]
  /** Seconds by which this machine's clock is ahead of WeChat's, once that is more than a minute. */
  readonly clockAheadS?: number
}

export interface AccountState {
  readonly appId: string
  readonly name?: string
  readonly leftMs: number
  readonly failure: ServiceError | undefined
}

const CLOCK_TOLERANCE_S = 60

/** Judges whether this process should get traffic, and says per account why not. */
export function judgeReadiness(
  states: readonly AccountState[],
  shuttingDown: boolean,
  clockAheadMs: number | undefined,
): Readiness {
  const accounts = states.map(judgeAccount)
  const ready = accounts.filter((account) => account.state === 'ready').length
  const usable = ready === accounts.length ? 'ready' : ready > 0 ? 'degraded' : 'unready'
  const clockAheadS = Math.round((clockAheadMs ?? 0) / 1_000)
  return {
    status: shuttingDown ? 'shutting_down' : usable,
    accounts,
    ...(Math.abs(clockAheadS) > CLOCK_TOLERANCE_S ? { clockAheadS } : {}),
  }
}

function judgeAccount({ appId, name, leftMs, failure }: AccountState): AccountReadiness {
  return {
    appId,
    ...(name === undefined ? {} : { name }),
    state: leftMs > 0 ? 'ready' : failure === undefined ? 'starting' : 'failed',
    ...(failure === undefined ? {} : { reason: reasonOf(failure) }),
    ...(leftMs > 0 ? { ticketExpiresInS: Math.floor(leftMs / 1_000) } : {}),
  }
}

function reasonOf(failure: ServiceError): NonNullable<AccountReadiness['reason']> {
  return {
    code: failure.code,
    detail: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.errcode === undefined ? {} : { errcode: failure.errcode }),
    ...(failure.rid === undefined ? {} : { rid: failure.rid }),
  }
}
