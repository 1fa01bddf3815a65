import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'
import { ipRefusal, Refusal } from './refusal.ts'

interface Credentials {
  readonly grantType: string
  readonly appId: string
  readonly secret: string
  readonly ip: string
}

/** Who asks for an access_token. WeChat looks at the appid first, then at grant_type, then at the secret. */
export function checkCredentials(world: World, given: Credentials): SandboxAccount {
  const account = knownAccount(world, given.appId)
  if (given.grantType !== 'client_credential') throw new Refusal(40002)
  checkSecret(world, account, given.secret)
  if (account.ipWhitelist !== undefined && !account.ipWhitelist.includes(given.ip)) throw ipRefusal(given.ip)
  return account
}

export function knownAccount(world: World, appId: string): SandboxAccount {
  if (appId === '') throw new Refusal(41002)
  const account = world.accounts.get(appId)
  if (account === undefined) throw new Refusal(40013)
  return account
}

export function checkSecret(world: World, account: SandboxAccount, secret: string): void {
  if (secret === '') throw new Refusal(41004)
  if (account.frozen === true) throw new Refusal(40243)
  if (secret !== account.appSecret) throw new Refusal(world.options.wrongSecretErrcode ?? 40125)
}

/** The account behind the `access_token` of a call. */
export function checkAccessToken(world: World, query: URLSearchParams): SandboxAccount {
  const token = query.get('access_token') ?? ''
  if (token === '') throw new Refusal(41001)
  const found = world.tokens.check(token)
  if (found === 'expired') throw new Refusal(42001)
  const account = found === 'unknown' ? undefined : world.accounts.get(found.appId)
  if (account === undefined) throw new Refusal(40001)
  return account
}

/** 45009 in the words the options choose. */
export function dailyQuotaRefusal(world: World): Refusal {
  return new Refusal(45009, world.options.quotaErrmsg)
}
