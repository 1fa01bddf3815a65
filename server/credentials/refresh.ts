import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { isServiceError, ServiceError } from '../errors.ts'
import { type RandomBytes, randomFraction } from '../random.ts'
import type { Credential, CredentialKind } from './credential.ts'
import { pauseAfter, sharedPause } from './failure-pause.ts'
import { type Claim, claim, fail, LEASE_MS, release } from './ledger.ts'
import { leftOf } from './life.ts'
import type { RefusalLimits } from './refusal-limits.ts'
import { describeFailure, revive } from './shared-failure.ts'
import { adopt, isAlive, isNewer, livingOf, noteLedger, type Slot } from './slots.ts'
import type { SteadyStore } from './steady-store.ts'
import { dayOf } from './wechat-day.ts'

/** Why WeChat is asked: nothing alive is there, the end is near, or the current one was refused. */
export type RefreshReason = 'missing' | 'ahead' | 'refused'

export type Obtain = (request: {
  readonly appId: string
  readonly kind: CredentialKind
  /** The value that WeChat refused and that must not come back, if that is the reason. */
  readonly refused?: string
  /** The id of the HTTP request that waits for it, to follow it through the logs. */
  readonly requestId?: string
}) => Promise<{ readonly value: string; readonly expiresInS: number }>

export interface RefreshParts {
  readonly obtain: Obtain
  readonly store: SteadyStore
  /** Those whose credential the store has not taken: its generation says nothing there. */
  readonly unstored: Set<Slot>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly newHolder: () => string
  readonly limitsOf: (appId: string, kind: CredentialKind) => RefusalLimits
  readonly onContested: (appId: string) => void
  /** Takes over what nobody waits for, so that closing can. */
  readonly inBackground: (work: Promise<unknown>) => void
}

export interface RefreshRequest {
  readonly reason: RefreshReason
  readonly refused?: string
  readonly requestId?: string
}

export interface Refreshed {
  /** `ok`, `stored` when another one had refreshed, `left` when another one is at it or the budget is spent. */
  readonly result: 'ok' | 'stored' | 'left'
  readonly credential: Credential
}

/** Somebody else has asked WeChat and failed; it is not reported a second time. */
export class FailedElsewhere extends Error {
  override readonly name = 'FailedElsewhere'
  readonly failure: ServiceError

  constructor(failure: ServiceError) {
    super(failure.message)
    this.failure = failure
  }
}

const MAX_LIFE_S = 7_200
/** WeChat lets tokens overlap for this long, so a refusal within it before the end means nothing. */
const MUCH_LIFE_MS = 300_000

/**
 * Refreshes one credential: takes a better one from the store, or is elected and asks WeChat, or waits for who was.
 *
 * @throws {ServiceError} why there is none; {@link FailedElsewhere} when another replica has found out
 */
export async function refresh(parts: RefreshParts, slot: Slot, request: RefreshRequest): Promise<Refreshed> {
  const { store, clock } = parts
  const holder = parts.newHolder()
  let { reason } = request
  for (let tries = 0; ; tries++) {
    // It may come by another way while we wait.
    const come = tries === 0 || reason === 'ahead' ? undefined : livingOf(slot, clock)
    if (come !== undefined && come.value !== request.refused) return { result: 'stored', credential: come }
    const askedAt = clock.monotonic()
    const ask = askFor(parts, slot, { ...request, reason }, holder)
    const answer = await store.turn(slot.appId, slot.kind, claim(ask))
    if (answer === undefined) return askWechat(parts, slot, request, undefined)
    noteLedger(slot, answer.ledger)
    if (answer.result === 'newer') {
      const credential = adopt(slot, answer.credential, clock, parts.random)
      // Its life may have ended on the way.
      if (isAlive(credential, clock)) return { result: 'stored', credential }
      continue
    }
    if (answer.result === 'failed') throw rememberTheirs(slot, answer, clock)
    const living = livingOf(slot, clock)
    if (answer.result === 'spent') {
      if (living !== undefined) return { result: 'left', credential: living }
      reason = 'missing'
    } else if (answer.result === 'held') {
      if (reason === 'ahead' && living !== undefined) {
        slot.quietUntil = clock.monotonic() + Math.min(answer.leftMs, jittered(500, parts.random))
        return { result: 'left', credential: living }
      }
      await clock.sleep(jittered(Math.min(250, 20 * 2 ** Math.min(tries, 6)), parts.random))
      // A clock of a test need not sleep; sockets must get their turn all the same.
      await nextTurn()
    } else if (clock.monotonic() - askedAt < LEASE_MS) {
      if (answer.contested) parts.onContested(slot.appId)
      return askWechat(parts, slot, request, { holder, generation: answer.generation })
    }
  }
}

