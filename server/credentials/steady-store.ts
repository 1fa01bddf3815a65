import type { Clock } from '../clock.ts'
import { within } from '../within.ts'
import type { Credential, CredentialKind } from './credential.ts'
import type { Turn } from './ledger.ts'
import type { Changes, CredentialStore } from './store.ts'

/** A store that never fails and never takes long: `undefined` says that it could not be asked. */
export interface SteadyStore {
  read(appId: string, kind: CredentialKind): Promise<Credential | undefined>
  write(appId: string, kind: CredentialKind, credential: Credential): Promise<Credential | undefined>
  turn<Answer>(appId: string, kind: CredentialKind, take: Turn<Answer>): Promise<Answer | undefined>
  changes(cursor: string | undefined): Promise<Changes | undefined>
}

export interface SteadyOptions {
  readonly store: CredentialStore
  readonly clock: Pick<Clock, 'monotonic'>
  /** How long a write or a turn may take. Default 500 ms: two commands of Redis. */
  readonly patienceMs?: number
  /** Told once when the store is lost, and once when it is back. */
  readonly onLost?: (error: unknown) => void
  readonly onBack?: () => void
}

const READ_MS = 250
/** After a command that took too long the store is left alone for this long, so that not everybody waits for it. */
const REST_MS = 1_000

/** Makes a store one can rely on: what it cannot do in time is left out, and memory goes on. */
export function createSteadyStore(options: SteadyOptions): SteadyStore {
  const { store, clock, patienceMs = 500, onLost, onBack } = options
  let lost = false
  let restsUntil = 0

  async function steady<Answer>(ms: number, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    if (clock.monotonic() < restsUntil) return undefined
    try {
      const answer = await within(ms, ask(), () => new TooSlow(`The store took longer than ${ms} ms.`))
      if (lost) onBack?.()
      lost = false
      return answer
    } catch (error) {
      if (error instanceof TooSlow) restsUntil = clock.monotonic() + REST_MS
      if (!lost) onLost?.(error)
      lost = true
      return undefined
    }
  }

  return {
    read: (appId, kind) => steady(READ_MS, () => store.read(appId, kind)),
    write: (appId, kind, credential) => steady(patienceMs, () => store.write(appId, kind, credential)),
    turn: (appId, kind, take) => steady(patienceMs, () => store.turn(appId, kind, take)),
    changes: (cursor) => steady(READ_MS, () => store.changes(cursor)),
  }
}

class TooSlow extends Error {}
