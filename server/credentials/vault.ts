import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { ServiceError } from '../errors.ts'
import { createRandomText, type RandomBytes } from '../random.ts'
import { createBudget } from './budget.ts'
import { CREDENTIAL_KINDS, type Credential, type CredentialKind } from './credential.ts'
import { compare, createFollow } from './follow.ts'
import { createJoinNext } from './join-next.ts'
import { leftOf } from './life.ts'
import {
  FailedElsewhere,
  type Obtain,
  type RefreshParts,
  type RefreshReason,
  type RefreshRequest,
  refresh,
} from './refresh.ts'
import { type RefusalLimits, refusalLimits } from './refusal-limits.ts'
import type { Slot } from './slots.ts'
import { createSteadyStore } from './steady-store.ts'
import type { CredentialStore } from './store.ts'
import { dayOf } from './wechat-day.ts'

export type { Obtain, RefreshReason } from './refresh.ts'

export interface RefreshEvent {
  readonly appId: string
  readonly kind: CredentialKind
  readonly reason: RefreshReason
  /** `ok`, `stored` when the store had a newer one, or the code of the failure. */
  readonly result: string
  readonly durationMs: number
  /** The HTTP request that started it; absent when nobody in particular did. */
  readonly requestId?: string
  readonly error?: ServiceError
}

export interface VaultOptions {
  readonly obtain: Obtain
  /** Where credentials are kept and, with several replicas, shared. */
  readonly store: CredentialStore
  readonly clock: Clock
  readonly random: RandomBytes
  /** How long a write to the store may take. Default 500 ms. */
  readonly storePatienceMs?: number
  /** Default: those of stable tokens. */
  readonly limitsOf?: (appId: string, kind: CredentialKind) => RefusalLimits
  readonly onRefresh?: (event: RefreshEvent) => void
  /** Another party refreshes the same account; told once each time it begins. */
  readonly onContested?: (appId: string) => void
  /** The store cannot be asked, or can be asked again; each told once. */
  readonly onStoreLost?: (error: unknown) => void
  readonly onStoreBack?: () => void
}

export interface CredentialState {
  readonly current: Credential | undefined
  /** The one before, for a few minutes more: pages may still hold signatures made with it. */
  readonly previous: Credential | undefined
  readonly leftMs: number
  readonly failure: ServiceError | undefined
  /** Until the next refresh ahead is due, 0 when it is; absent while nothing is there. */
  readonly refreshDueInMs: number | undefined
  /** How often WeChat was asked since midnight of its day (Asia/Shanghai), by all who share the store. */
  readonly callsToday: number
  /** Another party refreshes the same account; seen lately. */
  readonly contested: boolean
}

/** Reads one credential without waiting; see {@link Vault.reader}. */
export interface CredentialReader {
  read(requestId?: string): Credential | undefined
}

export interface Vault {
  /** A credential that is alive. Waits only when there is none. @throws {ServiceError} why there is none. */
  get(appId: string, kind: CredentialKind, requestId?: string): Promise<Credential>
  /** The living credential without waiting, and its refresh started when due; `undefined` when there is none. */
  peek(appId: string, kind: CredentialKind, requestId?: string): Credential | undefined
  /** Makes a `peek` for one credential that need not be looked up each time. */
  reader(appId: string, kind: CredentialKind): CredentialReader
  /**
   * As `get`, but looks into the shared store first, for at most 250 ms, so that nobody sees an older one after a
   * newer one, whichever replica answers.
   */
  latest(appId: string, kind: CredentialKind, requestId?: string): Promise<Credential>
  /**
   * Says that WeChat refused `value`, and returns the credential to go on with.
   *
   * A compare-and-swap: only the current value is refreshed, so a thousand late refusals of an old one cost
   * nothing. At most one refresh in 30 s, and half of what WeChat grants a day, over all who share the store;
   * beyond that the current one comes back.
   */
  refused(appId: string, kind: CredentialKind, value: string, requestId?: string): Promise<Credential>
  state(appId: string, kind: CredentialKind): CredentialState
}

/** The vault for whoever has made it. */
export interface OwnedVault extends Vault {
  /** Starts nothing any more and waits for refreshes under way, at most three seconds, so that none is lost. */
  close(): Promise<void>
}

/**
 * Makes the vault: the one place that holds the access_token and the tickets of every account.
 *
 * Reading is a look-up in memory. A refresh starts ahead of the end, in the background, while callers go on with
 * the old value until its true end; only a missing value makes callers wait, and all of them wait for one call.
 * A failed refresh keeps what is there.
 *
 * @example
 * const ticket = await vault.get('wx0123456789abcdef', 'jsapi')
 */
