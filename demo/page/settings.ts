// `config.js` is written by the server that serves this page and runs before any module:
// the same build then works in the sandbox, behind a tunnel and on a real domain.

export interface Settings {
  /** Base address of the signing service. */
  service: string
  /** Base address of the simulated WeChat, null when a real account is used. */
  sandbox: string | null
  version: string
  /** Selects the account for authInfo, null when the configuration gives it no port. */
  portId: number | null
  /** A card this page may offer, null when the account has none. */
  card: string | null
  /** A card that cannot be had any more, to see a refusal; null with a real account. */
  goneCard: string | null
}

declare global {
  interface Window {
    wxH5Demo?: Settings
  }
}

const trimmed = (address: string): string => address.replace(/\/+$/, '')

/** Without `config.js` the page is one folder below the service: that is how the service serves it. */
export function readSettings(): Settings {
  const { service, sandbox, ...others } = window.wxH5Demo ?? {
    service: new URL('..', location.href).href,
    sandbox: null,
    version: '',
    portId: null,
    card: null,
    goneCard: null,
  }
  return { service: trimmed(service), sandbox: sandbox === null ? null : trimmed(sandbox), ...others }
}
