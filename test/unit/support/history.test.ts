import { expect, test } from 'vitest'
import { builtInAccount, createSandbox, type Sandbox } from '../../../demo/sandbox/index.ts'
import { signJsapi } from '../../../server/jsapi/sign.ts'
import { type Act, createHistory, type History, Refused } from '../../support/history.ts'
import {
  checkCalls,
  checkLiving,
  checkOnce,
  checkOrder,
  checkSecrets,
  checkWrites,
  truthOf,
} from '../../support/history-checks.ts'

const { appId, appSecret } = builtInAccount
const SIGN: Act = { kind: 'sign', appId }
const READ: Act = { kind: 'read', appId, of: 'jsapi' }

function start(): { sandbox: Sandbox; history: History; sign: (client: string, ticket: string) => unknown } {
  let time = Date.UTC(2026, 0, 1)
  const sandbox = createSandbox({ now: () => time++ })
  const history = createHistory(sandbox.clock.now)
  sandbox.seedTicket(appId, 'jsapi', 'old')
  const page = { url: 'https://h5.example.com/', nonceStr: 'n', timestamp: 1_767_225_600 }
  const sign = (client: string, ticket: string) =>
    history.record(client, SIGN, async () => ({ ...page, signature: signJsapi({ ...page, ticket }) }))
  return { sandbox, history, sign }
}

test('a history without a violation passes every check', async () => {
  const { sandbox, history, sign } = start()
  await sign('a', 'old')
  sandbox.seedTicket(appId, 'jsapi', 'new')
  await sign('a', 'new')
  await history.record('a', READ, async () => 'new')
  await history.record('a', { kind: 'write', key: 'k', value: 'v' }, async () => undefined)
  await history.record('a', { kind: 'use', key: 'code' }, async () => undefined)
  await history.record('b', { kind: 'use', key: 'code' }, async () => {
    throw new Refused('used already')
  })
  const truth = truthOf(sandbox)
  expect([
    ...checkLiving(history, truth),
    ...checkOrder(history, truth, 'everyone'),
    ...checkWrites(history, new Map([['k', 'v']])),
    ...checkOnce(history),
    ...checkCalls(sandbox, { 'cgi-bin/token': 0 }),
    ...checkSecrets({ log: 'nothing' }, ['old', 'new']),
  ]).toEqual([])
})

test('I1 finds signatures and values that were dead when they were handed out', async () => {
  const { sandbox, history, sign } = start()
  await sign('a', 'old')
  sandbox.seedTicket(appId, 'jsapi', 'new')
  await sign('a', 'old')
  await history.record('b', READ, async () => 'old')
  expect(checkLiving(history, truthOf(sandbox))).toEqual([
    expect.stringContaining("a's sign (2) is dead"),
    expect.stringContaining("b's read (4) is dead"),
  ])
})

test('I1 counts what died while the answer was under way as living', async () => {
  const { sandbox, history } = start()
  await history.record('a', READ, async () => {
    sandbox.seedTicket(appId, 'jsapi', 'new')
    return 'old'
  })
  expect(checkLiving(history, truthOf(sandbox))).toEqual([])
})

test('I1 finds what WeChat never issued, and what another account owns', async () => {
  const { sandbox, history, sign } = start()
  await sign('a', 'undefined')
  await history.record('a', { ...READ, of: 'wx_card' }, async () => 'old')
  await history.record('a', { ...READ, appId: 'wxffffffffffffffff' }, async () => 'old')
  const violations = checkLiving(history, truthOf(sandbox))
  expect(violations).toHaveLength(3)
  for (const violation of violations) expect(violation).toContain('nothing that WeChat ever issued')
})

test('I2 finds one call too many', async () => {
  const { sandbox } = start()
  const address = `https://api.weixin.qq.com/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`
  for (let turn = 0; turn < 2; turn++) await sandbox.fetch(new Request(address))
  expect(checkCalls(sandbox, { 'cgi-bin/token': 2 })).toEqual([])
  expect(checkCalls(sandbox, { 'cgi-bin/token': 1 })).toEqual(['cgi-bin/token was called 2 times, 1 allowed'])
})

test('I3 finds an older version after a newer one, for one client or for everyone', async () => {
  const { sandbox, history, sign } = start()
  sandbox.seedTicket(appId, 'jsapi', 'new')
  await sign('a', 'new')
  await sign('b', 'old')
  expect(checkOrder(history, truthOf(sandbox))).toEqual([])
  expect(checkOrder(history, truthOf(sandbox), 'everyone')).toEqual(["b's sign (2) saw version 0 after 1"])
  await sign('a', 'old')
  expect(checkOrder(history, truthOf(sandbox))).toEqual(["a's sign (4) saw version 0 after 1"])
})

test('I3 lets answers that overlap come in any order', async () => {
  const { sandbox, history } = start()
  sandbox.seedTicket(appId, 'jsapi', 'new')
  let letGo: (value: string) => void = () => undefined
  const slow = history.record('a', READ, () => new Promise<string>((resolve) => (letGo = resolve)))
  await history.record('a', READ, async () => 'new')
  letGo('old')
  await slow
  expect(checkOrder(history, truthOf(sandbox), 'everyone')).toEqual([])
})

test('I4 finds lost, changed and half writes', async () => {
  const { history } = start()
  const write = (key: string, error?: Error) =>
    history.record('a', { kind: 'write', key, value: 'whole' }, async () => {
      if (error !== undefined) throw error
    })
  await write('there')
  await write('lost')
  await write('changed')
  await write('unknown and absent', new Error('socket hang up'))
  await write('unknown and half', new Error('socket hang up'))
  await write('refused and absent', new Refused('503'))
  const stored = new Map([
    ['there', 'whole'],
    ['changed', 'other'],
    ['unknown and half', 'who'],
  ])
  expect(checkWrites(history, stored)).toEqual([
    "a's write (2) is lost",
    "a's write (4) is there as something else",
    "a's write (8) is there as something else",
  ])
})

test('I5 finds what was accepted twice', async () => {
  const { history } = start()
  for (const client of ['a', 'b'])
    await history.record(client, { kind: 'use', key: 'state' }, async () => undefined)
  expect(checkOnce(history)).toEqual(['state was accepted 2 times'])
})

test('I6 finds a secret, and does not repeat it', () => {
  const found = checkSecrets({ answers: 'fine', log: 'a line with s3cret in it' }, ['other', 's3cret'])
  expect(found).toEqual(['secret 1 is in the log'])
})
