import { landingUrl } from './landing-url.ts'
import { importSdk } from './sdk.ts'
import type { Trip } from './trip.ts'
import type { Candidate } from './types.ts'

/** The bridge WeChat puts into the page. */
export interface Bridge {
  invoke(name: string, args: object, answer: (answer: Record<string, unknown>) => void): void
}

type RouteEvent = 'pagehide' | 'popstate' | 'hashchange'

/** What is used of `window`. */
export interface PageWindow {
  readonly location: { readonly href: string; replace(url: string): void }
  readonly history: Pick<History, 'state' | 'replaceState'>
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly navigator: { readonly userAgent: string; readonly platform?: string }
  readonly document: {
    addEventListener(type: 'WeixinJSBridgeReady', listener: () => void, options: object): void
    addEventListener(type: 'WeixinOpenTagsError', listener: (event: Event) => void): void
    removeEventListener(type: 'WeixinOpenTagsError', listener: (event: Event) => void): void
  }
  addEventListener(type: 'pageshow', listener: (event: { persisted: boolean }) => void): void
  addEventListener(type: RouteEvent, listener: () => void): void
  removeEventListener(
    type: 'pageshow' | RouteEvent,
    listener: (event: { persisted: boolean } & Event) => void,
  ): void
  /** The Navigation API, where the browser has it: it hears of `pushState` too. */
  readonly navigation?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  readonly WeixinJSBridge?: Bridge
  readonly jWeixin?: unknown
  readonly wx?: unknown
  readonly __wxjs_environment?: unknown
}

/** The border to the outside: everything that is not a rule of ours is handed in here. */
export interface Page {
  readonly window: PageWindow | undefined
  readonly landingUrl: string
  readonly now: () => number
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly importSdk: () => Promise<unknown>
  /** Which address WeChat accepted last: it is asked for first the next time. */
  preferred?: Candidate
  /** The ways through WeChat that this document is the end of. */
  trips?: Map<string, Trip | undefined>
  /** Set while the browser is about to leave: nobody sends it elsewhere meanwhile. */
  leaving?: Promise<never>
}

export const thisPage: Page = {
  window: typeof window === 'undefined' ? undefined : window,
  landingUrl,
  now: () => performance.now(),
  fetch: (url, init) => fetch(url, init),
  importSdk,
}

/** What WeChat sees of an address: everything before the fragment. */
export const withoutFragment = (url: string): string => url.replace(/#.*$/s, '')