export function createVault(options: VaultOptions): OwnedVault {
  const { clock, random } = options
  const limitsOf = options.limitsOf ?? ((_, kind) => refusalLimits(kind, 'stable'))
  const kinds = new Map(CREDENTIAL_KINDS.map((kind) => [kind, new Map<string, Slot>()]))
  const background = new Set<Promise<unknown>>()
  const unstored = new Set<Slot>()
  const store = createSteadyStore({
    store: options.store,
    clock,
    ...(options.storePatienceMs === undefined ? {} : { patienceMs: options.storePatienceMs }),
    ...(options.onStoreLost === undefined ? {} : { onLost: options.onStoreLost }),
    ...(options.onStoreBack === undefined ? {} : { onBack: options.onStoreBack }),
  })
  const parts: RefreshParts = {
    obtain: options.obtain,
    store,
    unstored,
    clock,
    random,
    newHolder: createRandomText(random),
    limitsOf,
    onContested: (appId) => options.onContested?.(appId),
    inBackground,
  }
  const follow = createFollow({
    store,
    unstored,
    clock,
    random,
    slots: allSlots,
    slotAt: (appId, kind) => kinds.get(kind as CredentialKind)?.get(appId),
  })
  let closed = false

  function inBackground(work: Promise<unknown>): void {
    const done = work.catch(() => undefined).finally(() => background.delete(done))
    background.add(done)
  }

  function* allSlots(): Generator<Slot> {
    for (const slots of kinds.values()) yield* slots.values()
  }

  function slotOf(appId: string, kind: CredentialKind): Slot {
    const known = kinds.get(kind)?.get(appId)
    if (known !== undefined) return known
    const slot: Slot = {
      appId,
      kind,
      life: undefined,
      previous: undefined,
      flight: undefined,
      failure: undefined,
      quietUntil: 0,
      refusals: createBudget(limitsOf(appId, kind), clock),
      look: createJoinNext(async () => compare(parts, slot, await store.read(appId, kind))),
      day: 0,
      calls: 0,
      contestedUntil: 0,
    }
    kinds.get(kind)?.set(appId, slot)
    return slot
  }

  function startFlight(slot: Slot, request: RefreshRequest): Promise<Credential> {
    const { appId, kind } = slot
    const { reason, requestId } = request
    const startedAt = clock.monotonic()
    const report = (result: string, error?: ServiceError): void =>
      options.onRefresh?.({
        appId,
        kind,
        reason,
        result,
        durationMs: clock.monotonic() - startedAt,
        ...(requestId === undefined ? {} : { requestId }),
        ...(error === undefined ? {} : { error }),
      })
    const flight = refresh(parts, slot, request)
      .then(
        ({ credential, result }) => {
          if (result !== 'left') report(result)
          return credential
        },
        (failure: ServiceError | FailedElsewhere) => {
          if (failure instanceof FailedElsewhere) throw failure.failure
          report(failure.code, failure)
          throw failure
        },
      )
      .finally(() => {
        slot.flight = undefined
      })
    slot.flight = flight
    inBackground(flight)
    return flight
  }

  function mayTry({ failure, quietUntil }: Slot): boolean {
    const now = clock.monotonic()
    return now >= quietUntil && (failure === undefined || now >= failure.retryAt)
  }

  function living(slot: Slot, requestId: string | undefined): Credential | undefined {
    if (!closed) {
      const looking = follow()
      if (looking !== undefined) inBackground(looking)
    }
    if (slot.life === undefined) return undefined
    const leftMs = leftOf(slot.life, clock)
    if (leftMs <= 0) return undefined
    if (leftMs <= slot.life.aheadMs && slot.flight === undefined && !closed && mayTry(slot)) {
      // Its failure is reported by onRefresh and remembered in the slot; nobody waits for it.
      startFlight(slot, { reason: 'ahead', ...idOf(requestId) }).catch(() => slot.failure)
    }
    return slot.life.credential
  }

  class SlotReader implements CredentialReader {
    readonly #slot: Slot

    constructor(slot: Slot) {
      this.#slot = slot
    }

    read(requestId?: string): Credential | undefined {
      return living(this.#slot, requestId)
    }
  }

  async function get(appId: string, kind: CredentialKind, requestId?: string): Promise<Credential> {
    const slot = slotOf(appId, kind)
    const current = living(slot, requestId)
    if (current !== undefined) return current
    if (slot.flight !== undefined) return slot.flight
    if (slot.failure !== undefined && clock.monotonic() < slot.failure.retryAt) throw slot.failure.error
    return startFlight(slot, { reason: 'missing', ...idOf(requestId) })
  }

  return {
    get,
    peek: (appId, kind, requestId) => living(slotOf(appId, kind), requestId),
    reader: (appId, kind) => new SlotReader(slotOf(appId, kind)),
    async latest(appId, kind, requestId) {
      await slotOf(appId, kind).look()
      return get(appId, kind, requestId)
    },
    async refused(appId, kind, value, requestId) {
      const current = await get(appId, kind, requestId)
      const slot = slotOf(appId, kind)
      if (current.value !== value) return current
      if (slot.flight !== undefined) return slot.flight
      if (!slot.refusals.open()) return current
      return startFlight(slot, { reason: 'refused', refused: value, ...idOf(requestId) })
    },
    state(appId, kind) {
      const slot = slotOf(appId, kind)
      const { life } = slot
      const token = kind === 'access_token' ? slot : kinds.get('access_token')?.get(appId)
      return {
        current: life?.credential,
        previous: slot.previous,
        leftMs: life === undefined ? 0 : Math.max(0, leftOf(life, clock)),
        failure: slot.failure?.error,
        refreshDueInMs: life === undefined ? undefined : Math.max(0, leftOf(life, clock) - life.aheadMs),
        callsToday: slot.day === dayOf(clock.now()) ? slot.calls : 0,
        contested: token !== undefined && token.contestedUntil > clock.now(),
      }
    },
    async close() {
      closed = true
      const settled = async () => {
        while (background.size > 0) await Promise.all(background)
      }
      await Promise.race([settled(), delay(CLOSE_MS, undefined, { ref: false })])
    },
  }
}

/** Leaves time for the rest of a shutdown within ten seconds. */
const CLOSE_MS = 3_000

const idOf = (requestId: string | undefined) => (requestId === undefined ? {} : { requestId })
