import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'
import { checkCredentials, dailyQuotaRefusal } from './checks.ts'
import { FORCE_DAILY_LIMIT, STABLE_DAILY_LIMIT, STABLE_MINUTE_LIMIT } from './limits.ts'
import { Refusal } from './refusal.ts'
import { type ApiRequest, readJson, textField } from './request.ts'

/** POST cgi-bin/stable_token: the same token until its last five minutes, unless a refresh is forced. */
export function stableToken(world: World, { body, ip }: ApiRequest): object {
  const fields = readJson(body)
  const account = checkCredentials(world, {
    grantType: textField(fields, 'grant_type'),
    appId: textField(fields, 'appid'),
    secret: textField(fields, 'secret'),
    ip,
  })
  const force = fields.force_refresh ?? false
  if (typeof force !== 'boolean') throw new Refusal(47001)
  takeQuota(world, account)
  const { accessToken, expiresInS } = force
    ? forcedToken(world, account)
    : world.tokens.keepOrIssue(account.appId, 'stable')
  return { access_token: accessToken, expires_in: expiresInS }
}

function takeQuota(world: World, { appId }: SandboxAccount): void {
  if (!world.quotas.take(appId, 'cgi-bin/stable_token', 'minute', STABLE_MINUTE_LIMIT))
    throw new Refusal(45011)
  if (!world.quotas.take(appId, 'cgi-bin/stable_token', 'day', STABLE_DAILY_LIMIT))
    throw dailyQuotaRefusal(world)
}

function forcedToken(world: World, { appId }: SandboxAccount): { accessToken: string; expiresInS: number } {
  if (world.tokens.forcedWithinPause(appId)) return world.tokens.keepOrIssue(appId, 'stable')
  if (!world.quotas.take(appId, 'force_refresh', 'day', FORCE_DAILY_LIMIT)) {
    throw world.options.forceQuotaErrcode === 45011 ? new Refusal(45011) : dailyQuotaRefusal(world)
  }
  return world.tokens.force(appId)
}
