import type { BridgeProfile, VerifyRequest } from '../bridge-protocol.ts'

// WKWebView does not see pushState. No source says what the Mac client does: it counts as one that does see it.
const LANDING_URL_PROFILES: readonly BridgeProfile[] = ['ios', 'wecom-ios']

/** True when this client compares with the address the document was loaded from. */
export function comparesWithLandingUrl(profile: BridgeProfile): boolean {
  return LANDING_URL_PROFILES.includes(profile)
}

/** The address this client compares with, byte for byte, without `#` and what follows. */
export function verifiedUrlOf({ profile, landingUrl, currentUrl }: VerifyRequest): string {
  return withoutFragment(comparesWithLandingUrl(profile) ? landingUrl : currentUrl)
}

export function withoutFragment(url: string): string {
  const hash = url.indexOf('#')
  return hash === -1 ? url : url.slice(0, hash)
}
