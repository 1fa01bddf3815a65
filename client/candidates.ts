import { type Page, withoutFragment } from './page.ts'
import type { Candidate, Environment } from './types.ts'

/** An address that WeChat may verify against. */
export interface Trial {
  candidate: Candidate
  url: string
}

/**
 * The addresses worth signing, best first; `currentUrl` is without fragment already.
 *
 * iOS compares with the address of the first document load, Android and the others with the current one; devtools
 * imitate an iPhone but look at the current one. What WeChat accepted before goes first.
 */
export function candidates(
  page: Page,
  currentUrl: string,
  { platform, devtools }: Environment,
): [Trial, ...Trial[]] {
  const landing: Trial = { candidate: 'landing', url: withoutFragment(page.landingUrl) }
  const current: Trial = { candidate: 'current', url: currentUrl }
  const landingFirst = page.preferred ? page.preferred === 'landing' : platform === 'ios' && !devtools
  if (landing.url === current.url) return [landingFirst ? landing : current]
  return landingFirst ? [landing, current] : [current, landing]
}

/** The address WeChat itself named, if it is of the page's origin and has not been tried. */
export function reportedTrial(
  realAuthUrl: string | undefined,
  tried: readonly Trial[],
  currentUrl: string,
): Trial | undefined {
  const url = withoutFragment(realAuthUrl || '')
  const [origin] = /^\w+:\/\/[^/?#]+\//.exec(currentUrl) || []
  return origin && url.startsWith(origin) && tried.every((trial) => trial.url !== url)
    ? { candidate: 'reported', url }
    : undefined
}
