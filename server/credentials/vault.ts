import type { Clock } from '../clock.ts'
import { isServiceError, ServiceError } from '../errors.ts'
import { type RandomBytes, randomFraction } from '../random.ts'
import { type Budget, createBudget } from './budget.ts'
import type { Credential, CredentialKind } from './credential.ts'
import { beginLife, type Life, leftOf } from './life.ts'
import type { CredentialStore } from './store.ts'

/** Why WeChat is asked: nothing alive is there, the end is near, or the current one was refused. */
export type RefreshReason = 'missing' | 'ahead' | 'refused'

export type Obtain = (request: {
  readonly appId: string
  readonly kind: CredentialKind
  /** The value that WeChat refused and that must not come back, if that is the reason. */
  readonly refused?: string
}) => Promise<{ readonly value: string; readonly expiresInS: number }>

export interface RefreshEvent {
  readonly appId: string
  readonly kind: CredentialKind
  readonly reason: RefreshReason
  /** `ok`, `stored` when the store had a newer one, or the code of the failure. */
  readonly result: string
  readonly durationMs: number
  readonly error?: ServiceError
}

export interface VaultOptions {
  readonly obtain: Obtain
  readonly store: CredentialStore
  readonly clock: Clock
  readonly random: RandomBytes
  readonly onRefresh?: (event: RefreshEvent) => void
  readonly onStoreError?: (error: unknown) => void
}

export interface CredentialState {
  readonly current: Credential | undefined
  /** The one before, for a few minutes more: pages may still hold signatures made with it. */
  readonly previous: Credential | undefined
  readonly leftMs: number
  readonly failure: ServiceError | undefined
}

export interface Vault {
  /** A credential that is alive. Waits only when there is none. @throws {ServiceError} why there is none. */
  get(appId: string, kind: CredentialKind): Promise<Credential>
  /** The living credential without waiting, and its refresh started when due; `undefined` when there is none. */
  peek(appId: string, kind: CredentialKind): Credential | undefined
  /**
   * Says that WeChat refused `value`, and returns the credential to go on with.
   *
   * A compare-and-swap: only the current value is refreshed, so a thousand late refusals of an old one cost
   * nothing. At most one refresh in 30 s and ten a day per credential; beyond that the current one comes back.
   */
  refused(appId: string, kind: CredentialKind, value: string): Promise<Credential>
  state(appId: string, kind: CredentialKind): CredentialState
}

interface Slot {
  life: Life | undefined
  previous: Credential | undefined
  flight: Promise<Credential> | undefined
  failure: { readonly error: ServiceError; readonly retryAt: number; readonly times: number } | undefined
  readonly refusals: Budget
}

