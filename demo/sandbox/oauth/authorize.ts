import type { Answer } from '../api/answer.ts'
import type { ApiRequest } from '../api/request.ts'
import type { OAuthScope, SandboxVisitor } from '../oauth-types.ts'
import type { Grant } from '../truth/codes.ts'
import type { Question } from '../truth/consents.ts'
import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'
import { type AuthorizeQuery, isOAuthScope, readAuthorizeQuery } from './authorize-query.ts'
import { consentPage } from './consent-page.ts'
import { land, refuseConsent } from './land.ts'
import { lookingVisitor } from './looking-visitor.ts'
import { PageRefusal } from './page-refusal.ts'
import { checkRedirectUri } from './redirect-uri.ts'

/** GET connect/oauth2/authorize: back to the page with a code, at once or after a question. */
export function authorize(world: World, request: ApiRequest): Answer {
  checkClient(world, request.headers)
  const query = readAuthorizeQuery(request.url.search)
  const account = world.accounts.get(query.appId)
  if (account === undefined) throw new PageRefusal('appid')
  const visitor = lookingVisitor(world, request)
  const scope = checkAccount(world, account, query, visitor)

  const question: Question = {
    grant: { appId: account.appId, visitor, scope, virtual: isSnapshot(scope, visitor, query) },
    redirectUri: query.redirectUri,
    ...(query.state === undefined ? {} : { state: query.state }),
    connectRedirect: query.extras.get('connect_redirect') === '1',
    search: request.url.search,
  }
  if (isSilent(world, question.grant, query)) return land(world, question)
  if (visitor.refuses === true) return refuseConsent(world, question, request)
  return consentPage(account, question, world.consents.ask(question), request)
}

function checkClient(world: World, headers: Headers): void {
  if (!world.oauth.now().requireWechatUserAgent) return
  const isWechat = headers.get('user-agent')?.includes('MicroMessenger') === true
  // The simulated phone is a frame in an ordinary browser, whose real User-Agent no page can change.
  const isPhone = headers.get('sec-fetch-dest') === 'iframe'
  if (!isWechat && !isPhone) throw new PageRefusal('not_wechat')
}

/** What the account allows; the scope when it does. */
function checkAccount(
  world: World,
  account: SandboxAccount,
  { redirectUri, scope }: AuthorizeQuery,
  visitor: SandboxVisitor,
): OAuthScope {
  if (account.openPlatformApp === true) throw new PageRefusal(10016)
  if (account.banned === true) throw new PageRefusal(10004)
  if (account.thirdPartyUnauthorized === true) throw new PageRefusal(10015)
  checkRedirectUri(redirectUri, account)
  if (!isOAuthScope(scope) || account.oauthScopes?.includes(scope) === false) throw new PageRefusal(10005)
  if (account.followersOnly === true && !visitor.follower) throw new PageRefusal(10006)
  const limit = account.oauthMinuteLimit ?? Number.POSITIVE_INFINITY
  if (!world.quotas.take(account.appId, `authorize ${visitor.id}`, 'minute', limit))
    throw new PageRefusal(10009)
  return scope
}

function isSnapshot(scope: OAuthScope, visitor: SandboxVisitor, { extras }: AuthorizeQuery): boolean {
  return scope === 'snsapi_userinfo' && (visitor.snapshot === true || extras.get('forceSnapShot') === 'true')
}

/** `forcePopup` is ignored where WeChat is silent for a reason of its own; it only asks again after a consent. */
function isSilent(world: World, grant: Grant, { extras }: AuthorizeQuery): boolean {
  const { visitor, scope, virtual } = grant
  if (scope === 'snsapi_base' || virtual) return true
  if (visitor.follower && visitor.enteredFrom !== 'link') return true
  const { remembersConsent } = world.oauth.now()
  return remembersConsent && extras.get('forcePopup') !== 'true' && world.consents.isRemembered(grant)
}
