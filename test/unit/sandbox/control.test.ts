import { describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../demo/sandbox/index.ts'
import { account, classicToken, get, jsapiTicket, NOON, read, stillSandbox, tokenQuery } from './asking.ts'
import { PAGE, request, sign } from './page.ts'

async function control(sandbox: Sandbox, method: string, path: string, body?: unknown) {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await sandbox.fetch(new Request(`http://localhost:8788/__sandbox/${path}`, init))
  const json = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, json, allowed: answer.headers.get('access-control-allow-origin') }
}

describe('control routes', () => {
  test('state shows accounts, tokens, tickets, counters and faults', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    const { json, allowed } = await control(sandbox, 'GET', 'state')
    expect(allowed).toBe('*')
    expect(json).toMatchObject({
      now: NOON,
      offsetMs: 0,
      faults: [],
      callCounts: { 'cgi-bin/stable_token': 1, 'cgi-bin/ticket/getticket': 1 },
      accounts: [
        {
          appId: account.appId,
          safeDomains: account.safeDomains,
          tickets: { jsapi: [{ value: ticket, expiresAt: NOON + 7_200_000, valid: true }], wx_card: [] },
          tokens: { classic: [], stable: [{ valid: true }] },
          usedToday: { 'cgi-bin/stable_token': 1 },
        },
      ],
    })
  })

  test('reset brings everything back to the start', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    const token = await classicToken(sandbox)
    sandbox.clock.advance(5000)
    sandbox.addFault({ kind: 'html' })
    expect((await control(sandbox, 'POST', 'reset')).json).toEqual({ now: NOON, offsetMs: 0 })
    expect(sandbox.snapshot()).toMatchObject({ faults: [], callCounts: {}, accounts: [{ usedToday: {} }] })
    expect((await read(get(sandbox, `cgi-bin/getcallbackip?access_token=${token}`))).errcode).toBe(40001)
    expect(await jsapiTicket(sandbox)).not.toBe(ticket)
  })

  test('faults: PUT replaces, POST adds, GET lists, DELETE clears', async () => {
    const sandbox = stillSandbox()
    await control(sandbox, 'PUT', 'faults', { faults: [{ kind: 'slow', delayMs: 5 }] })
    await control(sandbox, 'POST', 'faults', {
      kind: 'expires_in',
      expiresIn: 0,
      path: 'cgi-bin/token',
      times: 1,
    })
    const both = [
      { kind: 'slow', delayMs: 5 },
      { kind: 'expires_in', expiresIn: 0, path: 'cgi-bin/token', times: 1 },
    ]
    expect((await control(sandbox, 'GET', 'faults')).json).toEqual({ faults: both })
    expect((await read(get(sandbox, tokenQuery()))).expires_in).toBe(0)
    await control(sandbox, 'PUT', 'faults', { faults: [{ kind: 'busy' }] })
    expect((await control(sandbox, 'GET', 'faults')).json).toEqual({ faults: [{ kind: 'busy' }] })
    expect((await control(sandbox, 'DELETE', 'faults')).json).toEqual({ faults: [] })
  })

  test('an unknown fault is 400 and names the known ones', async () => {
    const { status, json, allowed } = await control(stillSandbox(), 'POST', 'faults', { kind: 'earthquake' })
    expect([status, allowed]).toEqual([400, '*'])
    expect(json).toMatchObject({
      error: 'invalid_request',
      message: expect.stringMatching(/kind: .*busy, .*wrong_ticket/),
    })
  })

  test.each([
    ['PUT', 'faults', { faults: 'busy' }],
    ['PUT', 'faults', { faults: [{ kind: 'busy', times: 0 }] }],
    ['POST', 'faults', { kind: 'busy', colour: 'red' }],
    ['POST', 'faults', { kind: 'busy', path: 'cgi-bin/tokn' }],
    ['POST', 'clock', {}],
    ['POST', 'clock', { advanceMs: 'soon' }],
    ['POST', 'tickets/rotate', { type: 'sdk' }],
    ['POST', 'bridge/verify', { profile: 'ios' }],
    ['POST', 'bridge/log', []],
    ['POST', 'clock', '{'],
    ['POST', 'clock', 'null'],
  ])('%s %s with %j is 400 with a reason', async (method, path, body) => {
    const { status, json } = await control(stillSandbox(), method, path, body)
    expect(status).toBe(400)
    expect(json.message).toEqual(expect.any(String))
  })

  test('a body of more than a megabyte is 413', async () => {
    expect((await control(stillSandbox(), 'POST', 'bridge/log', { a: 'x'.repeat(1_000_000) })).status).toBe(
      413,
    )
  })

  test('an unknown route is 404 in JSON', async () => {
    const { status, json } = await control(stillSandbox(), 'GET', 'weather')
    expect([status, json.error]).toEqual([404, 'not_found'])
  })

  test('the clock moves by an amount or to an instant', async () => {
    const sandbox = stillSandbox()
    expect((await control(sandbox, 'POST', 'clock', { advanceMs: -1000 })).json).toEqual({
      now: NOON - 1000,
      offsetMs: -1000,
    })
    expect((await control(sandbox, 'POST', 'clock', { now: 0 })).json).toEqual({ now: 0, offsetMs: -NOON })
    expect((await control(sandbox, 'GET', 'clock')).json).toEqual({ now: 0, offsetMs: -NOON })
    expect((await control(sandbox, 'POST', 'clock', { now: 1e300 })).status).toBe(400)
  })

  test('rotate takes the only account when none is named', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    expect((await control(sandbox, 'POST', 'tickets/rotate')).status).toBe(200)
    expect(await jsapiTicket(sandbox)).not.toBe(ticket)
    expect((await control(sandbox, 'POST', 'tickets/rotate', { appId: 'wxffffffffffffffff' })).status).toBe(
      404,
    )
    const two = stillSandbox({ accounts: [account, { ...account, appId: 'wxaaaaaaaaaaaaaaaa' }] })
    expect((await control(two, 'POST', 'tickets/rotate')).status).toBe(400)
    expect((await control(two, 'POST', 'tickets/rotate', { appId: account.appId })).status).toBe(200)
  })

  test('revoke ends the tokens', async () => {
    const sandbox = stillSandbox()
    const token = await classicToken(sandbox)
    await control(sandbox, 'POST', 'tokens/revoke')
    expect((await read(get(sandbox, `cgi-bin/getcallbackip?access_token=${token}`))).errcode).toBe(40001)
  })

  test('calls show what came in and how it was answered', async () => {
    const sandbox = stillSandbox()
    await get(sandbox, tokenQuery({ secret: 'nope' }))
    const { json } = await control(sandbox, 'GET', 'calls')
    expect(json).toMatchObject({
      calls: [
        {
          at: NOON,
          method: 'GET',
          host: 'api.weixin.qq.com',
          path: 'cgi-bin/token',
          query: { appid: account.appId, secret: 'nope' },
          ip: '127.0.0.1',
          status: 200,
          errcode: 40125,
        },
      ],
    })
  })

  test('only the last 500 calls are kept, all are counted', async () => {
    const sandbox = stillSandbox()
    for (let call = 0; call < 510; call += 1) await get(sandbox, `sdk/report?n=${call}`)
    expect(sandbox.calls()).toHaveLength(500)
    expect(sandbox.calls().at(-1)?.query).toEqual({ n: '509' })
    expect(sandbox.snapshot().callCounts).toEqual({ 'sdk/report': 510 })
  })

  test('bridge/verify answers like verifyConfig', async () => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    expect((await control(sandbox, 'POST', 'bridge/verify', request(signature))).json).toEqual({
      errMsg: 'pre_verify_jsapi:ok',
    })
    const refused = request('x', { openTagList: ['wx-open-launch-app'] })
    expect((await control(sandbox, 'POST', 'bridge/verify', refused)).json).toEqual(
      sandbox.verifyConfig(refused),
    )
  })

  test('the bridge log keeps what the bridge reports', async () => {
    const sandbox = stillSandbox()
    await control(sandbox, 'POST', 'bridge/log', { name: 'scanQRCode' })
    expect((await control(sandbox, 'GET', 'bridge/log')).json).toEqual({
      log: [{ name: 'scanQRCode', at: NOON }],
    })
    expect((await control(sandbox, 'DELETE', 'bridge/log')).json).toEqual({ log: [] })
  })

  test('a page on another origin may ask', async () => {
    const preflight = await stillSandbox().fetch(
      new Request('http://localhost:8788/__sandbox/faults', {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:8787',
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        },
      }),
    )
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type')
  })
})
