import type { BridgeProfile } from '../bridge-protocol.ts'
import { platforms, userAgents } from './profiles.ts'

/** The language of the simulated client, as user agents write it. */
export type ClientLanguage = 'zh_CN' | 'en'

/**
 * Makes `navigator` of a window look like the simulated client's.
 *
 * Only scripts see it; the headers of requests stay the browser's own.
 */
export function overrideUserAgent(
  target: Window,
  profile: BridgeProfile,
  language?: ClientLanguage,
  miniProgramAppId?: string,
): void {
  const own = `${userAgents[profile]}${miniProgramAppId === undefined ? '' : ` miniProgram/${miniProgramAppId}`}`
  const userAgent = language === undefined ? own : own.replace(/Language\/\w+/, `Language/${language}`)
  const tag = language === 'zh_CN' ? 'zh-CN' : 'en'
  const values: Record<string, unknown> = {
    userAgent,
    appVersion: userAgent.replace(/^Mozilla\//, ''),
    platform: platforms[profile],
    userAgentData: undefined,
    ...(language === undefined ? {} : { language: tag, languages: Object.freeze([tag]) }),
  }
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target.navigator, name, { get: () => value, configurable: true })
}
