import type { Clock } from '../clock.ts'
import type { ServiceError } from '../errors.ts'
import { type RandomBytes, randomFraction } from '../random.ts'
import type { Budget } from './budget.ts'
import type { Credential, CredentialKind } from './credential.ts'
import type { Ledger } from './ledger.ts'
import { beginLife, type Life, leftOf } from './life.ts'

/** What this process knows about one credential of one account. */
export interface Slot {
  readonly appId: string
  readonly kind: CredentialKind
  life: Life | undefined
  previous: Credential | undefined
  flight: Promise<Credential> | undefined
  failure: Failure | undefined
  /** Until then somebody else is at it. */
  quietUntil: number
  /** What this process has spent by itself: holds also while the shared ledger is away. */
  readonly refusals: Budget
  /** Looks into the store now. */
  readonly look: () => Promise<void>
  day: number
  calls: number
  contestedUntil: number
}

export interface Failure {
  readonly error: ServiceError
  /** How many in a row. */
  readonly times: number
  readonly retryAt: number
}

/** Remembers what the ledger says about days and contests. */
export function noteLedger(slot: Slot, { day, calls, contestedUntil }: Ledger): void {
  slot.day = day
  slot.calls = calls
  slot.contestedUntil = contestedUntil
}

/** The credential of a slot, unless it is dead. */
export function livingOf(slot: Slot, clock: Clock): Credential | undefined {
  return slot.life !== undefined && leftOf(slot.life, clock) > 0 ? slot.life.credential : undefined
}

/** Whether a stored credential lives still. */
export function isAlive(credential: Credential, clock: Pick<Clock, 'now'>): boolean {
  return credential.expiresAt > clock.now()
}

/**
 * How far the clocks of replicas may differ. What was stored further in the future was stored under a wrong clock, and
 * nobody knows when it really ends.
 */
const CLOCK_MARGIN_MS = 60_000

/** Whether a stored credential is alive and not the one that this process has or had. */
export function isNewer(stored: Credential, ours: Life | undefined, clock: Clock): boolean {
  if (!isAlive(stored, clock) || stored.obtainedAt > clock.now() + CLOCK_MARGIN_MS) return false
  if (ours === undefined) return true
  const { generation } = ours.credential
  // Ours may be dead by the monotonic clock while the wall clock, set back, says that the same one lives.
  return leftOf(ours, clock) > 0 ? stored.generation > generation : stored.generation !== generation
}

/** Goes on with this credential, unless what is there is newer and alive; returns the one to go on with. */
export function adopt(slot: Slot, credential: Credential, clock: Clock, random: RandomBytes): Credential {
  const living = livingOf(slot, clock)
  if (living !== undefined && living.generation > credential.generation) return living
  slot.failure = undefined
  const current = slot.life?.credential
  if (slot.life !== undefined && isSame(slot.life.credential, credential)) {
    slot.life = { ...slot.life, credential }
    return credential
  }
  if (current !== undefined && current.value !== credential.value) slot.previous = current
  slot.life = beginLife(credential, clock, randomFraction(random))
  return credential
}

/** The same answer of WeChat, though its generation may be another: its life has begun already. */
function isSame(one: Credential, other: Credential): boolean {
  return one.value === other.value && one.obtainedAt === other.obtainedAt && one.expiresAt === other.expiresAt
}
