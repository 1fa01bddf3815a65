import {
  createWeixin,
  isWeixinError,
  type ShareContent,
  type Weixin,
  type WeixinOptions,
} from '../../../client/index.ts'
import type { WeixinState } from '../../../client/vue.ts'

// What the page of each framework offers to the tests: they do not care which one they drive.

export interface MountOptions {
  /** What is shared at first; none verifies only. */
  share?: ShareContent
  /** Default: a `Weixin` made for the page. */
  by?: 'weixin' | 'options'
  /** How many components use it. Default 1. */
  components?: number
  /** Takes over what a server has rendered. */
  hydrate?: boolean
}

/** A state as text and numbers alone. */
export interface Seen {
  status: string
  platform: string
  error?: string | undefined
  url?: string | undefined
  link?: string | undefined
  shareError?: string | undefined
}

export interface FrameworkPage {
  mount(options?: MountOptions): void
  unmount(): void
  /** A route of a single-page application. */
  go(address: string): void
  rename(title: string): void
  retry(): void
  /** Every state that was rendered, without repetitions. */
  seen: Seen[]
  now(): Seen | undefined
  weixin: Weixin
}

declare global {
  interface Window {
    app: FrameworkPage
    service: string
  }
}

const seen: Seen[] = []

const codeOf = (error: unknown): string | undefined =>
  isWeixinError(error) ? error.code : error === undefined ? undefined : String(error)

/** Called while a component renders. */
export function see(state: WeixinState): string {
  const now: Seen = {
    status: state.status,
    platform: state.environment.platform,
    error: codeOf(state.error),
    url: state.verified?.url,
    link: state.shared?.link,
    shareError: codeOf(state.shareError),
  }
  if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now)
  return `${now.status} on ${now.platform}`
}

const options: WeixinOptions = { service: window.service }
const weixin = createWeixin({ service: window.service })

export const sourceOf = ({ by }: MountOptions): Weixin | WeixinOptions =>
  by === 'options' ? options : weixin

/** Puts the page where the tests find it. */
export function offer(app: Pick<FrameworkPage, 'mount' | 'unmount' | 'go' | 'rename' | 'retry'>): void {
  window.app = { ...app, seen, now: () => seen.at(-1), weixin }
}
