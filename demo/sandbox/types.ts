import type { Hono } from 'hono'
import type { VerifyAnswer, VerifyRequest } from './bridge-protocol.ts'
import type {
  AddCardAnswer,
  AddCardRequest,
  ChooseCardAnswer,
  ChooseCardRequest,
  ViewCardAnswer,
  ViewCardRequest,
} from './card-protocol.ts'
import type { CardSnapshot, SandboxCard } from './card-types.ts'
import type {
  CodeSnapshot,
  OAuthScope,
  OAuthSwitches,
  OAuthTokenSnapshot,
  SandboxVisitor,
  VisitorIdentity,
  VisitorList,
} from './oauth-types.ts'

/** The two kinds of access_token; WeChat keeps them apart: one never invalidates the other. */
export type TokenKind = 'classic' | 'stable'

/** `jsapi` signs `wx.config`, `wx_card` signs cards. */
export type TicketType = 'jsapi' | 'wx_card'

/** An official account the sandbox plays. */
export interface SandboxAccount {
  /** `wx` and 16 letters or digits. */
  readonly appId: string
  readonly appSecret: string
  readonly name?: string
  /**
   * JS接口安全域名: host names whose pages may call `wx.config`, at most 5, without scheme and port. A listed
   * domain covers its sub-domains on ports 80 and 443; `localhost` and `127.0.0.1` may be listed and match on any port.
   */
  readonly safeDomains: readonly string[]
  /** Addresses that may ask for an access_token; absent means everyone. Others get 40164. */
  readonly ipWhitelist?: readonly string[]
  /** The AppSecret is frozen: 40243. Default false. */
  readonly frozen?: boolean
  /** Whether the account may have cards; without the right its card ticket is refused with 48001. Default true. */
  readonly cardRight?: boolean
  /** Calls of `cgi-bin/token` a day. Default 2000; a WeChat test account has 200. */
  readonly tokenDailyLimit?: number
  /**
   * 网页授权域名: the whole host of `redirect_uri`, or two of them; no sub-domain counts. Without one every
   * authorization ends in 10003. `localhost` and `127.0.0.1` match on any port, others on 80 and 443.
   */
  readonly oauthDomain?: string | readonly string[]
  /** The scheme `redirect_uri` must have, or 10039. Default: both. */
  readonly oauthScheme?: 'http' | 'https'
  /** What the account may ask for; other scopes get 10005. Default: both. */
  readonly oauthScopes?: readonly OAuthScope[]
  /** Authorizations of one visitor a minute before 10009. Default: no limit. */
  readonly oauthMinuteLimit?: number
  /** Banned by WeChat: 10004 on the authorize page. Default false. */
  readonly banned?: boolean
  /** A test account: who does not follow it gets 10006. Default false. */
  readonly followersOnly?: boolean
  /** Managed by a third-party platform that is not authorized: 10015. Default false. */
  readonly thirdPartyUnauthorized?: boolean
  /** The appId belongs to an application of the open platform, not to an account: 10016. Default false. */
  readonly openPlatformApp?: boolean
  /**
   * The open platform the account is bound to: accounts with the same one see the same unionid. Default
   * `sandbox`; `false` is bound to none, and then nobody has a unionid.
   */
  readonly openPlatform?: string | false
  /** The cards it hands out when the sandbox starts; {@link Sandbox.putCards} changes them later. Default: none. */
  readonly cards?: readonly SandboxCard[]
}

/** What `/__sandbox/phone.json` tells the phone. */
export interface PhoneSettings {
  /** Address of the H5 page to open. */
  readonly page: string
  /** Base address of this sandbox. */
  readonly sandbox: string
  readonly account: { readonly appId: string; readonly name?: string }
}

/**
 * How the sandbox behaves. Everything has a default; what WeChat does not document is a switch here, with the
 * likeliest answer as default.
 */
