import { describe, expect, it } from 'vitest'
import { detectEnvironment, type Environment } from '../../../client/index.ts'
import { userAgents } from '../../../demo/sandbox/bridge/profiles.ts'

const rows: [string, string, Partial<Environment>][] = [
  ['wechat on an iPhone', userAgents.ios, { client: 'wechat', platform: 'ios', version: '8.0.50' }],
  [
    'wechat on Android',
    userAgents.android,
    { client: 'wechat', platform: 'android', version: '8.0.50.2700' },
  ],
  [
    'wechat on HarmonyOS',
    userAgents.harmony,
    { client: 'wechat', platform: 'harmony', version: '8.0.10.41' },
  ],
  [
    'wechat on Windows',
    userAgents.windows,
    { client: 'wechat', platform: 'windows', version: '7.0.20.1781' },
  ],
  ['wechat on a Mac', userAgents.mac, { client: 'wechat', platform: 'mac', version: '7.0.20.1781' }],
  [
    'the old wechat for Mac that calls itself WindowsWechat',
    'MicroMessenger/6.8.0(0x16080000) MacWechat/3.3(0x13030013) NetType/WIFI WindowsWechat',
    { client: 'wechat', platform: 'mac', version: '6.8.0' },
  ],
  [
    'HarmonyOS 4, which is an Android',
    'Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) AppleWebKit/537.36 MicroMessenger/8.0.40 Mobile',
    { client: 'wechat', platform: 'android' },
  ],
  [
    'an iPad',
    'Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.38',
    { client: 'wechat', platform: 'ios' },
  ],
  ['wecom before wechat', userAgents['wecom-ios'], { inWeixin: false, client: 'wecom', version: '4.1.30' }],
  [
    'the devtools',
    userAgents.devtools,
    { client: 'wechat', platform: 'ios', devtools: true, version: '8.0.5' },
  ],
  [
    'Safari',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1',
    { inWeixin: false, client: 'none', platform: 'ios' },
  ],
  ['nothing at all', '', { inWeixin: false, client: 'none', platform: 'unknown' }],
]

describe('detectEnvironment', () => {
  it.each(rows)('knows %s', (_name, userAgent, expected) => {
    const environment = detectEnvironment({ userAgent })
    expect(environment).toMatchObject({
      inWeixin: expected.client === 'wechat',
      devtools: false,
      miniProgram: false,
      ...expected,
    })
  })

  it('leaves out what it does not know', () => {
    expect(detectEnvironment({ userAgent: 'curl/8' })).toStrictEqual({
      inWeixin: false,
      client: 'none',
      platform: 'unknown',
      devtools: false,
      miniProgram: false,
    })
  })

  it('asks navigator.platform only where the user agent names no system', () => {
    const bare = 'MicroMessenger/8.0.0'
    expect(detectEnvironment({ userAgent: bare, platform: 'Win32' }).platform).toBe('windows')
    expect(detectEnvironment({ userAgent: userAgents.ios, platform: 'Win32' }).platform).toBe('ios')
  })

  it.each([
    ['its mark on window', { userAgent: userAgents.ios, wxjsEnvironment: 'miniprogram' }, undefined],
    ['its user agent', { userAgent: `${userAgents.ios} miniProgram` }, undefined],
    [
      'its user agent with an appId',
      { userAgent: `${userAgents.ios} miniProgram/wx0123456789abcdef` },
      'wx0123456789abcdef',
    ],
  ])('knows the web view of a mini program by %s', (_name, source, appId) => {
    expect(detectEnvironment(source)).toMatchObject({ inWeixin: true, miniProgram: true })
    expect(detectEnvironment(source).miniProgramAppId).toBe(appId)
  })

  it('finds no wechat where there is no browser', () => {
    expect(detectEnvironment().client).toBe('none')
  })
})
