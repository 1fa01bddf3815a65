/** Why a page's address does not belong to a JS-safe domain. */
export type DomainVerdict = 'ok' | 'not-a-web-address' | 'ip-address' | 'port' | 'not-listed'

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]']

export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host)
}

/**
 * The rule of JS接口安全域名: a listed domain covers itself and its sub-domains on ports 80 and 443, and an
 * address is never one. Loopback hosts are the sandbox's own addition: when listed, they match on any port.
 */
export function judgeDomain(pageUrl: string, safeDomains: readonly string[]): DomainVerdict {
  if (!URL.canParse(pageUrl)) return 'not-a-web-address'
  const { protocol, hostname, port } = new URL(pageUrl)
  if (protocol !== 'http:' && protocol !== 'https:') return 'not-a-web-address'
  const listed = safeDomains.map((domain) => domain.toLowerCase())
  if (isLoopbackHost(hostname)) return listed.includes(hostname) ? 'ok' : 'not-listed'
  if (isIpAddress(hostname)) return 'ip-address'
  if (!listed.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))) return 'not-listed'
  return port === '' || port === '80' || port === '443' ? 'ok' : 'port'
}

/** For a host as the URL parser writes it. */
export function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host)
}