export interface SandboxOptions {
  /** Default: {@link SandboxAccount | builtInAccount} alone. */
  readonly accounts?: readonly SandboxAccount[]
  /** Epoch milliseconds; default `Date.now`. The sandbox's clock is this plus a movable offset. */
  readonly now?: () => number
  /** Random bytes for tokens, tickets and request ids; default `crypto.getRandomValues`. */
  readonly random?: (size: number) => Uint8Array
  /** Uncertain on WeChat: is a ticket kept until its last 5 minutes (default), or new on every call? */
  readonly ticketRotation?: 'kept' | 'every-call'
  /** Uncertain on WeChat: seconds the former ticket still verifies after a new one was given out. Default 300. */
  readonly formerTicketS?: number
  /** Uncertain on WeChat: refuse a `wx.config` timestamp older than this many seconds. Default: any age is fine. */
  readonly configTimestampMaxAgeS?: number
  /** Uncertain on WeChat: the answer to a wrong AppSecret. Default 40125 (seen in logs); the documents say 40001. */
  readonly wrongSecretErrcode?: 40125 | 40001
  /** Uncertain on WeChat: the answer to the 21st `force_refresh` of a day. Default 45009. */
  readonly forceQuotaErrcode?: 45009 | 45011
  /** Contradictory in WeChat's documents: the text of 45009. Default `reach max api daily quota limit`. */
  readonly quotaErrmsg?: 'reach max api daily quota limit' | 'api freq out of limit'
  /** Undocumented on WeChat: calls of `ticket/getticket` a day before 45009. Default: no limit. */
  readonly ticketDailyLimit?: number
  /** Who may look at a page. Default: {@link SandboxVisitor | builtInVisitors}. */
  readonly visitors?: readonly SandboxVisitor[]
  /** The id of the visitor who looks first. Default: the first one. */
  readonly visitor?: string
  /** How web page authorization behaves; what is left out keeps its default. */
  readonly oauth?: Partial<OAuthSwitches>
  /** The caller's address for requests that come without a socket (`fetch`, MSW). Default `127.0.0.1`. */
  readonly callerIp?: string
  /** Folder of the built phone, served at `/`. Default: no phone. */
  readonly phoneFolder?: string
  /** File of the built bridge script, served at `/__sandbox/bridge.js`. Default: none. */
  readonly bridgeScript?: string
  /** Served at `/__sandbox/phone.json`; a function when the address is known only after listening. */
  readonly phone?: PhoneSettings | (() => PhoneSettings)
}

/** The sandbox's idea of the time. Tokens, tickets, quotas, `Date` headers and request ids follow it. */
export interface SandboxClock {
  /** Epoch milliseconds. */
  now(): number
  /** Moves the clock forward, or back with a negative number. */
  advance(ms: number): void
  /** Sets the clock to an epoch time in milliseconds; it goes on running from there. */
  set(ms: number): void
  /** Milliseconds between the sandbox's clock and the one below it. */
  readonly offsetMs: number
}

/**
 * The bad days the sandbox can play.
 *
 * - `busy` -1 · `invalid_credential` 40001 · `token_expired` 42001 · `quota` 45009 · `ip_not_in_whitelist` 40164
 * - `slow` the right answer after `delayMs` (3000) · `hang` no answer · `reset` the connection breaks
 * - `html` a web page with status 200 · `empty` status 200 without a body · `http_500` · `truncated` JSON cut in half
 * - `expires_in` is replaced by `expiresIn`, or left out when that is absent
 * - `wrong_clock` shifts the `Date` header by `offsetMs` (one hour)
 * - `wrong_ticket` the bridge compares with another ticket · `domain_not_bound` the bridge knows no safe domain
 */
export type FaultKind =
  | 'busy'
  | 'invalid_credential'
  | 'token_expired'
  | 'quota'
  | 'ip_not_in_whitelist'
  | 'slow'
  | 'hang'
  | 'reset'
  | 'html'
  | 'empty'
  | 'http_500'
  | 'truncated'
  | 'expires_in'
  | 'wrong_clock'
  | 'wrong_ticket'
  | 'domain_not_bound'

/** One fault, switched on. */
export interface Fault {
  readonly kind: FaultKind
  /**
   * Only for this path, for example `cgi-bin/ticket/getticket`; default every WeChat API. The authorize page is
   * hit only by its name, `connect/oauth2/authorize`. The bridge's two faults ignore it.
   */
  readonly path?: string
  /** How many requests it hits; default until cleared. */
  readonly times?: number
  /** Milliseconds to wait before answering; default 0, for `slow` 3000. */
  readonly delayMs?: number
  /** For `wrong_clock`: milliseconds added to the `Date` header; default 3600000. */
  readonly offsetMs?: number
  /** For `expires_in`: the value put there, of any type; absent leaves the field out. */
  readonly expiresIn?: unknown
}

/** One HTTP request the sandbox saw. Credentials are shown: they are made up. */
export interface ApiCall {
  /** Epoch milliseconds on the sandbox's clock. */
  readonly at: number
  readonly method: string
  readonly host: string
  /** Without a slash in front, for example `cgi-bin/token`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The first 2000 characters of the body. */
  readonly body?: string
  readonly ip: string
  /** Absent while the request is held, and for a connection that was broken. */
  readonly status?: number
  readonly errcode?: number
  readonly faults?: readonly FaultKind[]
}

/** A token or ticket the sandbox gave out. */
export interface IssuedSnapshot {
  readonly value: string
  readonly issuedAt: number
  /** The end that `expires_in` announced, epoch milliseconds. */
  readonly expiresAt: number
  /** When it really stops working: earlier after a replacement, later inside the 5-minute overlap. */
  readonly endsAt: number
  readonly valid: boolean
}

