import type { Environment } from './types.ts'

/** What {@link detectEnvironment} judges by. */
export interface EnvironmentSource {
  userAgent: string
  /** `navigator.platform`, asked only where the user agent names no system. */
  platform?: string | undefined
  /** `window.__wxjs_environment`, which WeChat sets in the web view of a mini program. */
  wxjsEnvironment?: unknown
}

// The order decides: the old WeChat for Mac also says `WindowsWechat`, and HarmonyOS up to 4 is an Android.
const platforms: readonly (readonly [Environment['platform'], RegExp])[] = [
  ['ios', /iphone|ipad/i],
  ['android', /android/i],
  ['harmony', /harmony/i],
  ['mac', /\bmac/i],
  ['windows', /\bwin/i],
]

/**
 * Tells where a page runs, from the user agent and the marks WeChat leaves.
 *
 * Pure when it is given a source; without one it reads `navigator` and `window`, and finds `none` where they are missing.
 *
 * @example
 * ```ts
 * import { detectEnvironment } from 'wx-h5-kit'
 *
 * const { inWeixin, platform, miniProgram } = detectEnvironment()
 * ```
 */
export function detectEnvironment(source: EnvironmentSource = environmentSource(globalThis)): Environment {
  const { userAgent, platform: system = '', wxjsEnvironment } = source
  const match = (mark: RegExp): readonly (string | undefined)[] => mark.exec(userAgent) || []
  const [wecom, wecomVersion] = match(/wxwork\/?([\d.]*)/i)
  const [wechat, wechatVersion] = match(/micromessenger\/?([\d.]*)/i)
  const [mini, miniProgramAppId] = match(/miniprogram\/?(wx\w+)?/i)
  const client = wecom ? 'wecom' : wechat ? 'wechat' : 'none'
  const version = wecomVersion || wechatVersion
  const [platform = 'unknown' as const] =
    platforms.find(([, mark]) => mark.test(userAgent)) ||
    platforms.find(([, mark]) => mark.test(system)) ||
    []
  return {
    inWeixin: client === 'wechat',
    client,
    platform,
    devtools: /wechatdevtools|wxdebugger/i.test(userAgent),
    miniProgram: !!mini || wxjsEnvironment === 'miniprogram',
    ...(miniProgramAppId && { miniProgramAppId }),
    ...(version && { version }),
  }
}

interface Surroundings {
  navigator?: { userAgent?: string; platform?: string }
  __wxjs_environment?: unknown
}

export function environmentSource(around: Surroundings): EnvironmentSource {
  const { userAgent = '', platform } = around.navigator || {}
  return { userAgent, platform, wxjsEnvironment: around.__wxjs_environment }
}
