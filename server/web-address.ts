import { domainToUnicode } from 'node:url'

/** Why a text is not an address that every parser reads alike; the names follow rules R1 to R4. */
export type AddressProblem = 'not_absolute' | 'forbidden_character' | 'user_info' | 'host_not_canonical'

export type WebAddress =
  | { readonly url: URL; readonly problem?: undefined }
  | { readonly url?: undefined; readonly problem: AddressProblem }

// Controls (C0, DEL, C1), space, backslash, and the characters that parsers drop, replace or break lines at.
const forbidden = /[\p{Cc} \\\u2028\u2029\ufeff\ufffd]/u
const absolute = /^https?:\/\/([^/?#]+)/i
const hostAndPort = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/

/**
 * Reads an absolute http(s) address, and refuses every text in which two parsers could see two hosts.
 *
 * The host must be written as the URL parser ends up with it (letter case aside), or in the exact Unicode form
 * of it: no fullwidth letters, other dots, percent signs, soft hyphens, trailing dots or numeric IP spellings.
 *
 * @example
 * const address = readWebAddress('https://h5.example.com/news?id=1')
 * if (address.problem === undefined) address.url.origin // 'https://h5.example.com'
 */
export function readWebAddress(text: string): WebAddress {
  if (forbidden.test(text) || !text.isWellFormed()) return { problem: 'forbidden_character' }
  const authority = absolute.exec(text)?.[1]
  if (authority === undefined) return { problem: 'not_absolute' }
  if (authority.includes('@')) return { problem: 'user_info' }
  const host = hostAndPort.exec(authority)?.[1]
  if (host === undefined || host === '' || !URL.canParse(text)) return { problem: 'host_not_canonical' }
  const url = new URL(text)
  // Only A–Z: `toLowerCase` would also turn the Kelvin sign into a plain k.
  const written = host.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const canonical = written === url.hostname || written === domainToUnicode(url.hostname)
  return canonical && !written.endsWith('.') ? { url } : { problem: 'host_not_canonical' }
}
