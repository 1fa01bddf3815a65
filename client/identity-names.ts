import type { PageWindow } from './page.ts'

// Every name with which an address tells who is looking; `code` and `state` only as the pair that WeChat adds.
// `authtrip` is ours, for pages that may store nothing.
const personal = 'openid|unionid(absent)?|userid|ticket|auth(error|trip)|code=[^&#]*&state'

/** With {@link withoutIdentity}: nothing is left of what the service writes into an address. */
export const andAccount = '|portid|appid'

/**
 * An address that does not tell who is looking, in the query and in the query of a hash route; the other parameters
 * stay byte for byte.
 */
export const withoutIdentity = (url: string, more = ''): string =>
  url
    .replace(new RegExp(`([?&])((${personal}${more})=[^&#]*(&|(?=#|$)))+`, 'gi'), '$1')
    .replace(/[?&](?=#|$)/g, '')

/**
 * Takes what the service said about a visitor out of the address bar, where it would reach referrers, histories and
 * friends; the state that routers keep stays.
 */
export function cleanAddress({ location: { href }, history }: PageWindow): void {
  if (/[?&](openid|auth(error|trip))=/i.test(href))
    history.replaceState(history.state, '', withoutIdentity(href, andAccount))
}
