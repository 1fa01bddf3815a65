import { expect, test } from 'vitest'
import {
  answerStyles,
  isBridgeProfile,
  platforms,
  userAgents,
} from '../../../demo/sandbox/bridge/profiles.ts'

test('every client carries MicroMessenger, and the marks the SDK and pages look for', () => {
  const marks = (mark: RegExp) =>
    Object.entries(userAgents)
      .filter(([, userAgent]) => mark.test(userAgent))
      .map(([profile]) => profile)
  expect(marks(/MicroMessenger\/\d/)).toHaveLength(7)
  expect(marks(/iphone/i)).toEqual(['ios', 'devtools', 'wecom-ios'])
  expect(marks(/android/i)).toEqual(['android'])
  expect(marks(/OpenHarmony/)).toEqual(['harmony'])
  expect(marks(/wxwork/)).toEqual(['wecom-ios'])
  expect(marks(/wechatdevtools/)).toEqual(['devtools'])
  expect(marks(/wxdebugger/)).toEqual([])
  expect(marks(/WindowsWechat/)).toEqual(['windows'])
  expect(marks(/MacWechat/)).toEqual(['mac'])
})

test('only desktop clients have a desktop platform', () => {
  const desktop = Object.entries(platforms).filter(([, platform]) => /mac|win/i.test(platform))
  expect(desktop.map(([profile]) => profile)).toEqual(['windows', 'mac', 'devtools'])
})

test('JSON text is what Android and HarmonyOS answer', () => {
  const text = Object.entries(answerStyles).filter(([, style]) => style.jsonText)
  expect(text.map(([profile]) => profile)).toEqual(['android', 'harmony'])
})

test('only names of profiles are profiles', () => {
  expect(isBridgeProfile('wecom-ios')).toBe(true)
  for (const name of ['toString', '', 'IOS', 3, undefined]) expect(isBridgeProfile(name)).toBe(false)
})
