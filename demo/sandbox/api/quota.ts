import type { World } from '../world.ts'
import { checkAccessToken, checkSecret, knownAccount } from './checks.ts'
import { CLEAR_MONTHLY_LIMIT, dailyLimit, LIMITED_PATHS } from './limits.ts'
import { Refusal } from './refusal.ts'
import { type ApiRequest, readJson, textField } from './request.ts'

/** POST cgi-bin/clear_quota: sets today's counters back, ten times a month. */
export function clearQuota(world: World, { query, body }: ApiRequest): object {
  const account = checkAccessToken(world, query)
  const appId = textField(readJson(body), 'appid')
  if (appId === '') throw new Refusal(41002)
  if (appId !== account.appId) throw new Refusal(40013)
  return clearToday(world, appId)
}

/** POST cgi-bin/clear_quota/v2: the same by AppSecret, for those who have no token left. */
export function clearQuotaBySecret(world: World, { query, body }: ApiRequest): object {
  const fields = body === '' ? Object.fromEntries(query) : readJson(body)
  const account = knownAccount(world, textField(fields, 'appid'))
  checkSecret(world, account, textField(fields, 'appsecret'))
  return clearToday(world, account.appId)
}

function clearToday(world: World, appId: string): object {
  if (!world.quotas.take(appId, 'clear_quota', 'month', CLEAR_MONTHLY_LIMIT)) throw new Refusal(48006)
  world.quotas.clearToday(appId, LIMITED_PATHS)
  return { errcode: 0, errmsg: 'ok' }
}

/** POST cgi-bin/openapi/quota/get: limit, used and remaining calls of one path. */
export function getQuota(world: World, { query, body }: ApiRequest): object {
  const account = checkAccessToken(world, query)
  const path = textField(readJson(body), 'cgi_path').replace(/^\//, '')
  const limit = dailyLimit(world, account, path)
  if (limit === undefined) throw new Refusal(76003)
  const used = world.quotas.used(account.appId, path, 'day')
  return { errcode: 0, errmsg: 'ok', quota: { daily_limit: limit, used, remain: limit - used } }
}
