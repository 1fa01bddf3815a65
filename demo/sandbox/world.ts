import type { AccessTokens } from './truth/access-tokens.ts'
import type { Quotas } from './truth/quotas.ts'
import type { Tickets } from './truth/tickets.ts'
import type { SandboxAccount, SandboxOptions } from './types.ts'

/** Everything that is true in the sandbox at this instant. */
export interface World {
  readonly accounts: ReadonlyMap<string, SandboxAccount>
  readonly options: SandboxOptions
  readonly tokens: AccessTokens
  readonly tickets: Tickets
  readonly quotas: Quotas
  now(): number
  random(size: number): Uint8Array
}
