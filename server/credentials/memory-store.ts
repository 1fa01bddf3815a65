import type { Credential } from './credential.ts'
import type { CredentialStore } from './store.ts'

/** Keeps credentials as long as the process lives. */
export function createMemoryStore(): CredentialStore {
  const entries = new Map<string, Credential>()
  return {
    async read(appId, kind) {
      return entries.get(`${appId}/${kind}`)
    },
    async write(appId, kind, credential) {
      const key = `${appId}/${kind}`
      const stored = entries.get(key)
      if (stored !== undefined && stored.generation >= credential.generation) return stored
      entries.set(key, credential)
      return credential
    },
  }
}
