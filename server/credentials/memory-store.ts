import type { Clock } from '../clock.ts'
import type { Credential, CredentialKind } from './credential.ts'
import { EMPTY_LEDGER, type Ledger } from './ledger.ts'
import type { CredentialStore } from './store.ts'

interface Entry {
  readonly appId: string
  readonly kind: CredentialKind
  credential: Credential | undefined
  ledger: Ledger
  changed: number
}

/** Keeps credentials as long as the process lives. */
export function createMemoryStore(clock: Pick<Clock, 'now'>): CredentialStore {
  const entries = new Map<string, Entry>()
  let sequence = 0

  function entryOf(appId: string, kind: CredentialKind): Entry {
    const key = `${kind}/${appId}`
    const entry = entries.get(key) ?? {
      appId,
      kind,
      credential: undefined,
      ledger: EMPTY_LEDGER,
      changed: 0,
    }
    entries.set(key, entry)
    return entry
  }

  return {
    async read(appId, kind) {
      return entries.get(`${kind}/${appId}`)?.credential
    },
    async write(appId, kind, credential) {
      const entry = entryOf(appId, kind)
      if (entry.credential !== undefined && entry.credential.generation >= credential.generation) {
        return entry.credential
      }
      entry.credential = credential
      entry.changed = ++sequence
      return credential
    },
    async turn(appId, kind, take) {
      const entry = entryOf(appId, kind)
      const { ledger, answer } = take(entry.ledger, entry.credential, clock.now())
      if (ledger !== undefined) {
        entry.ledger = ledger
        entry.changed = ++sequence
      }
      return answer
    },
    async changes(cursor) {
      const since = Number(cursor ?? 0)
      return {
        cursor: String(sequence),
        lost: cursor === undefined,
        changed:
          cursor === undefined || since === sequence
            ? []
            : [...entries.values()].filter(({ changed }) => changed > since),
      }
    },
  }
}
