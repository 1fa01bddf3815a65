import { DEFAULT_LIFE_S } from '../truth/issued.ts'
import type { OAuthToken } from '../truth/oauth-tokens.ts'
import { identityOf } from '../truth/visitors.ts'
import type { World } from '../world.ts'
import { checkSecret, knownAccount } from './checks.ts'
import { EXCHANGE_MINUTE_LIMIT } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { ApiRequest } from './request.ts'

/** GET sns/oauth2/access_token: a code for who the visitor is. */
export function exchangeCode(world: World, { query }: ApiRequest): object {
  const account = knownAccount(world, query.get('appid') ?? '')
  if (query.get('grant_type') !== 'authorization_code') throw new Refusal(40002)
  checkSecret(world, account, query.get('secret') ?? '')
  const code = query.get('code') ?? ''
  if (code === '') throw new Refusal(41008)
  if (!world.quotas.take(account.appId, 'sns/oauth2/access_token', 'minute', EXCHANGE_MINUTE_LIMIT))
    throw new Refusal(45011)
  const grant = world.codes.redeem(account.appId, code)
  if (grant === 'used') throw new Refusal(40163)
  if (grant === 'unknown') throw new Refusal(40029)
  const identity = identityOf(account, grant.visitor, grant.virtual)
  const { unionid } = identity
  return {
    ...tokenFields(world.oauthTokens.issue(grant, identity)),
    ...(grant.virtual && world.oauth.now().snapshotMark ? { is_snapshotuser: 1 } : {}),
    ...(grant.scope === 'snsapi_userinfo' && unionid !== undefined ? { unionid } : {}),
  }
}

/** GET sns/oauth2/refresh_token: more time for the access_token; without the AppSecret. */
export function refreshToken(world: World, { query }: ApiRequest): object {
  const { appId } = knownAccount(world, query.get('appid') ?? '')
  if (query.get('grant_type') !== 'refresh_token') throw new Refusal(40002)
  const given = query.get('refresh_token') ?? ''
  if (given === '') throw new Refusal(41003)
  const token = world.oauthTokens.refresh(appId, given)
  if (token === 'unknown') throw new Refusal(40030)
  if (token === 'expired') throw new Refusal(42002)
  return tokenFields(token)
}

function tokenFields({ accessToken, refreshToken, identity, grant }: OAuthToken): object {
  return {
    access_token: accessToken,
    // Both an exchange and a refresh begin a whole life.
    expires_in: DEFAULT_LIFE_S,
    refresh_token: refreshToken,
    openid: identity.openid,
    scope: grant.scope,
  }
}
