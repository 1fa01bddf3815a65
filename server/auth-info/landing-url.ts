/** What the page is told in its address, in the order in which it stands there; what is not known is left out. */
export type LandingParameters = Readonly<Record<string, string | undefined>>

// `ticket` too: with an attacker's in front of ours, a backend could redeem the wrong one.
const ownNames = new Set(['openid', 'userid', 'unionid', 'portid', 'appid', 'ticket'])

/**
 * Builds the address a visitor lands on (rule R8).
 *
 * Parameters of the target that carry one of our names, in any spelling, are dropped: they are somebody else's words. Every other one stays byte for byte and in order; ours follow, before the fragment.
 *
 * @param target an address that the allow-list has accepted
 * @param parameters ours, in the order in which they are to stand
 */
export function buildLandingUrl(target: URL, parameters: LandingParameters): string {
  const [, path = '', query, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(target.href) ?? []
  const kept = query === undefined || query === '' ? [] : query.split('&').filter((pair) => !isOurs(pair))
  const own = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return `${path}?${[...kept, ...own].join('&')}${fragment}`
}

function isOurs(pair: string): boolean {
  return ownNames.has(decodeName(pair.split('=', 1)[0] ?? '').toLowerCase())
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}
