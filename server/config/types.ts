/** The checked configuration of one service: every default is filled in, nothing can be changed any more. */
export interface Config {
  /** Our own address as browsers see it, without a slash at the end; absent when none was configured. */
  readonly publicUrl?: string
  readonly listen: ListenConfig
  /** How many reverse proxies in front of us may be believed about the caller's address; 0 believes none. */
  readonly trustedProxies: number
  readonly database: DatabaseTarget
  readonly redis?: string
  /** What every key in Redis begins with, so that several services may share one. */
  readonly redisPrefix: string
  readonly wechat: WechatConfig
  /** At least one; no appId and no port id appears twice. */
  readonly accounts: readonly AccountConfig[]
  readonly rateLimits: RateLimitsConfig
  readonly clients: readonly ClientConfig[]
  readonly keys: KeysConfig
  /** Whether authInfo insists on its cookie; `preferred` is for web views that lose all of them. */
  readonly stateCookie: 'required' | 'preferred'
}

export interface ListenConfig {
  readonly host: string
  /** 0 lets the system pick a free port. */
  readonly port: number
  /** Connections at once; beyond that new ones are closed before a byte is read. */
  readonly maxConnections: number
  /** How long a process that stops goes on to accept requests while `/readyz` says 503, for balancers to notice. */
  readonly drainSeconds: number
}

/** Where everything is stored: in a SQLite file (`:memory:` is SQLite without a file), or in PostgreSQL. */
export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

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
  /** As it is, or hashed: `sha256:` and the 64 hexadecimal digits of its SHA-256. */
  readonly clientSecret: string
  /** Accepted beside `clientSecret` while callers move to the new one; written the same way. */
  readonly previousClientSecret?: string
  /** Must come with the secret, and stands in the token; without it the client sends none. */
  readonly applicationKey?: string
  readonly scopes: readonly string[]
  /** appIds this client may use; an empty list means every account. */
  readonly accounts: readonly string[]
}

/** Keys of our own. Of each list the first one is used for new things, all of them for reading old ones. */
export interface KeysConfig {
  /** Where keys that are not configured are kept, made at the first start; readable by the owner only. */
  readonly file: string
  /** RSA private keys of 2048 bits or more, PKCS#8 PEM: they sign service tokens. */
  readonly ssoToken: readonly string[]
  /** 32 bytes each, base64: they encrypt phone numbers. */
  readonly phone: readonly string[]
  /** 32 bytes, base64: finds a phone number without decrypting any. */
  readonly phoneIndex?: string
}
