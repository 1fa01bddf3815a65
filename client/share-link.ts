import { WeixinError } from './errors.ts'
import { withoutIdentity } from './identity-names.ts'

/** An absolute http(s) address of one that may be relative to the page. */
export function absolute(name: string, value: unknown, pageUrl: string): URL {
  const url = new URL(`${value}`, pageUrl)
  if (!value || !/^https?:$/.test(url.protocol))
    throw new WeixinError('invalid_argument', 'share', `${name} is ${JSON.stringify(value)}, not http(s)`)
  return url
}

const site = (host: string): string => (/[a-z]$/.test(host) ? host.split('.').slice(-2).join('.') : host)

/** The link to share; WeChat takes only links on a domain of the account, which is at least the site of the page. */
export function shareLink(link: string | undefined, pageUrl: string): string {
  const { hostname, href } = absolute('link', link === undefined ? ownLink(pageUrl) : link, pageUrl)
  const own = new URL(pageUrl).hostname
  if (site(hostname) !== site(own))
    throw new WeixinError('invalid_argument', 'share', `link is on ${hostname}, the page on ${own}`)
  return href
}

/** The page's own address as others may have it, without a fragment unless that is the route (`#/`, `#!`). */
const ownLink = (pageUrl: string): string => withoutIdentity(pageUrl.replace(/#(?![/!]).*/s, ''))
