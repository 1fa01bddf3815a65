import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import type { AccountSecret } from '../wechat/access-token.ts'
import { fetchOAuthProfile, fetchOAuthToken, type OAuthProfile, type OAuthToken } from '../wechat/oauth.ts'
import { forRequest, type WechatTransport } from '../wechat/transport.ts'
import type { OAuthScope } from './authorize-url.ts'
import type { Identity } from './identity.ts'

export interface Visitor {
  readonly appId: string
  readonly openid: string
  readonly unionid?: string
  readonly nickname?: string
  readonly headImgUrl?: string
}

export interface IdentifyParts {
  readonly request: WechatTransport
  readonly clock: Pick<Clock, 'now'>
  /** Remembers the visitor and answers the unified user's id. */
  readonly recognise: (visitor: Visitor) => Promise<{ readonly userId?: string }>
}

export interface Identified {
  readonly identity: Identity
  /** What WeChat said about the person; absent for `snsapi_base`. */
  readonly profile?: OAuthProfile
}

/**
 * Finds out who came back with `code`.
 *
 * @throws {ServiceError} `snapshot_user` for a visitor that WeChat made up, who is told nowhere and kept nowhere;
 *   `code_invalid` for a code that is used up, too old or another account's; and why WeChat could not be asked
 */
export async function identify(
  parts: IdentifyParts,
  account: AccountSecret,
  code: string,
  requestId?: string,
): Promise<Identified> {
  const request = forRequest(parts.request, requestId)
  const token = await exchange(request, account, code)
  if (token.snapshotUser) throw snapshotUser()
  const scope: OAuthScope = token.scope.includes('snsapi_userinfo') ? 'snsapi_userinfo' : 'snsapi_base'
  const profile = scope === 'snsapi_userinfo' ? await readProfile(request, token) : undefined
  const unionid = token.unionid ?? profile?.unionid
  const { userId } = await parts.recognise({
    appId: account.appId,
    openid: token.openid,
    ...(unionid === undefined ? {} : { unionid }),
    ...(profile?.nickname === undefined ? {} : { nickname: profile.nickname }),
    ...(profile?.headImgUrl === undefined ? {} : { headImgUrl: profile.headImgUrl }),
  })
  const identity: Identity = {
    appId: account.appId,
    openid: token.openid,
    ...(unionid === undefined ? { unionidAbsentBecause: absence(scope) } : { unionid }),
    ...(userId === undefined ? {} : { userId }),
    scope,
    issuedAt: Math.floor(parts.clock.now() / 1_000),
  }
  return { identity, ...(profile === undefined ? {} : { profile }) }
}

async function readProfile(request: WechatTransport, token: OAuthToken): Promise<OAuthProfile> {
  try {
    return await fetchOAuthProfile(request, token)
  } catch (error) {
    // WeChat has been seen to forget the mark on snapshot visitors; it never gives out their profile.
    throw error instanceof ServiceError && error.errcode === 48001 ? snapshotUser() : error
  }
}

const CODE_ERRCODES = new Set([40029, 40163, 41008, 42003])

async function exchange(request: WechatTransport, account: AccountSecret, code: string): Promise<OAuthToken> {
  try {
    return await fetchOAuthToken(request, account, code)
  } catch (error) {
    if (!(error instanceof ServiceError) || !CODE_ERRCODES.has(error.errcode ?? 0)) throw error
    throw new ServiceError('code_invalid', error.message, {
      hint: 'A code works once, for five minutes, and for its own account: start over. code 只能使用一次且五分钟内有效，请重新发起授权。',
      ...(error.errcode === undefined ? {} : { errcode: error.errcode }),
      ...(error.rid === undefined ? {} : { rid: error.rid }),
    })
  }
}

function absence(scope: OAuthScope): 'scope' | 'not_bound' {
  return scope === 'snsapi_base' ? 'scope' : 'not_bound'
}

function snapshotUser(): ServiceError {
  return new ServiceError('snapshot_user', 'WeChat shows this page as a snapshot, to a visitor it made up.', {
    hint: 'The visitor has to tap "使用完整服务" (use the full service) at the bottom, then start over. 请点击页面底部的"使用完整服务"后重试。',
  })
}
