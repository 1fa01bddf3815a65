import type {
  AddedCard,
  CallArguments,
  CallName,
  CallResult,
  CardToAdd,
  ChosenCard,
  JsApiName,
} from './api-types.ts'
import type { WeixinError } from './errors.ts'

/** Why something failed. Stable: decide by this, not by the message. */
export type WeixinErrorCode =
  | 'not_in_wechat'
  | 'timeout'
  | 'sdk_unavailable'
  | 'service_unavailable'
  | 'service_refused'
  | 'origin_not_allowed'
  | 'signed_url_mismatch'
  | 'invalid_signature'
  | 'url_domain_not_bound'
  | 'invalid_config'
  | 'require_subscribe'
  | 'permission_denied'
  | 'not_verified'
  | 'not_supported'
  | 'cancelled'
  | 'invalid_argument'
  | 'auth_info_missing'
  | 'auth_info_invalid'
  | 'snapshot_user'
  | 'access_denied'
  | 'login_loop'
  | 'card_failed'
  | 'bad_native_answer'
  | 'page_left'
  | 'failed'

/** A tag for `openTagList`. */
export type OpenTag = 'wx-open-launch-weapp' | 'wx-open-launch-app' | 'wx-open-subscribe' | 'wx-open-audio'

/** Limits of every wait, in milliseconds. */
export interface Timeouts {
  /** Until `WeixinJSBridge` appears. Default 5,000. */
  bridgeMs: number
  /** Until the service or the SDK file has answered. Default 10,000. */
  serviceMs: number
  /** Until WeChat has verified a signature. Default 10,000. */
  verifyMs: number
  /** Until an API answers that needs nobody. Default 10,000. */
  callMs: number
  /** Until an API answers that waits for a person or an upload. Default 600,000 (ten minutes). */
  interactiveMs: number
}

/**
 * Which address was signed: the one the page landed on, the one it has now, or the one WeChat itself named when it
 * refused the others.
 */
export type Candidate = 'landing' | 'current' | 'reported'

/** One step on the way to ready, with how long it took. */
export interface ReadyStep {
  step: 'environment' | 'bridge' | 'sdk' | 'signature' | 'verify' | 'rejected' | 'config'
  ok: boolean
  /** Duration in milliseconds; steps may overlap. */
  ms: number
  url?: string
  candidate?: Candidate
  code?: WeixinErrorCode
  errMsg?: string
}

/** Where the page runs. */
export interface Environment {
  /** True in WeChat, and only there: WeCom needs signatures of its own. */
  inWeixin: boolean
  client: 'wechat' | 'wecom' | 'none'
  /** In the devtools this is the device they imitate. */
  platform: 'ios' | 'android' | 'harmony' | 'windows' | 'mac' | 'unknown'
  devtools: boolean
  /** True in the web view of a mini program; some clients say so only once the bridge is there. */
  miniProgram: boolean
  miniProgramAppId?: string
  /** Version of WeChat (or WeCom), such as `8.0.50`. */
  version?: string
}

/** What {@link Weixin.ready} resolves to. */
export interface Ready {
  appId: string
  /** The signed address that WeChat accepted. */
  url: string
  candidate: Candidate
  steps: ReadyStep[]
  environment: Environment
}

/** What `wx.config` is given. */
export interface SdkConfig {
  debug?: boolean
  check?: boolean
  appId: string
  timestamp: number
  nonceStr: string
  signature: string
  jsApiList?: string[]
  openTagList?: string[]
}

/** The part of weixin-js-sdk that has to be there; APIs are looked up by name. */
export interface WeixinSdk {
  config(settings: SdkConfig): void
}

/** Settings of {@link createWeixin}. */
export interface WeixinOptions {
  /** Address of the signing service, such as `https://mem.example.com/mp`. */
  service: string
  /** Number of the port (门店) that the page belongs to; `authInfo()` needs it. */
  portId?: number
  /** Needed when the service has more than one account. */
  appId?: string
  /** APIs the page will call. Default: every API of the SDK. */
  jsApiList?: readonly JsApiName[]
  /** Open tags on the page. Default: none. */
  openTagList?: readonly OpenTag[]
  timeouts?: Partial<Timeouts>
  /** Hears of every step on the way to ready, failed ones too. */
  onStep?: (step: ReadyStep) => void
  /** Lets the SDK alert every answer. Default false. */
  debug?: boolean
  /** Gives the SDK. Default: `window.jWeixin` or `window.wx` where it exists, else `import('weixin-js-sdk')`. */
  sdk?: () => Promise<WeixinSdk>
}

/** What people see of a shared page. */
export interface ShareContent {
  title: string
  /** Second line in a chat; the timeline does not show it. Default: none. */
  desc?: string
  /** Absolute, or relative to the page; on a domain of the account. Default: the current address without identity. */
  link?: string
  /** Absolute, or relative to the page; http or https. */
  imgUrl: string
}

/** How one of the two share targets was set. */
export interface ShareStep {
  ok: boolean
  /** The API that had the last word: the new one, or the old one where the client lacks the new. */
  api: JsApiName
  code?: WeixinErrorCode
  errMsg?: string
}

