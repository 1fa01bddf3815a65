import type { Context } from 'hono'

/**
 * The CORS headers for a page on one of `origins`, and none for any other: no credentials, no wildcard.
 *
 * @param origins origins as `URL.origin` writes them
 */
export function corsHeaders(
  context: Context,
  origins: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const origin = context.req.header('origin')
  if (origin === undefined || !origins.has(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Request-Id, Retry-After',
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/** What a preflight is told besides: the client sends forms and needs none, other callers may send JSON. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'Content-Type, X-Request-Id',
  'access-control-max-age': '7200',
}
