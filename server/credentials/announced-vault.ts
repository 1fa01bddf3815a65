import type { Vault } from './vault.ts'

/** The same vault, which says for which account it is asked: traces want to know, whatever the answer is. */
export function announceAccounts(vault: Vault, announce: (appId: string) => void): Vault {
  return {
    get(appId, kind, requestId) {
      announce(appId)
      return vault.get(appId, kind, requestId)
    },
    peek(appId, kind, requestId) {
      announce(appId)
      return vault.peek(appId, kind, requestId)
    },
    reader(appId, kind) {
      const reader = vault.reader(appId, kind)
      return {
        read(requestId) {
          announce(appId)
          return reader.read(requestId)
        },
      }
    },
    latest(appId, kind, requestId) {
      announce(appId)
      return vault.latest(appId, kind, requestId)
    },
    refused(appId, kind, value, requestId) {
      announce(appId)
      return vault.refused(appId, kind, value, requestId)
    },
    state: vault.state,
  }
}
