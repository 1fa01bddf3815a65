import type { WeixinError } from './errors.ts'
import type { Page } from './page.ts'
import type { Session } from './ready.ts'
import type { Asked, Signature } from './service.ts'
import type { ReadyStep, Timeouts, WeixinOptions } from './types.ts'

/** Something that happened, for the debug panel. */
export interface Note {
  /** Milliseconds since the page began. */
  at: number
  step?: ReadyStep
  /** What WeChat was asked to verify in that step. */
  signature?: (Signature & Asked) | undefined
  error?: WeixinError
}

/** What one `Weixin` hands to the parts that are loaded late. */
export interface Core {
  readonly page: Page
  readonly options: WeixinOptions
  readonly timeouts: Timeouts
  /** The newest notes, oldest first. */
  readonly journal: readonly Note[]
  call(name: string, params: object): Promise<unknown>
  /** Ready for the address the page has now. */
  freshSession(): Promise<Session>
  /** Set by the share that follows the route: ends it. */
  unfollow?: () => void
  /** Set by the debug panel: hears of every note. */
  onNote?: (() => void) | undefined
}
