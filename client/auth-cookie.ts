import Cookies from 'js-cookie'
import { parseAuthInfo } from './parse-auth-info.ts'
import type { AuthInfo } from './types.ts'

/** The visitor an earlier page load knew; a cookie somebody has tampered with is no cookie. */
export function readAuthCookie(name: string): AuthInfo | undefined {
  try {
    const { unionidAbsentBecause, ...ids } = JSON.parse(`${Cookies.get(name)}`)
    const fields = unionidAbsentBecause ? { ...ids, unionidabsent: unionidAbsentBecause } : ids
    const { ticket: _, ...known } = parseAuthInfo(`?${new URLSearchParams(fields)}`)
    return known
  } catch {
    return
  }
}

/**
 * Remembers a visitor for the pages of this host.
 *
 * Never with the ticket, which is worth a session; scripts can read this cookie. No `Domain`: other hosts do not get it.
 */
export function writeAuthCookie(
  name: string,
  { ticket: _, ...known }: AuthInfo,
  days: number,
  secure: boolean,
): void {
  Cookies.set(name, JSON.stringify(known), { expires: days, path: '/', sameSite: 'Lax', secure })
}
