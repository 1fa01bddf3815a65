import type { AccountSecret } from './access-token.ts'
import { type JsonObject, readText } from './read-answer.ts'
import type { WechatTransport } from './transport.ts'

export interface OAuthToken {
  readonly accessToken: string
  readonly openid: string
  readonly scope: string
  readonly unionid?: string
  /** A visitor of a snapshot page: openid and unionid are made up by WeChat. */
  readonly snapshotUser: boolean
}

export interface OAuthProfile {
  readonly openid: string
  readonly unionid?: string
  readonly nickname?: string
  readonly headImgUrl?: string
  /** Everything WeChat said about the person, under its own names. */
  readonly raw: JsonObject
}

/** Exchanges a code for who the visitor is; a code works once and for five minutes. */
export async function fetchOAuthToken(
  request: WechatTransport,
  account: AccountSecret,
  code: string,
): Promise<OAuthToken> {
  const path = 'sns/oauth2/access_token'
  const answer = await request({
    method: 'GET',
    path,
    query: { appid: account.appId, secret: account.appSecret, code, grant_type: 'authorization_code' },
  })
  return {
    accessToken: readText(answer, 'access_token', path),
    openid: readText(answer, 'openid', path),
    scope: typeof answer.scope === 'string' ? answer.scope : '',
    ...optional('unionid', answer.unionid),
    snapshotUser: answer.is_snapshotuser === 1,
  }
}

/** Reads the profile of a visitor who agreed to `snsapi_userinfo`. */
export async function fetchOAuthProfile(
  request: WechatTransport,
  token: Pick<OAuthToken, 'accessToken' | 'openid'>,
): Promise<OAuthProfile> {
  const path = 'sns/userinfo'
  const raw = await request({
    method: 'GET',
    path,
    query: { access_token: token.accessToken, openid: token.openid, lang: 'zh_CN' },
  })
  return {
    openid: readText(raw, 'openid', path),
    ...optional('unionid', raw.unionid),
    ...optional('nickname', raw.nickname),
    ...optional('headImgUrl', raw.headimgurl),
    raw,
  }
}

function optional<Name extends string>(name: Name, value: unknown): { readonly [K in Name]?: string } {
  return typeof value === 'string' && value !== '' ? ({ [name]: value } as { [K in Name]: string }) : {}
}
