import type { ServiceError } from '../errors.ts'

export interface AccountReadiness {
  readonly appId: string
  readonly name?: string
  /** `ready`: pages are signed. `starting`: WeChat has not answered yet. `failed`: it said no, see the reason. */
  readonly state: 'ready' | 'starting' | 'failed'
  /** Why the account is not ready. */
  readonly reason?: Trouble
  /** What will stop a ready account unless somebody acts, or should not be. */
  readonly warning?: Trouble & {
    /** Seconds for which pages are signed all the same. */
    readonly unreadyInS?: number
  }
  /** Seconds until the ticket in use dies. */
  readonly ticketExpiresInS?: number
}

/** What is wrong, by name and with what to do, in English and Chinese. */
export interface Trouble {
  readonly code: string
  readonly detail: string
  readonly hint?: string
  readonly errcode?: number
  readonly rid?: string
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
  /** Why the token or the ticket could not be refreshed the last time. */
  readonly failure: ServiceError | undefined
  /** Another program refreshes the same account. */
  readonly contested?: boolean
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

function judgeAccount({ appId, name, leftMs, failure, contested = false }: AccountState): AccountReadiness {
  const account = { appId, ...(name === undefined ? {} : { name }) }
  if (leftMs <= 0) {
    if (failure === undefined) return { ...account, state: 'starting' }
    return { ...account, state: 'failed', reason: troubleOf(failure) }
  }
  const ticketExpiresInS = Math.floor(leftMs / 1_000)
  const warning =
    failure !== undefined
      ? { ...troubleOf(failure), unreadyInS: ticketExpiresInS }
      : contested
        ? CONTESTED
        : undefined
  return { ...account, state: 'ready', ...(warning === undefined ? {} : { warning }), ticketExpiresInS }
}

const CONTESTED: Trouble = {
  code: 'token_contested',
  detail: 'Another program fetches access_tokens for this account.',
  hint: 'Let this service be the only one that fetches them and give the others its token server, or set tokenApi to "stable" in all of them. 有其他程序也在为该账号获取 access_token：请只由本服务获取（其他程序改用本服务的 token 接口），或全部改用 tokenApi "stable"。',
}

function troubleOf(failure: ServiceError): Trouble {
  return {
    code: failure.code,
    detail: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.errcode === undefined ? {} : { errcode: failure.errcode }),
    ...(failure.rid === undefined ? {} : { rid: failure.rid }),
  }
}