/** What {@link Weixin.share} resolves to: at least one of the two is ok. */
export interface ShareReport {
  /** The link that was set, absolute. */
  link: string
  appMessage: ShareStep
  timeline: ShareStep
}

/** Settings of {@link Weixin.share}. */
export interface ShareOptions {
  /**
   * Sets the share anew, with the new address, whenever the route changes; until {@link FollowedShare.stop} or the
   * next `share()`. Default false.
   */
  followRoute?: boolean
  /** Hears what came of every later share that a change of the route made. */
  onFollowed?: (outcome: ShareReport | WeixinError) => void
}

/** What {@link Weixin.share} resolves to when it follows the route. */
export interface FollowedShare extends ShareReport {
  /** Leaves the share as it is from now on. */
  stop(): void
}

/** A card the service shall make ready; it has to be one of `publicCards`, or come with a grant. */
export interface CardWish {
  cardId: string
  /** Comes back in the card events, to tell where the card was taken; up to 128 characters. */
  outerStr?: string
}

/** Settings of {@link Weixin.addCard}. */
export interface AddCardOptions {
  /** From the page's own backend (`POST /v1/cards/grants`): lets this page have one card bound to one person. */
  grant?: string
}

/** Which cards {@link Weixin.chooseCard} offers; what is left out does not narrow the choice. */
export interface CardChoice {
  cardId?: string
  /** Such as `GROUPON`, `DISCOUNT`, `GIFT`, `CASH` or `MEMBER_CARD`. */
  cardType?: string
  shopId?: string
}

/** A card the person has, to be shown. */
export interface CardToOpen {
  cardId: string
  /** The plain code, which a backend gets from `encryptCode`. */
  code: string
}

/** What {@link Weixin.debug} gives. */
export interface DebugPanel {
  close(): void
}

/** Who is looking: hints for the page, and a ticket for its backend. */
export interface AuthInfo {
  openid: string
  /** The unified user's id: up to 20 digits, which a number would round. */
  userid?: string
  unionid?: string
  portid?: string
  appid?: string
  /**
   * Proves the ids to a backend that redeems it at the service, once, within 60 s. Only there when the visitor came
   * from WeChat in this very page load.
   */
  ticket?: string
  /** Why there is no unionid: `snsapi_base` does not ask for it, or the account is bound to no open platform. */
  unionidAbsentBecause?: 'scope' | 'not_bound'
}

/** Settings of {@link Weixin.authInfo}. */
export interface AuthInfoOptions {
  /**
   * `snsapi_base` asks silently, for the openid; `snsapi_userinfo` asks the visitor, for unionid and profile too.
   * Default `snsapi_userinfo`.
   */
  scope?: 'snsapi_base' | 'snsapi_userinfo'
  /** How many days a cookie remembers the visitor, without the ticket. 0: not at all. Default 7. */
  cookieDays?: number
  /** Asks WeChat even where the visitor is known from before this page load. Default false. */
  force?: boolean
  /** Takes identity out of the address bar. Default true. */
  cleanUrl?: boolean
  /** How long the browser may take to leave the page, in milliseconds. Default 30,000. */
  redirectMs?: number
}