function askFor(parts: RefreshParts, slot: Slot, { reason, refused }: RefreshRequest, holder: string) {
  const { clock } = parts
  const limits = parts.limitsOf(slot.appId, slot.kind)
  // As it is now: a turn is taken later, when another look at the store may have put the newer one here already.
  const ours = slot.life
  const leftMs = ours === undefined ? 0 : leftOf(ours, clock)
  return {
    holder,
    generation: ours?.credential.generation ?? 0,
    wants: (stored: Credential) => stored.value !== refused && isNewer(stored, ours, clock),
    ...(reason === 'refused' ? { refusal: { ...limits, muchLifeLeft: leftMs > MUCH_LIFE_MS } } : {}),
  }
}

interface Lease {
  readonly holder: string
  readonly generation: number
}

/** Asks WeChat with a lease, or without one where the store cannot be asked. */
async function askWechat(
  parts: RefreshParts,
  slot: Slot,
  { reason, refused, requestId }: RefreshRequest,
  lease: Lease | undefined,
): Promise<Refreshed> {
  const { store, clock, random } = parts
  const { appId, kind } = slot
  if (reason === 'refused') slot.refusals.take()
  if (lease === undefined) countAlone(slot, clock)
  try {
    const askedAt = clock.now()
    const issued = await parts.obtain({
      appId,
      kind,
      ...(refused === undefined ? {} : { refused }),
      ...(requestId === undefined ? {} : { requestId }),
    })
    const fresh: Credential = {
      value: issued.value,
      obtainedAt: askedAt,
      expiresAt: askedAt + Math.min(issued.expiresInS, MAX_LIFE_S) * 1_000,
      generation: lease?.generation ?? (slot.life?.credential.generation ?? 0) + 1,
    }
    if (!isAlive(fresh, clock)) {
      throw new ServiceError('wechat_bad_answer', `A ${kind} came when its life was over already.`, {
        retryAfterS: 2,
      })
    }
    const credential = await publish(parts, slot, fresh, lease !== undefined)
    if (lease !== undefined) parts.inBackground(store.turn(appId, kind, release(lease.holder)))
    return { result: 'ok', credential: adopt(slot, credential, clock, random) }
  } catch (cause) {
    const error = isServiceError(cause)
      ? cause
      : new ServiceError('internal_error', `Refreshing ${kind} failed.`, { cause })
    const times = (slot.failure?.times ?? 0) + 1
    const pauseMs = pauseAfter(error, times, random)
    slot.failure = { error, times, retryAt: clock.monotonic() + pauseMs }
    if (lease !== undefined) {
      const shared = fail(lease.holder, describeFailure(error, times), sharedPause(error, pauseMs))
      parts.inBackground(store.turn(appId, kind, shared))
    }
    throw error
  }
}

/**
 * Writes a credential and returns the one to go on with. What was obtained while the store was away has no
 * generation that means anything there: then the later one wins.
 */
export async function publish(
  { store, clock, unstored }: Pick<RefreshParts, 'store' | 'clock' | 'unstored'>,
  slot: Slot,
  fresh: Credential,
  fenced: boolean,
): Promise<Credential> {
  let mine = fresh
  for (let tries = 0; tries < 3; tries++) {
    const winner = await store.write(slot.appId, slot.kind, mine)
    if (winner === undefined) {
      unstored.add(slot)
      return mine
    }
    unstored.delete(slot)
    if (winner.value === mine.value && winner.generation === mine.generation) return mine
    const isOlder = !fenced && winner.obtainedAt < mine.obtainedAt
    if (isAlive(winner, clock) && !isOlder) return winner
    mine = { ...mine, generation: winner.generation + 1 }
  }
  return mine
}

function rememberTheirs(slot: Slot, answer: Claim & { result: 'failed' }, clock: Clock): FailedElsewhere {
  const error = revive(answer.failure)
  slot.failure = { error, times: answer.failure.times, retryAt: clock.monotonic() + answer.leftMs }
  return new FailedElsewhere(error)
}

function countAlone(slot: Slot, clock: Pick<Clock, 'now'>): void {
  const day = dayOf(clock.now())
  slot.calls = slot.day === day ? slot.calls + 1 : 1
  slot.day = day
}

function jittered(ms: number, random: RandomBytes): number {
  return ms * (0.5 + randomFraction(random) / 2)
}
