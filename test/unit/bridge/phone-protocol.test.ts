import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  frameName,
  open,
  phoneProtocolVersion,
  readFrameName,
  seal,
} from '../../../demo/sandbox/bridge/phone-protocol.ts'

test('a frame name is read back as it was written', () => {
  const settings = {
    profile: 'android',
    sandbox: 'http://localhost:8788',
    phone: 'http://localhost:8788',
    language: 'en',
    bridgeDelayMs: 300,
    visitor: 'stranger',
    miniProgram: 'wx0123456789abcdef',
  } as const
  expect(readFrameName(frameName(settings))).toEqual(settings)
})

test.each([
  '',
  'a window',
  '{"wxSandbox":',
  '{"wxSandbox":{}}',
  '{"wxSandbox":{"profile":"toString","sandbox":"http://localhost"}}',
  '{"wxSandbox":{"profile":"ios"}}',
  '{"wxSandbox":{"profile":"ios","sandbox":"javascript:alert(1)"}}',
  '{"wxSandbox":[]}',
  '["wxSandbox"]',
])('the window name %j installs nothing', (name) => {
  expect(readFrameName(name)).toBeUndefined()
})

test('no text of a window name makes the reader throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `{"wxSandbox"${text}`),
      ),
      (name) => {
        const settings = readFrameName(name)
        return settings === undefined || settings.sandbox.startsWith('http')
      },
    ),
  )
})

test('messages travel in an envelope of this version, and everything else is left alone', () => {
  expect(open(seal({ type: 'back' }))).toEqual({ type: 'back' })
  expect(open({ wxSandbox: phoneProtocolVersion + 1, message: { type: 'back' } })).toBeUndefined()
  for (const other of [undefined, null, 'text', 1, [], {}, { message: { type: 'back' } }, { wxSandbox: 1 }])
    expect(open(other)).toBeUndefined()
})
