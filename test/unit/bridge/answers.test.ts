import { expect, test } from 'vitest'
import { writeAnswer, writeFailure, writeRefusal } from '../../../demo/sandbox/bridge/answers.ts'

test.each([
  ['android', 'geoLocation', { err_msg: 'geo_location:ok' }],
  ['ios', 'sendAppMessage', { err_msg: 'send_app_msg:ok' }],
  ['android', 'imagePreview', { err_msg: ':ok' }],
  ['android', 'scanQRCode', { err_msg: 'scanQRCode:ok' }],
  ['devtools', 'geoLocation', { errMsg: 'geoLocation:ok' }],
] as const)('on %s the answer to %s carries the name its client gives it', (profile, name, written) => {
  expect(writeAnswer(profile, name, { status: 'ok' })).toEqual(written)
})

test('a confirmed share is ok where the SDK does not translate it', () => {
  const confirmed = { status: 'confirm' }
  expect(writeAnswer('devtools', 'sendAppMessage', confirmed)).toEqual({ errMsg: 'sendAppMessage:ok' })
  expect(writeAnswer('ios', 'sendAppMessage', confirmed)).toEqual({ err_msg: 'send_app_msg:confirm' })
})

test('fields stand beside the message, in a new object every time', () => {
  const answer = { status: 'wwan', fields: { subtype: '4g' } }
  const first = writeAnswer('ios', 'getNetworkType', answer)
  expect(first).toEqual({ err_msg: 'network_type:wwan', subtype: '4g' })
  expect(writeAnswer('ios', 'getNetworkType', answer)).not.toBe(first)
})

test.each([
  ['android', { err_msg: 'geo_location:the permission value is offline verifying' }],
  ['ios', { err_msg: 'geo_location:the permission value is offline verifying' }],
  ['devtools', { errMsg: 'geoLocation:fail, the permission value is offline verifying' }],
  ['wecom-ios', { errMsg: 'geoLocation:fail, the permission value is offline verifying' }],
] as const)('an unverified call on %s is refused in its own words', (profile, written) => {
  expect(writeRefusal(profile, 'geoLocation', 'unverified')).toEqual(written)
})

test('denied and unknown functions are answered by the system, WeCom has its own word for denied', () => {
  expect(writeRefusal('ios', 'scanQRCode', 'denied')).toEqual({ err_msg: 'system:access_denied' })
  expect(writeRefusal('ios', 'anything', 'unknown')).toEqual({ err_msg: 'system:function_not_exist' })
  expect(writeRefusal('wecom-ios', 'scanQRCode', 'denied')).toEqual({
    errMsg: 'scanQRCode:fail_nopermission',
  })
})

test('names of Object.prototype are names like any other', () => {
  expect(writeAnswer('ios', 'constructor', { status: 'ok' })).toEqual({ err_msg: 'constructor:ok' })
  expect(writeFailure('toString', new Error('away'))).toEqual({ err_msg: 'toString:fail', err_desc: 'away' })
})
