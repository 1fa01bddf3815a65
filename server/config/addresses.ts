import { type AddressProblem, readWebAddress } from '../web-address.ts'
import { rule } from './rule-text.ts'

const ORIGIN = 'must be an origin such as "https://h5.example.com"'
const REDIRECT = 'must be an origin with an optional path such as "https://h5.example.com/mp"'
const ADDRESS = 'must be an absolute http(s) address such as "https://mem.example.com/mp"'

const remedies: Record<AddressProblem, string> = {
  not_absolute: 'write it with http:// or https:// and a host',
  forbidden_character: 'remove spaces, control characters, backslashes and broken characters',
  user_info: 'remove the user name and the "@"',
  host_not_canonical: 'write the host and port as a browser shows them',
}

/** What is wrong with a page origin (`scheme://host[:port]` and nothing more), or `undefined`. */
export function originProblem(text: string): string | undefined {
  return addressProblem(text, ORIGIN) ?? pathProblem(text) ?? extraProblem(text, ORIGIN)
}

/** What is wrong with a redirect target (`scheme://host[:port][/prefix]`), or `undefined`. */
export function redirectProblem(text: string): string | undefined {
  return addressProblem(text, REDIRECT) ?? extraProblem(text, REDIRECT) ?? prefixProblem(text)
}

/** What is wrong with an absolute address that takes no query and no fragment, or `undefined`. */
export function plainAddressProblem(text: string): string | undefined {
  return addressProblem(text, ADDRESS) ?? extraProblem(text, ADDRESS)
}

function addressProblem(text: string, expects: string): string | undefined {
  if (text.includes('*')) return rule(expects, 'there are no wildcards: list every address')
  const { url, problem } = readWebAddress(text)
  if (problem === 'not_absolute' && URL.canParse(`https://${text}`)) {
    return rule(expects, remedies.not_absolute, /^[\w.-]+(:\d+)?$/.test(text) ? `https://${text}` : '')
  }
  if (problem === 'host_not_canonical' && URL.canParse(text)) {
    return rule(expects, remedies.host_not_canonical, new URL(text).origin)
  }
  if (problem !== undefined) return rule(expects, remedies[problem])
  return url.port === '0' || /:0*$/.test(authorityOf(text))
    ? rule(expects, 'write a port from 1 to 65535 after the ":", or leave it out')
    : undefined
}

function pathProblem(text: string): string | undefined {
  const { origin, pathname } = new URL(text)
  if (!text.slice(text.indexOf('//') + 2).includes('/')) return undefined
  return pathname === '/' && text.endsWith('/')
    ? rule('must be an origin without "/" at the end', 'remove the last "/"', origin)
    : rule('must be an origin without a path', 'remove everything after the host and port', origin)
}

function extraProblem(text: string, expects: string): string | undefined {
  if (!/[?#]/.test(text)) return undefined
  return rule(
    `${expects}, without "?" and "#"`,
    'remove the query and the fragment',
    text.replace(/[?#].*$/s, ''),
  )
}

function prefixProblem(text: string): string | undefined {
  const { origin, pathname } = new URL(text)
  const written = text.slice(text.indexOf('//') + 2 + authorityOf(text).length)
  if (written === '' || written === pathname) return undefined
  return rule(REDIRECT, 'write the path as a browser shows it', `${origin}${pathname}`)
}

const authorityOf = (text: string): string => /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
