/** What a visitor lets an account know: `snsapi_base` the openid, `snsapi_userinfo` the profile too. */
export type OAuthScope = 'snsapi_base' | 'snsapi_userinfo'

/** A person in front of the simulated WeChat. */
export interface SandboxVisitor {
  /** Lower-case letters, digits and `-`, at most 40. */
  readonly id: string
  /** How a list of visitors calls this one. */
  readonly name: string
  readonly nickname: string
  /** A web address, empty for no picture, or a path of the sandbox such as `/mmopen/vi_32/follower/132`. */
  readonly headimgurl: string
  /** Follows every account of the sandbox. */
  readonly follower: boolean
  /**
   * From where a follower opens the page. Default `chat`: the account's own chat or menu, where WeChat asks
   * nothing. From a `link` a follower is asked like a stranger.
   */
  readonly enteredFrom?: 'chat' | 'link'
  /** False: no account shows a unionid, as when it is not bound to an open platform. */
  readonly unionid: boolean
  /** WeChat opens `snsapi_userinfo` pages as a snapshot, with a made-up person. Default false. */
  readonly snapshot?: boolean
  /** Says no to the consent page at once, without seeing it. Default false. */
  readonly refuses?: boolean
}

/** Who a visitor is for one account. */
export interface VisitorIdentity {
  readonly appId: string
  readonly openid: string
  /** Absent when the account is bound to no open platform, or the visitor shows none. */
  readonly unionid?: string
}

/** A visitor with the ids that the accounts of this sandbox see. */
export interface VisitorEntry extends SandboxVisitor {
  readonly identities: readonly VisitorIdentity[]
}

/** Everyone the sandbox knows, and who is looking. */
export interface VisitorList {
  /** The id of the visitor who is looking when a browser or a request names nobody else. */
  readonly current: string
  readonly visitors: readonly VisitorEntry[]
}

/** How the sandbox plays web page authorization (网页授权) where WeChat is uncertain, or has a bad day. */
export interface OAuthSwitches {
  /**
   * Refuse a browser that is not WeChat with `请在微信客户端打开链接`. Default false, because the simulated phone
   * runs in an ordinary browser. When true, a User-Agent with `MicroMessenger` gets in, and so does a frame
   * (`Sec-Fetch-Dest: iframe`), which is taken for the phone.
   */
  readonly requireWechatUserAgent: boolean
  /**
   * Let the browser open the landing address twice, as Android web views do. Default false.
   *
   * - `same-code`: both with the same code and state, as with Back, refresh and prefetch; nothing cures it.
   * - `new-code`: a new code, the same state; `connect_redirect=1` in the authorize address cures it.
   *
   * The answer is then a page that requests the address once as an image and then goes there.
   */
  readonly doubleCallback: false | 'same-code' | 'new-code'
  /**
   * The web view forgets its cookies between the authorize page and the landing. Default false.
   *
   * The answer carries `Clear-Site-Data: "cookies"`, which a browser obeys for the host it is on: cookies of a
   * page on another port of `localhost` are lost, cookies of another host are not. The visitor that was chosen
   * for this browser alone is forgotten with them.
   */
  readonly cookiesLost: boolean
  /** Uncertain on WeChat: after a refusal the page stays (default), or goes back with the state and no code. */
  readonly refusal: 'stays' | 'state-only'
  /** Uncertain on WeChat: is a consent asked again (false, default), or remembered unless `forcePopup=true`? */
  readonly remembersConsent: boolean
  /** Contradictory: is `sns/userinfo` of a snapshot visitor 48001 (default, seen in logs), or a made-up profile (announced)? */
  readonly snapshotProfile: 'refused' | 'virtual'
  /** `is_snapshotuser` stands in the token answer (default true); reported to be missing at times. */
  readonly snapshotMark: boolean
}

/** A code the sandbox gave out. */
export interface CodeSnapshot {
  readonly value: string
  readonly visitor: string
  readonly scope: OAuthScope
  readonly issuedAt: number
  readonly expiresAt: number
  readonly state: 'live' | 'used' | 'expired'
}

/** An access_token of a visitor with its refresh_token. */
export interface OAuthTokenSnapshot {
  readonly accessToken: string
  readonly refreshToken: string
  readonly visitor: string
  readonly openid: string
  readonly scope: OAuthScope
  /** The visitor is the made-up person of a snapshot page. */
  readonly virtual: boolean
  readonly expiresAt: number
  readonly refreshExpiresAt: number
  readonly valid: boolean
}
