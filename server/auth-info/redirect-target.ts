import { type AddressProblem, readWebAddress } from '../web-address.ts'

/** Longest `redirectPath` accepted, in characters (rule R7). */
export const MAX_REDIRECT_LENGTH = 8192

/** One place that authInfo may send people to. */
export interface AllowedRedirect {
  readonly origin: string
  /** Path that the target's path must equal or continue at a `/`; empty when the whole origin is allowed. */
  readonly prefix: string
}

export type RedirectProblem = AddressProblem | 'too_long' | 'not_allowed'

export type RedirectTarget =
  | { readonly url: URL; readonly problem?: undefined }
  | { readonly url?: undefined; readonly problem: RedirectProblem }

/** Reads the allow-list of an account: `scheme://host[:port][/prefix]`. */
export function readAllowedRedirects(entries: readonly string[]): readonly AllowedRedirect[] {
  return entries.map((entry) => {
    const { origin, pathname } = new URL(entry)
    return { origin, prefix: fullyDecodedPath(pathname).replace(/\/+$/, '') }
  })
}

/**
 * Judges whether people may be sent to `redirectPath` (rules R1 to R7).
 *
 * Scheme, host and port must equal an entry's. An entry with a prefix holds only if the path stays below it however
 * often somebody behind us decodes it: after dot segments are gone, and again after every round of percent-decoding.
 *
 * @param redirectPath the value, percent-decoded once
 * @example
 * const allowed = readAllowedRedirects(['https://h5.example.com/mp3'])
 * readRedirectTarget('https://h5.example.com/mp3/a', allowed).url?.href // 'https://h5.example.com/mp3/a'
 * readRedirectTarget('https://h5.example.com/mp3/%2e%2e/b', allowed).problem // 'not_allowed'
 */
export function readRedirectTarget(
  redirectPath: string,
  allowed: readonly AllowedRedirect[],
): RedirectTarget {
  if (redirectPath.length > MAX_REDIRECT_LENGTH) return { problem: 'too_long' }
  const address = readWebAddress(redirectPath)
  if (address.problem !== undefined) return address
  const { url } = address
  const paths = decodedPaths(url.pathname)
  const holds = allowed.some(
    ({ origin, prefix }) => origin === url.origin && paths.every((path) => isBelow(path, prefix)),
  )
  return holds ? { url } : { problem: 'not_allowed' }
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`)
}

/** The path as the URL parser sees it, and after every round of decoding until nothing changes. */
function decodedPaths(pathname: string): string[] {
  const paths = [pathname]
  for (;;) {
    const last = paths.at(-1) ?? ''
    const next = decodeOnce(last)
    if (next === last) return paths
    paths.push(next)
  }
}

function fullyDecodedPath(pathname: string): string {
  return decodedPaths(pathname).at(-1) ?? ''
}

/** Decodes what steers a path (ASCII), and lets the dots and slashes that come out work. */
function decodeOnce(path: string): string {
  const decoded = path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return removeDotSegments(decoded.replaceAll('\\', '/'))
}

function removeDotSegments(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (last) kept.push('')
  }
  return `/${kept.join('/')}`
}
