import type { OAuthSwitches } from '../oauth-types.ts'

const DEFAULTS: OAuthSwitches = {
  requireWechatUserAgent: false,
  doubleCallback: false,
  cookiesLost: false,
  refusal: 'stays',
  remembersConsent: false,
  snapshotProfile: 'refused',
  snapshotMark: true,
}

/** The switches of web page authorization as they stand now. */
export interface OAuthSettings {
  now(): OAuthSwitches
  change(changes: Partial<OAuthSwitches>): void
  clear(): void
}

export function createOAuthSettings(initial: Partial<OAuthSwitches>): OAuthSettings {
  const start: OAuthSwitches = { ...DEFAULTS, ...initial }
  let switches = start
  return {
    now: () => switches,
    change(changes) {
      switches = { ...switches, ...changes }
    },
    clear() {
      switches = start
    },
  }
}
