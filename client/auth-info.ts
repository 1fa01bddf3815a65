import { readAuthCookie, writeAuthCookie } from './auth-cookie.ts'
import { authError } from './auth-error.ts'
import { WeixinError } from './errors.ts'
import { andAccount, withoutIdentity } from './identity-names.ts'
import type { Page, PageWindow } from './page.ts'
import { parseAuthInfo } from './parse-auth-info.ts'
import { beginTrip, endTrip, type Trip } from './trip.ts'
import type { AuthInfo, AuthInfoOptions, WeixinOptions } from './types.ts'
import { within } from './within.ts'

/** Tells who is looking, or leaves the page to find out; see `Weixin.authInfo`. */
export async function authInfo(
  page: Page,
  window: PageWindow,
  options: WeixinOptions,
  request: AuthInfoOptions,
  epochMs: () => number = Date.now,
): Promise<AuthInfo> {
  const { scope = 'snsapi_userinfo', cookieDays = 7, force = false, cleanUrl = true } = request
  const { service, portId } = options
  if (!/^\d+$/.test(`${portId}`)) throw wrong(`portId is ${portId}: createWeixin({ portId })`)
  if (!/^snsapi_(base|userinfo)$/.test(scope)) throw wrong(`scope is ${JSON.stringify(scope)}`)
  if (page.leaving !== undefined) return page.leaving

  // Of the cookie and of the trip: who somebody is differs from account to account.
  const name = `wxh5_${service.replace(/^https?:\/\/|\/+$/g, '').replace(/[^\w.]+/g, '_')}_${portId}`
  // Asked once in the life of a document: a second call must not take it for one that has been nowhere.
  page.trips ||= new Map()
  if (!page.trips.has(name)) page.trips.set(name, endTrip(window, name, page.landingUrl, epochMs()))
  const trip = page.trips.get(name)
  const isFresh = trip && (trip.scope === scope || trip.scope === 'snsapi_userinfo')
  const isEnough = ({ unionidAbsentBecause }: AuthInfo) =>
    scope === 'snsapi_base' || unionidAbsentBecause !== 'scope'

  const landed = ofAccount(readLanding(page.landingUrl), options)
  if (landed && (isFresh || (!force && isEnough(landed)))) {
    if (cookieDays > 0) writeAuthCookie(name, landed, cookieDays, /^https:/.test(window.location.href))
    if (cleanUrl && trip?.url) restoreAddress(window, trip.url)
    return landed
  }
  const known = force || landed ? undefined : ofAccount(readAuthCookie(name), options)
  if (known && isEnough(known)) return known
  if (isFresh || (trip && !landed))
    throw authError('login_loop', 'authInfo', 'the way through WeChat brought no identity')

  const { href } = window.location
  const begun: Trip = { scope, startedAt: epochMs(), url: withoutIdentity(href) }
  const returnTo = beginTrip(window, name, begun, withoutIdentity(href, andAccount))
  page.leaving = leave(window, authorizeAddress(options, returnTo, scope), request).catch((error) => {
    delete page.leaving
    endTrip(window, name, '', 0)
    throw error
  })
  return page.leaving
}

const wrong = (given: string) => new WeixinError('invalid_argument', 'authInfo', given)

function readLanding(url: string): AuthInfo | undefined {
  try {
    return parseAuthInfo(url)
  } catch (error) {
    if ((error as WeixinError).code === 'auth_info_missing') return
    throw error
  }
}

/** An identity counts for the account it was given for, and for no other. */
function ofAccount(who: AuthInfo | undefined, { portId, appId }: WeixinOptions): AuthInfo | undefined {
  const { portid = `${portId}`, appid = appId } = who || {}
  return portid === `${portId}` && (!appId || appid === appId) ? who : undefined
}

/** Gives a page its own `portid` and `appid` back, which the service has taken for its answer. */
function restoreAddress({ location, history }: PageWindow, url: string): void {
  const bare = (address: string) => withoutIdentity(address, andAccount)
  if (bare(url) === bare(location.href)) history.replaceState(history.state, '', url)
}

const authorizeAddress = ({ service, portId }: WeixinOptions, returnTo: string, scope: string) =>
  `${service.replace(/\/+$/, '')}/wx/api/fans/authInfo?portid=${portId}` +
  `&redirectPath=${encodeURIComponent(returnTo)}&authType=${scope}`

/** Resolves never: either the page goes away, or the time is over. */
const leave = ({ location }: PageWindow, address: string, { redirectMs = 30_000 }: AuthInfoOptions) =>
  // Replaced, so that Back does not come here only to be sent away again.
  within<never>(redirectMs, 'leaving for WeChat', () => location.replace(address))
