import type { Clock } from '../clock.ts'
import { CREDENTIAL_KINDS } from './credential.ts'
import type { Vault } from './vault.ts'

export interface CredentialSample {
  readonly appId: string
  readonly kind: string
  readonly ageS: number
  readonly leftS: number
}

/** Age and remaining life of what the vault holds, for metrics. */
export function sampleCredentials(
  vault: Pick<Vault, 'state'>,
  appIds: Iterable<string>,
  clock: Pick<Clock, 'now'>,
): CredentialSample[] {
  const samples: CredentialSample[] = []
  for (const appId of appIds) {
    for (const kind of CREDENTIAL_KINDS) {
      const { current, leftMs } = vault.state(appId, kind)
      if (current === undefined) continue
      samples.push({ appId, kind, ageS: (clock.now() - current.obtainedAt) / 1_000, leftS: leftMs / 1_000 })
    }
  }
  return samples
}
