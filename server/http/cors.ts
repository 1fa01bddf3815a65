import { ServiceError } from '../errors.ts'
import type { Ask } from './ask.ts'
import type { Reply } from './reply.ts'

/**
 * The CORS headers for a page on one of `origins`, and none for any other: no credentials, no wildcard.
 *
 * @param origins origins as `URL.origin` writes them
 */
export function corsHeaders(ask: Ask, origins: ReadonlySet<string>): Readonly<Record<string, string>> {
  const origin = ask.req.header('origin')
  if (origin === undefined || !origins.has(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Request-Id, Retry-After',
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/**
 * Refuses a page of a foreign origin; programs that are no browser send none.
 *
 * @throws {ServiceError} `origin_not_allowed` naming the configuration key
 */
export function assertPageOrigin(ask: Ask, origins: ReadonlySet<string>): void {
  const origin = ask.req.header('origin')
  if (origin === undefined || origins.has(origin)) return
  throw new ServiceError(
    'origin_not_allowed',
    'Pages of this origin may not ask for signatures of this account.',
    {
      hint: 'Add the origin to accounts[].pageOrigins (WX_PAGE_ORIGINS) if the page is yours. 如果这是你的页面，请把该来源加入 pageOrigins。',
    },
  )
}

/** The answer to a preflight: the client sends forms and needs none, other callers may send JSON. */
export function preflightReply(): Reply {
  return {
    status: 204,
    body: '',
    contentType: 'text/plain',
    headers: {
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type, X-Request-Id',
      'access-control-max-age': '7200',
    },
  }
}
