import type { World } from '../world.ts'
import { checkCredentials, dailyQuotaRefusal } from './checks.ts'
import { tokenDailyLimit } from './limits.ts'
import type { ApiRequest } from './request.ts'

/** GET cgi-bin/token: every call is a new token. */
export function token(world: World, { query, ip }: ApiRequest): object {
  const account = checkCredentials(world, {
    grantType: query.get('grant_type') ?? '',
    appId: query.get('appid') ?? '',
    secret: query.get('secret') ?? '',
    ip,
  })
  if (!world.quotas.take(account.appId, 'cgi-bin/token', 'day', tokenDailyLimit(account)))
    throw dailyQuotaRefusal(world)
  const { accessToken, expiresInS } = world.tokens.issue(account.appId, 'classic')
  return { access_token: accessToken, expires_in: expiresInS }
}
