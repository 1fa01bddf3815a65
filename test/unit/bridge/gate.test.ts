import { expect, test } from 'vitest'
import { passGate } from '../../../demo/sandbox/bridge/gate.ts'

const verified = { appId: 'wx1', apis: new Set(['scanQRCode', 'menu:share:appmessage']), openTags: [] }

test('before a verification only three functions are open', () => {
  const names = [
    'preVerifyJSAPI',
    'checkJsApi',
    'getNetworkType',
    'scanQRCode',
    'closeWindow',
    'hideOptionMenu',
  ]
  expect(names.filter((name) => passGate(name, {}, undefined) === 'open')).toEqual([
    'preVerifyJSAPI',
    'checkJsApi',
    'getNetworkType',
  ])
})

test('after a verification the list is open, and nothing else', () => {
  expect(passGate('scanQRCode', {}, verified)).toBe('open')
  expect(passGate('chooseImage', {}, verified)).toBe('unverified')
})

test('a menu event covers the invoke that answers it', () => {
  expect(passGate('sendAppMessage', {}, verified)).toBe('open')
  expect(passGate('shareTimeline', {}, verified)).toBe('unverified')
})

test('another appId than the verified one is not covered', () => {
  expect(passGate('scanQRCode', { verifyAppId: 'wx1' }, verified)).toBe('open')
  expect(passGate('scanQRCode', { verifyAppId: 'wx2' }, verified)).toBe('unverified')
})

test('a page asks its mini program without a verification, and no other page does', () => {
  expect(passGate('invokeMiniProgramAPI', {}, undefined, true)).toBe('open')
  expect(passGate('invokeMiniProgramAPI', {}, verified)).toBe('unverified')
  expect(passGate('scanQRCode', {}, undefined, true)).toBe('unverified')
})