/** One page's way to WeChat, made by {@link createWeixin}. */
export interface Weixin {
  /** Where the page runs, read at each access. */
  readonly environment: Environment
  /**
   * Resolves once WeChat has accepted a signature for this page.
   *
   * Starts at the first call and is shared by all; verifies again when the address changed where WeChat needs it and
   * after the page came back from the back/forward cache. After a failure the next call starts anew.
   *
   * @throws {WeixinError} `not_in_wechat`, `timeout`, `sdk_unavailable`, `service_unavailable`, `service_refused`,
   * `origin_not_allowed`, `signed_url_mismatch`, `invalid_signature`, `url_domain_not_bound`, `invalid_config`,
   * `require_subscribe`, `permission_denied`
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * const { appId, url } = await weixin.ready()
   * ```
   */
  ready(): Promise<Ready>
  /**
   * Calls one API of the SDK; waits for {@link Weixin.ready} by itself.
   *
   * Parameters are copied when the call is made. An API whose name starts with `on` resolves once its `listener` is
   * in place, and WeChat keeps one listener for each of them: the last.
   *
   * @throws {WeixinError} the codes of `ready()`, and `cancelled`, `permission_denied`, `not_verified`,
   * `not_supported`, `timeout`, `invalid_argument`, `failed`
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * const { resultStr } = await weixin.call('scanQRCode', { needResult: 1 })
   * ```
   */
  call<N extends CallName>(name: N, ...params: CallArguments<N>): Promise<CallResult<N>>
  /**
   * Sets what is shared from this page, to a chat and to the timeline; waits for {@link Weixin.ready} by itself.
   *
   * Uses the new share-data APIs, and for each that the client lacks the old one. "ok" means the data is set, not
   * that somebody shared.
   *
   * @throws {WeixinError} `invalid_argument`, the codes of `ready()`, or what WeChat said when both targets failed
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * const report = await weixin.share({ title: 'Spring menu', imgUrl: '/images/spring.png' })
   * const worked = report.appMessage.ok && report.timeline.ok
   * ```
   *
   * With `followRoute` the link is always the current address, also after a router has changed it. It is heard of
   * through the Navigation API, `popstate` and `hashchange`; where the browser has no Navigation API, the address is
   * compared every 300 ms. Nothing of `history` is replaced.
   *
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * const { stop } = await weixin.share({ title: 'Menu', imgUrl: '/menu.png' }, { followRoute: true })
   * window.addEventListener('pagehide', stop, { once: true })
   * ```
   */
  share(
    content: Omit<ShareContent, 'link'> & { link?: never },
    options: ShareOptions & { followRoute: true },
  ): Promise<FollowedShare>
  share(content: ShareContent, options?: ShareOptions & { followRoute?: false }): Promise<ShareReport>
  /**
   * Offers cards (卡券) to the person; waits for {@link Weixin.ready} by itself.
   *
   * The service makes each card ready with a signature of its own. A page whose backend has done that already hands
   * over the finished `cardExt`, word for word: WeChat takes only text. Resolves with one entry for each card WeChat
   * speaks of; `isSuccess` tells which of them the person has now.
   *
   * @throws {WeixinError} the codes of `call()`; `card_failed` when WeChat gave none and showed why on its own screen;
   * `bad_native_answer` when what it said cannot be read; `service_refused`, where `problem.code` tells whether the
   * card is not public (`card_not_public`)
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * const cards = await weixin.addCard([{ cardId: 'pjZ8Yt1XGILfi-FUsewpnnolGgZk', outerStr: 'home' }])
   * const taken = cards.filter(({ isSuccess }) => isSuccess)
   * ```
   */
  addCard(cards: readonly CardWish[], options?: AddCardOptions): Promise<AddedCard[]>
  addCard(cards: readonly CardToAdd[]): Promise<AddedCard[]>
  /**
   * Lets the person choose among the cards they have; waits for {@link Weixin.ready} by itself.
   *
   * The service signs the question; without credentials it does so for a `cardId` on `publicCards`. An empty list also
   * stands for a choice that is too narrow or a refused signature: WeChat does not tell them apart.
   *
   * @throws {WeixinError} the codes of `call()`, `service_refused`, `bad_native_answer`
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * const [card] = await weixin.chooseCard({ cardId: 'pjZ8Yt1XGILfi-FUsewpnnolGgZk' })
   * if (card) await fetch('/redeem', { method: 'POST', body: new URLSearchParams({ code: card.encryptCode }) })
   * ```
   */
  chooseCard(choice?: CardChoice): Promise<ChosenCard[]>
  /**
   * Shows cards the person has; waits for {@link Weixin.ready} by itself.
   *
   * @throws {WeixinError} the codes of `call()`
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * await weixin.openCard([{ cardId: 'pjZ8Yt1XGILfi-FUsewpnnolGgZk', code: '198374613512' }])
   * ```
   */
  openCard(cards: readonly CardToOpen[]): Promise<void>
  /**
   * Hears when this client cannot show open tags although the page is verified (`WeixinOpenTagsError`); everything
   * else goes on working. Listen before the first `ready()`. What goes wrong later with one tag is told by the `error`
   * event of that element.
   *
   * @returns ends it
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({
   *   service: 'https://mem.example.com/mp',
   *   openTagList: ['wx-open-launch-weapp'],
   * })
   * weixin.onOpenTagError(({ hintZh }) => document.body.append(hintZh))
   * ```
   */
  onOpenTagError(listener: (error: WeixinError) => void): () => void
  /**
   * Opens a small panel over the page: environment, every verification with its address, its result and what was
   * signed, and the latest errors. Its code is loaded when it is asked for; it works outside WeChat too.
   *
   * @throws {WeixinError} `sdk_unavailable`, and `not_in_wechat` where there is no page at all
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
   * if (location.hash === '#debug') await weixin.debug()
   * ```
   */
  debug(): Promise<DebugPanel>
  /**
   * Tells who is looking: from the address the visitor landed on, else from the cookie, else by going through WeChat
   * once; then the page is left and the promise stays open until it is gone.
   *
   * Call it before the router starts, which would put the landing address back. Identity is taken out of the address
   * bar at once; routes, queries and the signature on iOS stay intact. Any script of the page can read the ids and
   * the cookie, and anybody can write a link with ids in it: open a session only for a redeemed `ticket`.
   *
   * @throws {WeixinError} `not_in_wechat`, `invalid_argument`, `auth_info_invalid`, `snapshot_user`, `access_denied`,
   * `login_loop`, `sdk_unavailable`, `timeout`
   * @example
   * ```ts
   * import { createWeixin } from 'wx-h5-kit'
   *
   * const weixin = createWeixin({ service: 'https://mem.example.com/mp', portId: 4 })
   * const { ticket } = await weixin.authInfo({ scope: 'snsapi_base' })
   * if (ticket !== undefined) await fetch('/session', { method: 'POST', body: new URLSearchParams({ ticket }) })
   * ```
   */
  authInfo(options?: AuthInfoOptions): Promise<AuthInfo>
}
