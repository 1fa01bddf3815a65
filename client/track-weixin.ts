import { createWeixin } from './create-weixin.ts'
import { detectEnvironment } from './environment.ts'
import type { WeixinError } from './errors.ts'
import type { Environment, Ready, ShareContent, ShareReport, Weixin, WeixinOptions } from './types.ts'

/** How far a page has come; what `useWeixin` of each framework shows. */
export interface WeixinState {
  /** `idle` on a server and until the component is mounted; a page that was ready stays so while it verifies anew. */
  readonly status: 'idle' | 'verifying' | 'ready' | 'failed'
  /** Why it is `failed`; `not_in_wechat` in an ordinary browser. */
  readonly error: WeixinError | undefined
  /** Where the page runs. An ordinary browser while `idle`, so that server and browser render the same. */
  readonly environment: Environment
  /** What WeChat has verified last. */
  readonly verified: Ready | undefined
  /** What is shared from here. */
  readonly shared: ShareReport | undefined
  /** Why the last share could not be set although the page is ready. */
  readonly shareError: WeixinError | undefined
}

/** The state of every page that is not mounted yet. */
export const idle: WeixinState = {
  status: 'idle',
  error: undefined,
  environment: detectEnvironment({ userAgent: '' }),
  verified: undefined,
  shared: undefined,
  shareError: undefined,
}

/** One component's view of a {@link Weixin}. */
export interface Tracker {
  readonly weixin: Weixin
  state(): WeixinState
  /** Calls the listener after every change of the state, until the answer is called. */
  subscribe(listener: () => void): () => void
  /** `weixin.ready()`, seen by the state. */
  ready(): Promise<Ready>
  /** Verifies, sets the share if there is one, and does both again when the page is taken back; the answer ends it. */
  follow(share: ShareContent | undefined): () => void
}

const made = new WeakMap<WeixinOptions, Weixin>()

/** Of options one {@link Weixin} is made, whoever brings them. */
function weixinOf(given: Weixin | WeixinOptions): Weixin {
  if (!('service' in given)) return given
  const weixin = made.get(given) || createWeixin(given)
  made.set(given, weixin)
  return weixin
}

/** Turns promises into a state to render; no framework in it. */
export function trackWeixin(given: Weixin | WeixinOptions): Tracker {
  const weixin = weixinOf(given)
  const listeners = new Set<() => void>()
  let state = idle
  let lastAsked: Promise<Ready> | undefined
  const show = (change: Partial<WeixinState>) => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  const ready = () => {
    const asked = weixin.ready()
    lastAsked = asked
    // An answer that a newer question has overtaken says nothing about now.
    const answer = (change: Partial<WeixinState>) => asked === lastAsked && show(change)
    show({
      environment: weixin.environment,
      ...(state.status !== 'ready' && { status: 'verifying', error: undefined }),
    })
    asked.then(
      (verified) =>
        answer({ status: 'ready', error: undefined, verified, environment: verified.environment }),
      (error) => answer({ status: 'failed', error }),
    )
    return asked
  }

  return {
    weixin,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready,
    follow(share) {
      let stopped = false
      const begin = async () => {
        // Why it is not ready stands in the state already.
        const isReady = await ready().then(
          () => true,
          () => false,
        )
        if (!share || !isReady || stopped) return
        try {
          const shared = await weixin.share(share)
          if (!stopped) show({ shared, shareError: undefined })
        } catch (error) {
          if (!stopped) show({ shared: undefined, shareError: error as WeixinError })
        }
      }
      const onPageShow = ({ persisted }: PageTransitionEvent) => {
        if (persisted) void begin()
      }
      window.addEventListener('pageshow', onPageShow)
      void begin()
      return () => {
        stopped = true
        window.removeEventListener('pageshow', onPageShow)
      }
    },
  }
}
