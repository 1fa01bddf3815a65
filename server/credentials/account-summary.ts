import { CREDENTIAL_KINDS, type CredentialKind } from './credential.ts'
import type { CredentialState } from './vault.ts'

/** What an operator may know of one token or ticket: everything but its value. */
export interface CredentialSummary {
  /** Seconds since WeChat was asked for it; absent, like the next three, while there is none. */
  readonly ageS?: number
  readonly generation?: number
  readonly expiresInS?: number
  /** Seconds until it is refreshed ahead of its end; 0 when that is due. */
  readonly nextRefreshInS?: number
  readonly callsToday: number
  readonly contested: boolean
  /** Why the last refresh failed; absent after one that went well. */
  readonly lastError?: {
    readonly code: string
    readonly detail: string
    readonly hint?: string | undefined
    readonly errcode?: number | undefined
    readonly rid?: string | undefined
  }
}

export interface AccountSummary {
  readonly appId: string
  readonly name?: string
  readonly credentials: Readonly<Record<CredentialKind, CredentialSummary>>
}

/** Sums up how the token and the tickets of one account are, without a value. */
export function summariseAccount(
  { appId, name }: { readonly appId: string; readonly name?: string },
  stateOf: (kind: CredentialKind) => CredentialState,
  nowMs: number,
): AccountSummary {
  const credentials = CREDENTIAL_KINDS.map((kind) => [kind, summarise(stateOf(kind), nowMs)] as const)
  return {
    appId,
    ...(name === undefined ? {} : { name }),
    credentials: Object.fromEntries(credentials) as Record<CredentialKind, CredentialSummary>,
  }
}

function summarise(state: CredentialState, nowMs: number): CredentialSummary {
  const { current, leftMs, refreshDueInMs = 0, failure, callsToday, contested } = state
  return {
    ...(current === undefined || leftMs <= 0
      ? {}
      : {
          // A clock that was set back would make it younger than nothing.
          ageS: Math.max(0, Math.floor((nowMs - current.obtainedAt) / 1_000)),
          generation: current.generation,
          expiresInS: Math.floor(leftMs / 1_000),
          nextRefreshInS: Math.ceil(refreshDueInMs / 1_000),
        }),
    callsToday,
    contested,
    ...(failure === undefined
      ? {}
      : {
          lastError: {
            code: failure.code,
            detail: failure.message,
            hint: failure.hint,
            errcode: failure.errcode,
            rid: failure.rid,
          },
        }),
  }
}
