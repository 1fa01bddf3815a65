import { ServiceError } from '../errors.ts'
import { type AddressProblem, readWebAddress } from '../web-address.ts'

/** Longest `url` accepted, in characters (rule S3). */
export const MAX_URL_LENGTH = 8192

const problems: Record<AddressProblem, string> = {
  not_absolute: 'it is not an absolute http:// or https:// address',
  forbidden_character: 'it holds a space, a control character, a backslash or a broken character',
  user_info: 'it has a user name before the host',
  host_not_canonical: 'its host is not written the way browsers write it',
}

/**
 * Returns the exact text to sign for a page: what was received, up to the first `#`.
 *
 * Checks rules S1 and S3 on the way; nothing is decoded, encoded, added or dropped (S2).
 *
 * @param allowedOrigins origins as `URL.origin` writes them, for example `https://h5.example.com`
 * @throws {ServiceError} `url_too_long`, `invalid_url` or `origin_not_allowed`
 * @example
 * pageUrlToSign('https://h5.example.com/?a=1#/home', new Set(['https://h5.example.com']))
 * // 'https://h5.example.com/?a=1'
 */
export function pageUrlToSign(received: string, allowedOrigins: ReadonlySet<string>): string {
  if (received.length > MAX_URL_LENGTH) {
    throw new ServiceError('url_too_long', `The page URL has ${received.length} characters.`, {
      hint: `Send at most ${MAX_URL_LENGTH} characters; keep state out of the query.`,
    })
  }
  const hash = received.indexOf('#')
  const page = hash === -1 ? received : received.slice(0, hash)
  if (isPlainPage(page, allowedOrigins)) return page
  const { url, problem } = readWebAddress(page)
  if (problem !== undefined) {
    throw new ServiceError('invalid_url', `The page URL cannot be signed: ${problems[problem]}.`, {
      hint: "Send location.href.split('#')[0] as the browser reports it, encoded once with encodeURIComponent in a form body.",
    })
  }
  if (!allowedOrigins.has(url.origin)) {
    throw new ServiceError('origin_not_allowed', `Pages of ${url.origin} are not signed for this account.`, {
      hint: `Add "${url.origin}" to accounts[].pageOrigins (WX_PAGE_ORIGINS) if the page is yours. 如果这是你的页面，请把该来源加入 pageOrigins。`,
    })
  }
  return page
}

const plainCharacters = /^[!$&-;=?-Z_a-z~%]+$/

/**
 * Whether a page needs no parsing: an allowed origin as it stands there, "/", and characters that no parser
 * drops, splits or rewrites. What is not plain is parsed.
 */
function isPlainPage(page: string, allowedOrigins: ReadonlySet<string>): boolean {
  const slash = page.indexOf('/', 'https://'.length)
  return (
    slash !== -1 &&
    page.startsWith('http') &&
    page[slash - 1] !== '.' &&
    allowedOrigins.has(page.slice(0, slash)) &&
    plainCharacters.test(page)
  )
}

/** The origins of a list as `URL.origin` writes them, so that `https://例子.com:443` and its punycode are one. */
export function readOrigins(origins: readonly string[]): ReadonlySet<string> {
  return new Set(origins.map((origin) => new URL(origin).origin))
}

/** Makes a {@link readOrigins} that gives equal lists one set: thousands of accounts may have their pages at one place. */
export function createReadOrigins(): typeof readOrigins {
  const sets = new Map<string, ReadonlySet<string>>()
  return (origins) => {
    const list = origins.join(' ')
    const set = sets.get(list) ?? readOrigins(origins)
    sets.set(list, set)
    return set
  }
}
