import { CREDENTIAL_KINDS, type CredentialKind } from './credential.ts'
import type { Vault } from './vault.ts'

export interface CredentialUsage {
  readonly appId: string
  readonly kind: CredentialKind
  readonly callsToday: number
  /** What WeChat grants in a day; it publishes none for tickets. */
  readonly dailyLimit?: number
}

/** `cgi-bin/token` and `cgi-bin/stable_token`, as WeChat documents them. */
const TOKEN_LIMITS = { classic: 2_000, stable: 500_000 } as const

/** How much of WeChat's daily quota the credentials have used, for metrics; what nobody asked for is left out. */
export function sampleUsage(
  vault: Pick<Vault, 'state'>,
  accounts: Iterable<{ readonly appId: string; readonly tokenApi: keyof typeof TOKEN_LIMITS }>,
): CredentialUsage[] {
  const samples: CredentialUsage[] = []
  for (const { appId, tokenApi } of accounts) {
    for (const kind of CREDENTIAL_KINDS) {
      const { callsToday } = vault.state(appId, kind)
      if (callsToday === 0) continue
      samples.push({
        appId,
        kind,
        callsToday,
        ...(kind === 'access_token' ? { dailyLimit: TOKEN_LIMITS[tokenApi] } : {}),
      })
    }
  }
  return samples
}
