import type { Credential, CredentialKind } from './credential.ts'
import type { Ledger, Turn } from './ledger.ts'

/** A credential or its ledger that has changed. */
export interface Change {
  readonly appId: string
  readonly kind: CredentialKind
  readonly credential: Credential | undefined
  readonly ledger: Ledger
}

export interface Changes {
  /** Where to go on next time. */
  readonly cursor: string
  readonly changed: readonly Change[]
  /** The store cannot tell what changed: this is the first look, or it has lost what it knew. */
  readonly lost: boolean
}

/**
 * Where credentials outlive a process, or are shared by several.
 *
 * `write` is fenced: it loses against a stored credential of the same or a greater generation that is another
 * one, and always answers with the credential that is stored afterwards. The ledger only saves calls; the fence is
 * what keeps values going forward.
 */
export interface CredentialStore {
  read(appId: string, kind: CredentialKind): Promise<Credential | undefined>
  write(appId: string, kind: CredentialKind, credential: Credential): Promise<Credential>
  /** Takes a turn with the ledger; of turns that change it one comes after the other. */
  turn<Answer>(appId: string, kind: CredentialKind, take: Turn<Answer>): Promise<Answer>
  /** What was written or taken since the cursor, for replicas that hold an older one. */
  changes(cursor: string | undefined): Promise<Changes>
}
