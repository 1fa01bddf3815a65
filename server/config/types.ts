/** The checked configuration of one service: every default is filled in, nothing can be changed any more. */
export interface Config {
  /** Our own address as browsers see it, without a slash at the end; absent when none was configured. */
  readonly publicUrl?: string
  readonly listen: ListenConfig
  /** How many reverse proxies in front of us may be believed about the caller's address; 0 believes none. */
  readonly trustedProxies: number
  readonly database: DatabaseTarget
  readonly redis?: string
  readonly wechat: WechatConfig
  /** At least one; no appId and no port id appears twice. */
  readonly accounts: readonly AccountConfig[]
  readonly rateLimits: RateLimitsConfig
  readonly clients: readonly ClientConfig[]
}

export interface ListenConfig {
  readonly host: string
  /** 0 lets the system pick a free port. */
  readonly port: number
}

/** Where credentials survive: in this process only, or in a SQLite file (`:memory:` is SQLite without a file). */
export type DatabaseTarget = { readonly kind: 'memory' } | { readonly kind: 'sqlite'; readonly file: string }

export interface WechatConfig {
  /** Origins of WeChat's API in the order in which they are tried; at least one. */
  readonly apiHosts: readonly string[]
  readonly authorizeUrl: string
}

export interface AccountConfig {
  readonly appId: string
  readonly appSecret: string
  readonly name?: string
  readonly portIds: readonly number[]
  /** Which of WeChat's two kinds of access_token is used; they do not invalidate each other. */
  readonly tokenApi: TokenApi
  /** `scheme://host[:port]` as written; pages on these origins may be signed. */
  readonly pageOrigins: readonly string[]
  /** `scheme://host[:port][/prefix]` as written; where authInfo may send people. */
  readonly redirects: readonly string[]
  readonly publicCards: readonly string[]
  /** File name to content, for WeChat's check that a domain is ours. */
  readonly verifyFiles: Readonly<Record<string, string>>
}

export type TokenApi = 'stable' | 'classic'

/** At most `points` requests of one address in `perSeconds` seconds; 0 points switch the limit off. */
export interface RateLimitConfig {
  readonly points: number
  readonly perSeconds: number
}

export interface RateLimitsConfig {
  readonly signature: RateLimitConfig
  readonly authInfo: RateLimitConfig
  readonly accessToken: RateLimitConfig
}

export interface ClientConfig {
  readonly clientId: string
  readonly clientSecret: string
  readonly applicationKey?: string
  readonly scopes: readonly string[]
  /** appIds this client may use; an empty list means every account. */
  readonly accounts: readonly string[]
}
