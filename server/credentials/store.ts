import type { Credential, CredentialKind } from './credential.ts'

/**
 * Where credentials outlive a process, or are shared by several.
 *
 * `write` is fenced: it loses against a stored credential of the same or a greater generation that is another
 * one, and always answers with the credential that is stored afterwards.
 */
export interface CredentialStore {
  read(appId: string, kind: CredentialKind): Promise<Credential | undefined>
  write(appId: string, kind: CredentialKind, credential: Credential): Promise<Credential>
}
