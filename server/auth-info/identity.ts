import type { OAuthScope } from './authorize-url.ts'

/** Who a visitor is in one account, as WeChat said it. */
export interface Identity {
  readonly appId: string
  readonly openid: string
  readonly unionid?: string
  /** Why there is no unionid: it was not asked for, or the account is not bound to an open platform. */
  readonly unionidAbsentBecause?: 'scope' | 'not_bound'
  /** The unified user's id, 18 digits. */
  readonly userId?: string
  readonly scope: OAuthScope
  /** Epoch seconds. */
  readonly issuedAt: number
}
