import type { Credential } from './credential.ts'
import type { RefusalLimits } from './refusal-limits.ts'
import type { SharedFailure } from './shared-failure.ts'
import { dayOf } from './wechat-day.ts'

/**
 * What replicas agree on about the refreshes of one credential: who asks WeChat now, what was spent today, who else
 * refreshes the account. Moments are those of the store's clock.
 */
export interface Ledger {
  /** Who asks WeChat; empty when nobody does. */
  readonly holder: string
  /** End of the lease, or of the pause after a failure. */
  readonly endsAt: number
  /** Why the last one failed, while nobody may try again. */
  readonly failure: SharedFailure | undefined
  /** The greatest generation that was promised to anybody. */
  readonly generation: number
  readonly day: number
  /** Refreshes on that day, and those of them that a refusal caused. */
  readonly calls: number
  readonly forced: number
  readonly forcedAt: number
  /** When a token was last refused long before its end though none of us had replaced it. */
  readonly takenOverAt: number
  readonly contestedUntil: number
}

export const EMPTY_LEDGER: Ledger = {
  holder: '',
  endsAt: 0,
  failure: undefined,
  generation: 0,
  day: 0,
  calls: 0,
  forced: 0,
  forcedAt: 0,
  takenOverAt: 0,
  contestedUntil: 0,
}

/**
 * One look at the ledger and the stored credential, and what becomes of the ledger; pure, because a store may have
 * to take it twice. A turn without a ledger changes nothing.
 */
export type Turn<Answer> = (
  ledger: Ledger,
  stored: Credential | undefined,
  now: number,
) => { readonly ledger?: Ledger; readonly answer: Answer }

/** How long one may ask WeChat before others take over: the transport's deadline of 5 s, and a margin. */
export const LEASE_MS = 6_000

/** The time of a turn may have been read a little before what it sees was written by another process. */
const SKEW_MS = 1_000

/** Two take-overs within this time are no accident; the other party may ask every two hours only. */
const CONTEST_WINDOW_MS = 3 * 3_600_000

/**
 * Take-overs of a contested token are at least this far apart. The former token lives five minutes more, so a
 * sensible other party does not notice; and it is less than the 210 s by which tickets are refreshed ahead, so that
 * none dies of waiting.
 */
export const CONTESTED_GAP_MS = 120_000

export interface Ask {
  readonly holder: string
  /** The generation of what the caller has. */
  readonly generation: number
  /** Whether a stored credential is as good as a new one. */
  readonly wants: (stored: Credential) => boolean
  /** Present when WeChat refused what the caller has. */
  readonly refusal?: RefusalLimits & { readonly muchLifeLeft: boolean }
}

export type Claim = { readonly ledger: Ledger } & (
  | { readonly result: 'granted'; readonly generation: number; readonly contested: boolean }
  | { readonly result: 'newer'; readonly credential: Credential }
  | { readonly result: 'held'; readonly leftMs: number }
  | { readonly result: 'failed'; readonly leftMs: number; readonly failure: SharedFailure }
  | { readonly result: 'spent' }
)

/**
 * Asks to be the one who asks WeChat. Whoever is granted it also gets the generation of what it will bring, so that
 * of two who both think they were elected the later one wins.
 */
export function claim(ask: Ask): Turn<Claim> {
  return (before, stored, now) => {
    if (stored !== undefined && ask.wants(stored)) {
      return { answer: { result: 'newer', credential: stored, ledger: before } }
    }
    const ledger = onDay(before, now)
    const leftMs = ledger.endsAt - now
    // One that ends much later than a whole lease from now was written under a clock that has been set back since.
    if (leftMs > 0 && leftMs <= LEASE_MS + SKEW_MS && ledger.holder !== ask.holder) {
      const { failure } = ledger
      const answer: Claim =
        failure === undefined
          ? { result: 'held', leftMs, ledger }
          : { result: 'failed', leftMs, failure, ledger }
      return { answer }
    }
    const { refusal } = ask
    if (refusal !== undefined && isSpent(ledger, refusal, now)) return { answer: { result: 'spent', ledger } }
    const takeOver = refusal?.contestable === true && refusal.muchLifeLeft
    const again = takeOver && isWithin(CONTEST_WINDOW_MS, ledger.takenOverAt, now)
    const granted: Ledger = {
      ...ledger,
      holder: ask.holder,
      endsAt: now + LEASE_MS,
      failure: undefined,
      generation: Math.max(ledger.generation, stored?.generation ?? 0, ask.generation) + 1,
      calls: ledger.calls + 1,
      ...(refusal === undefined ? {} : { forced: ledger.forced + 1, forcedAt: now }),
      ...(takeOver ? { takenOverAt: now } : {}),
      ...(again ? { contestedUntil: now + CONTEST_WINDOW_MS } : {}),
    }
    const { generation } = granted
    const contested = again && ledger.contestedUntil <= now
    return { ledger: granted, answer: { result: 'granted', generation, contested, ledger: granted } }
  }
}

/** Ends one's own lease. */
export function release(holder: string): Turn<void> {
  return (ledger) =>
    ledger.holder === holder
      ? { ledger: { ...ledger, holder: '', endsAt: 0 }, answer: undefined }
      : { answer: undefined }
}

/** Turns one's own lease into a pause for everybody. */
export function fail(holder: string, failure: SharedFailure, pauseMs: number): Turn<void> {
  return (ledger, _, now) =>
    ledger.holder === holder
      ? { ledger: { ...ledger, holder: '', endsAt: now + pauseMs, failure }, answer: undefined }
      : { answer: undefined }
}

function onDay(ledger: Ledger, now: number): Ledger {
  const day = dayOf(now)
  return ledger.day === day ? ledger : { ...ledger, day, calls: 0, forced: 0 }
}

function isSpent(ledger: Ledger, limits: RefusalLimits, now: number): boolean {
  const spent = limits.counts === 'all' ? ledger.calls : ledger.forced
  const contested = limits.contestable && ledger.contestedUntil > now
  const gapMs = contested ? Math.max(limits.gapMs, CONTESTED_GAP_MS) : limits.gapMs
  return spent >= limits.perDay || isWithin(gapMs, ledger.forcedAt, now)
}

/** A moment far in the future was written under a wrong clock and says nothing. */
function isWithin(ms: number, moment: number, now: number): boolean {
  return now + SKEW_MS >= moment && now - moment < ms
}