/** Everything the sandbox knows about one account. */
export interface AccountSnapshot {
  readonly appId: string
  readonly name?: string
  readonly safeDomains: readonly string[]
  readonly ipWhitelist?: readonly string[]
  readonly frozen: boolean
  /** Newest last. */
  readonly tokens: Readonly<Record<TokenKind, readonly IssuedSnapshot[]>>
  /** Newest last. */
  readonly tickets: Readonly<Record<TicketType, readonly IssuedSnapshot[]>>
  /** Codes of web page authorization, newest last. */
  readonly codes: readonly CodeSnapshot[]
  /** Tokens of visitors, newest last. */
  readonly oauthTokens: readonly OAuthTokenSnapshot[]
  /** What it hands out, what is left, and who has what. */
  readonly cards: readonly CardSnapshot[]
  /** Calls counted today (Beijing time), by path. */
  readonly usedToday: Readonly<Record<string, number>>
}

/** The state of the sandbox at one instant. */
export interface SandboxSnapshot {
  readonly now: number
  readonly offsetMs: number
  readonly accounts: readonly AccountSnapshot[]
  readonly visitors: VisitorList
  readonly oauth: OAuthSwitches
  /** Faults still switched on, with the times they have left. */
  readonly faults: readonly Fault[]
  /** Calls since the start or the last reset, by path; not limited to the last 500. */
  readonly callCounts: Readonly<Record<string, number>>
}

/** WeChat in a box: see {@link createSandbox}. */
export interface Sandbox {
  /** Everything over HTTP: WeChat's paths at the root, control under `/__sandbox/`. */
  readonly app: Hono
  /** Answers one request in this process; a broken connection is a `Response.error()`. */
  fetch(request: Request): Promise<Response>
  readonly clock: SandboxClock
  snapshot(): SandboxSnapshot
  /**
   * Back to the start: no tokens, tickets, codes, quotas, faults, calls; accounts, cards, visitors and switches as
   * they were handed in; the clock runs normally; held requests break.
   */
  reset(): void
  /** Replaces all faults. */
  setFaults(faults: readonly Fault[]): void
  addFault(fault: Fault): void
  clearFaults(): void
  /** Gives the account a new ticket; the former one stops verifying at once, as when somebody else refreshed it. */
  rotateTicket(appId: string, type?: TicketType): void
  /** Ends every access_token of the account at once: the next API call gets 40001. */
  revokeTokens(appId: string): void
  /** Makes this text the account's current ticket, for 7200 s unless told otherwise. */
  seedTicket(appId: string, type: TicketType, ticket: string, expiresInS?: number): void
  /** Makes this text the account's current access_token, for 7200 s unless told otherwise. */
  seedToken(appId: string, kind: TokenKind, token: string, expiresInS?: number): void
  /** Everyone who may look, and who is looking. */
  visitors(): VisitorList
  /** Adds visitors, or replaces those with the same id. */
  putVisitors(visitors: readonly SandboxVisitor[]): void
  /** Chooses who is looking in every browser that has not chosen for itself. */
  chooseVisitor(id: string): void
  /** The ids by which an account knows a visitor; always the same. The account may be left out when there is one. */
  identityOf(visitorId: string, appId?: string): VisitorIdentity
  /** Changes how web page authorization behaves from now on. */
  setOAuth(changes: Partial<OAuthSwitches>): void
  /** Changes an account from now on, for example `{ banned: true }`; its appId stays. */
  changeAccount(appId: string, changes: Partial<Omit<SandboxAccount, 'appId' | 'cards'>>): void
  /** What an account hands out, what is left, and who has what. The account may be left out when there is one. */
  cards(appId?: string): CardSnapshot[]
  /** Replaces the cards of an account. What people have of a card that stays, they keep. */
  putCards(cards: readonly SandboxCard[], appId?: string): void
  /** What the WeChat client answers to `preVerifyJSAPI`, and why. */
  verifyConfig(request: VerifyRequest): VerifyAnswer
  /** What the WeChat client does with the cards of `wx.addCard`, and why. */
  verifyAddCard(request: AddCardRequest): AddCardAnswer
  /** Which cards the WeChat client shows for `wx.chooseCard`, and why none. */
  verifyChooseCard(request: ChooseCardRequest): ChooseCardAnswer
  /** Whether the WeChat client opens the cards of `wx.openCard` or `wx.consumeAndShareCard`, and why not. */
  verifyViewCard(request: ViewCardRequest): ViewCardAnswer
  /** The last 500 requests to WeChat's paths, newest last; only those to `path` when it is given. */
  calls(path?: string): ApiCall[]
  /** Breaks requests that are held by `hang` or `slow`. The server's `close` calls it. */
  releaseHeld(): void
}