const MAX_LIFE_S = 7_200
const REFUSALS = { gapMs: 30_000, perDay: 10 }

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
export function createVault(options: VaultOptions): Vault {
  const { obtain, store, clock, random } = options
  const slots = new Map<string, Slot>()

  function slotOf(appId: string, kind: CredentialKind): Slot {
    const key = `${kind}/${appId}`
    let slot = slots.get(key)
    if (slot === undefined) {
      slot = {
        life: undefined,
        previous: undefined,
        flight: undefined,
        failure: undefined,
        refusals: createBudget(REFUSALS, clock),
      }
      slots.set(key, slot)
    }
    return slot
  }

  function adopt(slot: Slot, credential: Credential): Credential {
    const current = slot.life?.credential
    if (current !== undefined && current.generation > credential.generation) return current
    if (current !== undefined && current.value !== credential.value) slot.previous = current
    slot.life = beginLife(credential, clock, randomFraction(random))
    slot.failure = undefined
    return credential
  }

  async function refresh(
    slot: Slot,
    appId: string,
    kind: CredentialKind,
    refused: string | undefined,
  ): Promise<{ credential: Credential; result: string }> {
    const stored = await guard(store.read(appId, kind))
    if (stored !== undefined && stored.value !== refused && isBetter(stored, slot.life)) {
      return { credential: adopt(slot, stored), result: 'stored' }
    }
    const askedAt = clock.now()
    const issued = await obtain({ appId, kind, ...(refused === undefined ? {} : { refused }) })
    const fresh: Credential = {
      value: issued.value,
      obtainedAt: askedAt,
      expiresAt: askedAt + Math.min(issued.expiresInS, MAX_LIFE_S) * 1_000,
      generation: Math.max(slot.life?.credential.generation ?? 0, stored?.generation ?? 0) + 1,
    }
    if (fresh.expiresAt <= clock.now()) {
      throw new ServiceError('wechat_bad_answer', `A ${kind} came when its life was over already.`, {
        retryAfterS: 2,
      })
    }
    const winner = (await guard(store.write(appId, kind, fresh))) ?? fresh
    return { credential: adopt(slot, winner), result: 'ok' }
  }

  /** Better than ours: newer, alive, and not about to end. */
  function isBetter(stored: Credential, ours: Life | undefined): boolean {
    if (ours !== undefined && ours.credential.generation >= stored.generation) return false
    const life = beginLife(stored, clock, 0)
    return leftOf(life, clock) > life.aheadMs
  }

  /** A store that fails costs a call to WeChat, never a request: memory goes on. */
  async function guard<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer
    } catch (error) {
      options.onStoreError?.(error)
      return undefined
    }
  }

  function startFlight(
    slot: Slot,
    appId: string,
    kind: CredentialKind,
    reason: RefreshReason,
    refused?: string,
  ): Promise<Credential> {
    const startedAt = clock.monotonic()
    const report = (result: string, error?: ServiceError): void =>
      options.onRefresh?.({
        appId,
        kind,
        reason,
        result,
        durationMs: clock.monotonic() - startedAt,
        ...(error === undefined ? {} : { error }),
      })
    const flight = refresh(slot, appId, kind, refused)
      .then(
        ({ credential, result }) => {
          report(result)
          return credential
        },
        (cause: unknown) => {
          const error = isServiceError(cause)
            ? cause
            : new ServiceError('internal_error', `Refreshing ${kind} failed.`, { cause })
          const times = (slot.failure?.times ?? 0) + 1
          slot.failure = { error, times, retryAt: clock.monotonic() + pauseAfter(error, times, random) }
          report(error.code, error)
          throw error
        },
      )
      .finally(() => {
        slot.flight = undefined
      })
    slot.flight = flight
    return flight
  }

  function peek(appId: string, kind: CredentialKind): Credential | undefined {
    const slot = slotOf(appId, kind)
    if (slot.life === undefined) return undefined
    const leftMs = leftOf(slot.life, clock)
    if (leftMs <= 0) return undefined
    if (leftMs <= slot.life.aheadMs && slot.flight === undefined && mayTry(slot, clock)) {
      // Its failure is reported by onRefresh and remembered in the slot; nobody waits for it.
      startFlight(slot, appId, kind, 'ahead').catch(() => slot.failure)
    }
    return slot.life.credential
  }

  async function get(appId: string, kind: CredentialKind): Promise<Credential> {
    const living = peek(appId, kind)
    if (living !== undefined) return living
    const slot = slotOf(appId, kind)
    if (slot.flight !== undefined) return slot.flight
    if (slot.failure !== undefined && !mayTry(slot, clock)) throw slot.failure.error
    return startFlight(slot, appId, kind, 'missing')
  }

  return {
    get,
    peek,
    async refused(appId, kind, value) {
      const current = await get(appId, kind)
      const slot = slotOf(appId, kind)
      if (current.value !== value) return current
      if (slot.flight !== undefined) return slot.flight
      if (!slot.refusals.take()) return current
      return startFlight(slot, appId, kind, 'refused', value)
    },
    state(appId, kind) {
      const slot = slotOf(appId, kind)
      return {
        current: slot.life?.credential,
        previous: slot.previous,
        leftMs: slot.life === undefined ? 0 : Math.max(0, leftOf(slot.life, clock)),
        failure: slot.failure?.error,
      }
    },
  }
}

function mayTry(slot: Slot, clock: Clock): boolean {
  return slot.failure === undefined || clock.monotonic() >= slot.failure.retryAt
}

/**
 * How long a failure is remembered before WeChat is asked again: 3 to 5 s when only a person can mend it (wrong
 * secret, white list, quota), otherwise from half a second, doubling up to five.
 */
function pauseAfter(error: ServiceError, times: number, random: RandomBytes): number {
  const jitter = randomFraction(random)
  if (error.code === 'wechat_refused') return 3_000 + 2_000 * jitter
  return Math.min(5_000, 500 * 2 ** (times - 1)) * (0.5 + jitter / 2)
}
