import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'

const TOKEN_DAILY_LIMIT = 2000
export const STABLE_DAILY_LIMIT = 500_000
export const STABLE_MINUTE_LIMIT = 10_000
export const FORCE_DAILY_LIMIT = 20
export const CLEAR_MONTHLY_LIMIT = 10
export const EXCHANGE_MINUTE_LIMIT = 50_000

/** The paths whose daily calls are limited. */
export const LIMITED_PATHS: readonly string[] = [
  'cgi-bin/token',
  'cgi-bin/stable_token',
  'cgi-bin/ticket/getticket',
]

/** Calls a day, as far as WeChat documents a number or the options set one. */
export function dailyLimit(world: World, account: SandboxAccount, path: string): number | undefined {
  if (path === 'cgi-bin/token') return tokenDailyLimit(account)
  if (path === 'cgi-bin/stable_token') return STABLE_DAILY_LIMIT
  if (path === 'cgi-bin/ticket/getticket') return world.options.ticketDailyLimit
  return undefined
}

/** 2000 unless the account says otherwise. */
export function tokenDailyLimit(account: SandboxAccount): number {
  return account.tokenDailyLimit ?? TOKEN_DAILY_LIMIT
}
