import type { SandboxAccount } from '../types.ts'
import { isLoopbackHost } from '../verify/safe-domain.ts'
import { PageRefusal } from './page-refusal.ts'

/** @throws {PageRefusal} 10003 for another host, 10039 for another scheme. */
export function checkRedirectUri(redirectUri: string, account: SandboxAccount): void {
  const isWritten = /^https?:\/\/[^\s\\]+$/i.test(redirectUri) && URL.canParse(redirectUri)
  if (!isWritten) throw new PageRefusal(10003)
  const { protocol, hostname, port } = new URL(redirectUri)
  const isOnAllowedPort = isLoopbackHost(hostname) || ['', '80', '443'].includes(port)
  if (!isOnAllowedPort || !domainsOf(account).includes(hostname)) throw new PageRefusal(10003)
  if (account.oauthScheme !== undefined && protocol !== `${account.oauthScheme}:`)
    throw new PageRefusal(10039)
}

function domainsOf({ oauthDomain = [] }: SandboxAccount): string[] {
  const listed = typeof oauthDomain === 'string' ? [oauthDomain] : oauthDomain
  return listed.map((domain) => domain.toLowerCase())
}

/** `redirect_uri` with more parameters, in its query and before its hash; the rest stays as it was written. */
export function landingUrl(redirectUri: string, parameters: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams(parameters).toString()
  const text = asciiOf(redirectUri)
  if (added === '') return text
  const hashAt = text.indexOf('#')
  const page = hashAt < 0 ? text : text.slice(0, hashAt)
  const hash = hashAt < 0 ? '' : text.slice(hashAt)
  const joint = !page.includes('?') ? '?' : /[?&]$/.test(page) ? '' : '&'
  return `${page}${joint}${added}${hash}`
}

/** A header takes no other characters. */
function asciiOf(url: string): string {
  return /^[!-~]+$/.test(url) ? url : new URL(url).href
}
