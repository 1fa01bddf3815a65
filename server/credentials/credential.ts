/** What the vault holds per account: the token, the ticket that signs pages, the ticket that signs cards. */
export const CREDENTIAL_KINDS = ['access_token', 'jsapi', 'wx_card'] as const

export type CredentialKind = (typeof CREDENTIAL_KINDS)[number]

export interface Credential {
  readonly value: string
  /** Epoch milliseconds, taken before WeChat was asked. */
  readonly obtainedAt: number
  /** Epoch milliseconds at which WeChat lets it die. */
  readonly expiresAt: number
  /** Grows by one with every refresh; a store keeps the greater one. */
  readonly generation: number
}
