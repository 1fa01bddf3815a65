import type { AccessTokens } from './truth/access-tokens.ts'
import type { Cards } from './truth/cards.ts'
import type { Codes } from './truth/codes.ts'
import type { Consents } from './truth/consents.ts'
import type { OAuthSettings } from './truth/oauth-settings.ts'
import type { OAuthTokens } from './truth/oauth-tokens.ts'
import type { Quotas } from './truth/quotas.ts'
import type { Tickets } from './truth/tickets.ts'
import type { Visitors } from './truth/visitors.ts'
import type { SandboxAccount, SandboxOptions } from './types.ts'

/** Everything that is true in the sandbox at this instant. */
export interface World {
  readonly accounts: ReadonlyMap<string, SandboxAccount>
  readonly options: SandboxOptions
  readonly tokens: AccessTokens
  readonly tickets: Tickets
  readonly quotas: Quotas
  readonly visitors: Visitors
  readonly codes: Codes
  readonly cards: Cards
  readonly oauthTokens: OAuthTokens
  readonly consents: Consents
  readonly oauth: OAuthSettings
  now(): number
  random(size: number): Uint8Array
}
