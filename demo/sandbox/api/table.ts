import type { World } from '../world.ts'
import { batchGetCards, getCard, listCardsOf } from './card.ts'
import { consumeCode, decryptCode, getCode } from './card-code.ts'
import { getTicket } from './get-ticket.ts'
import { getApiDomainIp, getCallbackIp } from './ip-lists.ts'
import { clearQuota, clearQuotaBySecret, getQuota } from './quota.ts'
import type { ApiRequest } from './request.ts'
import { exchangeCode, refreshToken } from './sns-token.ts'
import { checkAuth, userInfo } from './sns-visitor.ts'
import { stableToken } from './stable-token.ts'
import { token } from './token.ts'

interface Api {
  readonly method: 'GET' | 'POST'
  readonly handle: (world: World, request: ApiRequest) => object
}

/** The APIs of WeChat that the sandbox plays, by path. */
export const APIS: ReadonlyMap<string, Api> = new Map<string, Api>([
  ['cgi-bin/token', { method: 'GET', handle: token }],
  ['cgi-bin/stable_token', { method: 'POST', handle: stableToken }],
  ['cgi-bin/ticket/getticket', { method: 'GET', handle: getTicket }],
  ['cgi-bin/get_api_domain_ip', { method: 'GET', handle: getApiDomainIp }],
  ['cgi-bin/getcallbackip', { method: 'GET', handle: getCallbackIp }],
  ['cgi-bin/clear_quota', { method: 'POST', handle: clearQuota }],
  ['cgi-bin/clear_quota/v2', { method: 'POST', handle: clearQuotaBySecret }],
  ['cgi-bin/openapi/quota/get', { method: 'POST', handle: getQuota }],
  ['card/get', { method: 'POST', handle: getCard }],
  ['card/batchget', { method: 'POST', handle: batchGetCards }],
  ['card/code/get', { method: 'POST', handle: getCode }],
  ['card/code/consume', { method: 'POST', handle: consumeCode }],
  ['card/code/decrypt', { method: 'POST', handle: decryptCode }],
  ['card/user/getcardlist', { method: 'POST', handle: listCardsOf }],
  ['sns/oauth2/access_token', { method: 'GET', handle: exchangeCode }],
  ['sns/oauth2/refresh_token', { method: 'GET', handle: refreshToken }],
  ['sns/userinfo', { method: 'GET', handle: userInfo }],
  ['sns/auth', { method: 'GET', handle: checkAuth }],
])
