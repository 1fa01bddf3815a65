import {
  type AuthInfo,
  type AuthInfoOptions,
  isWeixinError,
  parseAuthInfo,
  type Weixin,
} from '../../client/index.ts'
import { askAfterReload, type Scope, takeAskAfterReload } from './ask-after-reload.ts'
import type { CallLog } from './log.ts'
import { endSession, openSession, type Person, readSession, type SessionAnswer } from './session.ts'

// Who is looking: WeChat tells the page, and the page's own backend makes sure. The card only draws what stands here.

export type WhoState =
  /** The backend is asked whether it knows this browser. */
  | { phase: 'asking' }
  | { phase: 'nobody'; answer: SessionAnswer; signedOut: boolean }
  | { phase: 'leaving' }
  /** Back from WeChat: ids as a hint, and what the backend made of the ticket; without an answer it is still asked. */
  | { phase: 'landed'; hint: AuthInfo; answer?: SessionAnswer; secondTime?: SessionAnswer }
  /** No way through WeChat: the session of an earlier page load is still there. */
  | { phase: 'known'; person: Person }
  | { phase: 'failed'; error: unknown }

export interface Who {
  readonly state: WhoState
  /** Whether this page load is the end of a way through WeChat. */
  readonly cameBack: boolean
  /** Looks who it is without asking WeChat; never rejects, the state says how it went. */
  start(): Promise<void>
  /** Asks WeChat; the page is left. */
  signIn(scope: Scope): Promise<void>
  signOut(): Promise<void>
  /** Hands in the same ticket again, to see it refused. */
  redeemAgain(): Promise<void>
  onChange(listener: () => void): void
}

/** True when the address says who is looking, or why WeChat did not tell. */
function tellsWho(url: string): boolean {
  try {
    parseAuthInfo(url)
    return true
  } catch (error) {
    return isWeixinError(error) && error.code !== 'auth_info_missing'
  }
}

export function createWho(weixin: () => Weixin, log: CallLog): Who {
  const listeners: (() => void)[] = []
  const cameBack = tellsWho(location.href)
  let state: WhoState = { phase: 'asking' }
  const show = (next: WhoState): void => {
    state = next
    for (const listener of listeners) listener()
  }

  const receive = async (options: AuthInfoOptions): Promise<void> => {
    try {
      const hint = await log.record('authInfo', options, () => weixin().authInfo(options))
      show({ phase: 'landed', hint })
      const opened = hint.ticket === undefined ? undefined : await openSession(hint.ticket)
      // What counts is what the backend says from now on, not what it was told.
      const answer = opened === undefined || 'person' in opened ? await readSession() : opened
      show({ phase: 'landed', hint, answer })
    } catch (error) {
      show({ phase: 'failed', error })
    }
  }

  const signIn = async (scope: Scope): Promise<void> => {
    // What this page load knows of a visitor it knows for good: only a new one can ask WeChat again.
    const wasStopped =
      state.phase === 'failed' && isWeixinError(state.error) && state.error.code === 'login_loop'
    if (cameBack || wasStopped) {
      askAfterReload(scope)
      return
    }
    show({ phase: 'leaving' })
    await receive({ scope, force: true, cookieDays: 0 })
  }

  return {
    get state() {
      return state
    },
    cameBack,
    async start() {
      const scope = takeAskAfterReload()
      if (cameBack) return receive({ scope: 'snsapi_base', cookieDays: 0 })
      if (scope !== undefined) return signIn(scope)
      const answer = await readSession()
      if (state.phase !== 'asking') return
      show(
        'person' in answer && answer.person !== null
          ? { phase: 'known', person: answer.person }
          : { phase: 'nobody', answer, signedOut: false },
      )
    },
    signIn,
    async signOut() {
      const answer = await endSession()
      // Who could not be signed out is told so.
      show({ phase: 'nobody', answer, signedOut: 'person' in answer })
    },
    async redeemAgain() {
      const { hint, answer } = state.phase === 'landed' ? state : {}
      if (hint?.ticket === undefined || answer === undefined) return
      const secondTime = await openSession(hint.ticket)
      if (state.phase === 'landed') show({ ...state, secondTime })
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}
