import type { OAuthScope } from '../oauth-types.ts'
import { PageRefusal } from './page-refusal.ts'

/** What an authorize address asks for. */
export interface AuthorizeQuery {
  readonly appId: string
  readonly redirectUri: string
  readonly scope: string
  /** Absent when the address has none, as WeChat's own addresses at times. */
  readonly state?: string
  /** What stands behind `state`: `connect_redirect`, `forcePopup`, `forceSnapShot`. */
  readonly extras: ReadonlyMap<string, string>
}

/** WeChat matches the address as a text, so the order counts. */
const ORDER = ['appid', 'redirect_uri', 'response_type', 'scope', 'state']

/**
 * Reads the query of an authorize address the strict way.
 *
 * @throws {PageRefusal} the page that WeChat shows for a query that is not in order.
 */
export function readAuthorizeQuery(search: string): AuthorizeQuery {
  const parameters = splitQuery(search)
  checkOrder(parameters.map(([name]) => name))
  const given = new Map(parameters)
  const required = (name: string, code: 10010 | 10011 | 10012): string => {
    const value = given.get(name) ?? ''
    if (value === '') throw new PageRefusal(code)
    return value
  }
  const appId = required('appid', 10012)
  const redirectUri = required('redirect_uri', 10011)
  if (given.get('response_type') !== 'code') throw new PageRefusal('response_type')
  const scope = required('scope', 10010)
  const state = given.get('state')
  if (state === '') throw new PageRefusal(10013)
  if (state !== undefined && !/^[a-zA-Z0-9]{1,128}$/.test(state)) throw new PageRefusal('state')
  return {
    appId,
    redirectUri,
    scope,
    ...(state === undefined ? {} : { state }),
    extras: new Map(parameters.filter(([name]) => !ORDER.includes(name))),
  }
}

export function isOAuthScope(scope: string): scope is OAuthScope {
  return scope === 'snsapi_base' || scope === 'snsapi_userinfo'
}

function splitQuery(search: string): [string, string][] {
  const text = search.replace(/^\?/, '')
  if (text === '') return []
  return text.split('&').map((part) => {
    const at = part.indexOf('=')
    if (at < 1) throw new PageRefusal('order')
    return [part.slice(0, at), decode(part.slice(at + 1))]
  })
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch (_malformed) {
    throw new PageRefusal('encoding')
  }
}

/** Every name once, the five in their order, and whatever else behind them. */
function checkOrder(names: readonly string[]): void {
  const places = names.map((name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length))
  const inOrder = places.every((place, index) => place >= (places[index - 1] ?? 0))
  if (!inOrder || new Set(names).size !== names.length) throw new PageRefusal('order')
}
