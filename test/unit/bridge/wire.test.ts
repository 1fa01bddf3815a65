import { expect, test } from 'vitest'
import { createWire } from '../../../demo/sandbox/bridge/wire.ts'

const wireWithCalls = () => {
  const calls: [string, Record<string, unknown>, string][] = []
  const logs: string[] = []
  const wire = createWire({ invoke: (...call) => calls.push(call), log: (text) => logs.push(text) })
  return { wire, calls, logs }
}

test('arguments reach the client as plain copies, without functions', () => {
  const { wire, calls } = wireWithCalls()
  const args = { list: ['a'], success: () => undefined }
  wire.bridge.invoke('chooseImage', args)
  args.list.push('b')
  expect(calls[0]?.slice(0, 2)).toEqual(['chooseImage', { list: ['a'] }])
})

test('a callback runs once, with an object of its own', () => {
  const { wire, calls } = wireWithCalls()
  const heard: Record<string, unknown>[] = []
  wire.bridge.invoke('scanQRCode', {}, (answer) => {
    heard.push({ ...answer })
    delete answer.err_msg
  })
  const answer = { err_msg: 'scanQRCode:ok' }
  wire.answer(calls[0]?.[2] ?? '', answer)
  wire.answer(calls[0]?.[2] ?? '', answer)
  expect(heard).toEqual([{ err_msg: 'scanQRCode:ok' }])
  expect(answer).toEqual({ err_msg: 'scanQRCode:ok' })
})

test('an event has one listener, the newest, and messages may be JSON text', () => {
  const { wire } = wireWithCalls()
  const heard: string[] = []
  wire.bridge.on('menu:share:timeline', () => heard.push('first'))
  wire.bridge.on('menu:share:timeline', () => heard.push('second'))
  wire.push('menu:share:timeline', {})
  wire.bridge._handleMessageFromWeixin('{"__msg_type":"event","__event_id":"menu:share:timeline"}')
  expect(heard).toEqual(['second', 'second'])
  expect(wire.listens('menu:share:timeline')).toBe(true)
  expect(wire.listens('menu:share:qq')).toBe(false)
})

test('call is an invoke without arguments and answer, log hands text over', () => {
  const { wire, calls, logs } = wireWithCalls()
  wire.bridge.call('closeWindow')
  wire.bridge.log({ a: 1 })
  expect(calls[0]?.slice(0, 2)).toEqual(['closeWindow', {}])
  expect(logs).toEqual(['{"a":1}'])
})
