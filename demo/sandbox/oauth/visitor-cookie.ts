import { parse, serialize } from 'hono/utils/cookie'

/** Chooses the visitor of one browser as a cookie, or of one request as a query parameter. */
export const VISITOR_NAME = 'wx_sandbox_visitor'

/** The visitor this browser has chosen for itself. */
export function visitorCookieOf(headers: Headers): string | undefined {
  return parse(headers.get('cookie') ?? '', VISITOR_NAME)[VISITOR_NAME]
}

/** The `Set-Cookie` that chooses a visitor for this browser, or forgets the choice. */
export function visitorCookie(id: string | null): string {
  const life = id === null ? { maxAge: 0 } : {}
  return serialize(VISITOR_NAME, id ?? '', { path: '/', sameSite: 'Lax', ...life })
}
