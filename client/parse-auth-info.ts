import { authError } from './auth-error.ts'
import type { AuthInfo } from './types.ts'

const id = /^[\w-]{6,64}$/
const digits = /^\d+$/

/** Percent-decoded once; a malformed sequence gives `%`, which is no name and no identity. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return '%'
  }
}

const nameOf = (pair: string): string => decode(pair.replace(/=.*/s, '')).toLowerCase()

/** What stands after the first `?`, cut at `&`. */
const pairsOf = (part: string): string[] => part.replace(/^[^?]*\??/, '').split('&')

/**
 * Reads who is looking from the address a visitor landed on.
 *
 * Pure. The query counts; the query of a hash route only where the query has no `openid` at all. Names are read without
 * regard to case; empty values and the words `undefined`, `null` and `NaN` count as absent; all values are strings. The
 * ids are a hint for the page: what a backend may trust is the `ticket`, redeemed at the service.
 *
 * @throws {WeixinError} `auth_info_missing` without an openid, `auth_info_invalid` for a value that is malformed or
 * there twice with different contents, `snapshot_user` or `access_denied` when the service says so instead
 * @example
 * ```ts
 * import { parseAuthInfo } from 'wx-h5-kit'
 *
 * const { openid, userid } = parseAuthInfo('https://h5.example.com/?openid=oK3mZt-aBcDeFgHiJkLmNoPqRsTu&userid=42')
 * ```
 */
export function parseAuthInfo(url: string): AuthInfo {
  const parts = `${typeof url === 'string' ? url : ''}#`.split('#').map(pairsOf)
  const [query = [], route = []] = parts
  const pairs = [query, route].find((list) => list.some((pair) => nameOf(pair) === 'openid')) || query

  const values = (name: string) =>
    pairs.filter((pair) => nameOf(pair) === name).map((pair) => decode(pair.replace(/^[^=]*=?/, '')))

  const read = (name: string, shape: RegExp): string | undefined => {
    const [value, ...others] = values(name).filter((given) => !/^(undefined|null|nan)?$/i.test(given))
    if (others.some((other) => other !== value))
      throw authError('auth_info_invalid', 'parseAuthInfo', `${name} has two different values`)
    if (value !== undefined && !shape.test(value))
      throw authError('auth_info_invalid', 'parseAuthInfo', `${name} has the wrong shape`)
    return value
  }
  // A page may use these names for something else: what does not look like ours is not ours.
  const readOwn = (name: string, shape: RegExp) =>
    values(name)
      .filter((value) => shape.test(value))
      .pop()

  const openid = read('openid', id)
  const reason = readOwn('autherror', /^(snapshot_user|access_denied)$/)
  if (openid === undefined)
    throw authError(
      (reason as 'snapshot_user' | undefined) || 'auth_info_missing',
      'parseAuthInfo',
      'no openid',
    )
  const unionid = read('unionid', id)
  const found = {
    openid,
    userid: read('userid', /^\d{1,20}$/),
    unionid,
    portid: read('portid', digits),
    appid: read('appid', /^wx[\da-z]{16}$/),
    ticket: readOwn('ticket', /^[a-zA-Z\d]{32}$/),
    unionidAbsentBecause: unionid ? undefined : readOwn('unionidabsent', /^(scope|not_bound)$/),
  }
  return JSON.parse(JSON.stringify(found)) as AuthInfo
}
