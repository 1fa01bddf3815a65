import type { CredentialKind } from './credential.ts'

/** How often a refusal may have a credential refreshed. */
export interface RefusalLimits {
  readonly gapMs: number
  readonly perDay: number
  /** What `perDay` counts: refreshes after refusals, or every refresh. */
  readonly counts: 'forced' | 'all'
  /** Whether a refusal can mean that another party refreshes the same account. */
  readonly contestable: boolean
}

/** At most one refresh in this time is spent on refused credentials. */
export const REFUSAL_GAP_MS = 30_000

/** WeChat grants 20 forced refreshes of a stable token a day, 30 s apart; for tickets it names no number. */
const SPARINGLY: RefusalLimits = { gapMs: REFUSAL_GAP_MS, perDay: 10, counts: 'forced', contestable: false }

/** Every classic token is a forced one, so all of them count: half of WeChat's 2,000 a day. */
const CLASSIC: RefusalLimits = { gapMs: REFUSAL_GAP_MS, perDay: 1_000, counts: 'all', contestable: true }

/** Half of what WeChat grants: the other half is for whoever else works with the account. */
export function refusalLimits(kind: CredentialKind, tokenApi: 'stable' | 'classic'): RefusalLimits {
  return kind === 'access_token' && tokenApi === 'classic' ? CLASSIC : SPARINGLY
}
