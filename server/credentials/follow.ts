import type { Clock } from '../clock.ts'
import type { RandomBytes } from '../random.ts'
import type { Credential } from './credential.ts'
import { publish } from './refresh.ts'
import { adopt, isNewer, livingOf, noteLedger, type Slot } from './slots.ts'
import type { SteadyStore } from './steady-store.ts'

/** Twice as often as replicas have to agree. */
const EVERY_MS = 500
const AT_ONCE = 4

interface CompareParts {
  readonly store: SteadyStore
  readonly unstored: Set<Slot>
  readonly clock: Clock
  readonly random: RandomBytes
}

export interface FollowParts extends CompareParts {
  readonly slots: () => Iterable<Slot>
  readonly slotAt: (appId: string, kind: string) => Slot | undefined
}

/**
 * Makes the look at what other replicas have changed: one query for all accounts, started by traffic, at most every
 * half second, never waited for.
 */
export function createFollow(parts: FollowParts): () => Promise<void> | undefined {
  const { store, clock } = parts
  let cursor: string | undefined
  let nextAt = 0
  let looking = false

  async function look(): Promise<void> {
    const changes = await store.changes(cursor)
    if (changes === undefined) return
    cursor = changes.cursor
    for (const { appId, kind, credential, ledger } of changes.changed) {
      const slot = parts.slotAt(appId, kind)
      if (slot === undefined) continue
      noteLedger(slot, ledger)
      await compare(parts, slot, credential)
    }
    if (changes.lost) await compareAll()
    else for (const slot of [...parts.unstored]) await compare(parts, slot, undefined)
  }

  /** A few at a time: there may be thousands, and requests need the store too. */
  async function compareAll(): Promise<void> {
    const held = [...parts.slots()].filter(({ life }) => life !== undefined)
    const compareRest = async () => {
      for (let slot = held.pop(); slot !== undefined; slot = held.pop()) {
        await compare(parts, slot, await store.read(slot.appId, slot.kind))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, compareRest))
    // Lost again halfway: everything is compared once more.
    if (parts.unstored.size > 0) cursor = undefined
  }

  return () => {
    if (looking || clock.monotonic() < nextAt) return undefined
    looking = true
    return look().finally(() => {
      looking = false
      nextAt = clock.monotonic() + EVERY_MS
    })
  }
}

/** Takes what the store has when it is newer; gives it ours when it has none or an older one. */
export async function compare(
  parts: CompareParts,
  slot: Slot,
  stored: Credential | undefined,
): Promise<void> {
  const { clock, random } = parts
  const living = livingOf(slot, clock)
  if (parts.unstored.has(slot) || (living !== undefined && (stored?.generation ?? 0) < living.generation)) {
    await bring(parts, slot)
  } else if (stored !== undefined && isNewer(stored, slot.life, clock)) {
    adopt(slot, stored, clock, random)
  }
}

async function bring(parts: CompareParts, slot: Slot): Promise<void> {
  const living = livingOf(slot, parts.clock)
  const { clock, random, unstored } = parts
  if (living === undefined) unstored.delete(slot)
  else adopt(slot, await publish(parts, slot, living, !unstored.has(slot)), clock, random)
}
