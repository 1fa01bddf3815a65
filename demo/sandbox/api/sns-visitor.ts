import type { OAuthToken } from '../truth/oauth-tokens.ts'
import type { World } from '../world.ts'
import { Refusal } from './refusal.ts'
import type { ApiRequest } from './request.ts'

/** WeChat's own host for pictures of people. */
const PICTURES = 'https://thirdwx.qlogo.cn'
const VIRTUAL_NICKNAME = '微信用户'

/** GET sns/userinfo: the profile, for those who agreed to `snsapi_userinfo`. */
export function userInfo(world: World, request: ApiRequest): object {
  const { grant, identity } = checkVisitorToken(world, request.query)
  if (grant.scope !== 'snsapi_userinfo') throw new Refusal(48001)
  if (grant.virtual && world.oauth.now().snapshotProfile === 'refused') throw new Refusal(48001)
  const { openid, unionid } = identity
  const { nickname, headimgurl } = grant.virtual
    ? { nickname: VIRTUAL_NICKNAME, headimgurl: '' }
    : grant.visitor
  return {
    openid,
    nickname,
    // Since 2021-10-20 WeChat tells nobody's sex and region.
    sex: 0,
    province: '',
    city: '',
    country: '',
    headimgurl: headimgurl.startsWith('/') ? `${pictureHost(request.url)}${headimgurl}` : headimgurl,
    privilege: [],
    ...(unionid === undefined ? {} : { unionid }),
  }
}

/** GET sns/auth: does this token belong to this openid, and does it still work? */
export function checkAuth(world: World, { query }: ApiRequest): object {
  checkVisitorToken(world, query)
  return { errcode: 0, errmsg: 'ok' }
}

function checkVisitorToken(world: World, query: URLSearchParams): OAuthToken {
  const given = query.get('access_token') ?? ''
  if (given === '') throw new Refusal(41001)
  const token = world.oauthTokens.check(given)
  if (token === 'unknown') throw new Refusal(40001)
  if (token === 'expired') throw new Refusal(42001)
  const openid = query.get('openid') ?? ''
  if (openid === '') throw new Refusal(41009)
  if (openid !== token.identity.openid) throw new Refusal(40003)
  return token
}

function pictureHost({ hostname, origin }: URL): string {
  return hostname.endsWith('.weixin.qq.com') ? PICTURES : origin
}
