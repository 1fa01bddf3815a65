import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { builtInAccount, type Fault } from '../../demo/sandbox/index.ts'
import { throughBothDoors } from '../support/doors.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, liveTicket, PAGE } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const TOKEN = 'cgi-bin/stable_token'
const TICKET = 'cgi-bin/ticket/getticket'

throughBothDoors('on a bad day the service', (open) => {
  async function start(options: Parameters<typeof createTestService>[0] = {}) {
    // Pauses between tries take no real time, the clock is the machine's.
    const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined }
    const running = await createTestService({ ...options, world: { clock, ...options.world } })
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const sign = async () => {
      const response = await door.ask('/v1/jsapi/signature', form({ url: PAGE }))
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        ...(await response.json()),
      }
    }
    return { ...running, sign, ask: door.ask }
  }

  test('with a wrong secret names the key to correct, and asks WeChat once in a few seconds', async () => {
    const wrong = 'badbadbadbadbadbadbadbadbadbad00'
    const { sign, sandbox, logText, ask } = await start({ account: { appSecret: wrong } })
    for (let turn = 0; turn < 50; turn++) {
      expect(await sign()).toMatchObject({
        status: 502,
        code: 'wechat_refused',
        errcode: 40125,
        hint: expect.stringContaining('appSecret'),
      })
    }
    expect(sandbox.calls(TOKEN)).toHaveLength(1)
    expect(await (await ask('/readyz')).json()).toMatchObject({
      status: 'unready',
      accounts: [{ state: 'failed', reason: { errcode: 40125, hint: expect.stringContaining('appSecret') } }],
    })
    expect(logText()).not.toContain(wrong)
  })

  test('from an address outside the white list shows the address to add', async () => {
    const { sign } = await start({
      sandbox: { accounts: [{ ...builtInAccount, ipWhitelist: ['198.51.100.1'] }], callerIp: '203.0.113.9' },
    })
    expect(await sign()).toMatchObject({
      status: 502,
      errcode: 40164,
      hint: expect.stringContaining('203.0.113.9'),
    })
  })

  const faults: [string, Omit<Fault, 'path'>, number, string][] = [
    ['is busy for good', { kind: 'busy' }, 503, 'wechat_busy'],
    ['breaks connections', { kind: 'reset' }, 503, 'wechat_unreachable'],
    ['answers HTML', { kind: 'html' }, 502, 'wechat_bad_answer'],
    ['answers nothing with 200', { kind: 'empty' }, 502, 'wechat_bad_answer'],
    ['answers HTTP 500', { kind: 'http_500' }, 502, 'wechat_bad_answer'],
    ['answers half of its JSON', { kind: 'truncated' }, 502, 'wechat_bad_answer'],
    ['forgets expires_in', { kind: 'expires_in' }, 502, 'wechat_bad_answer'],
    ['says expires_in is 0', { kind: 'expires_in', expiresIn: 0 }, 502, 'wechat_bad_answer'],
    ['says expires_in is -7200', { kind: 'expires_in', expiresIn: -7200 }, 502, 'wechat_bad_answer'],
    ['has no quota left', { kind: 'quota' }, 502, 'wechat_refused'],
  ]
  test.each(faults)(
    'when WeChat %s at the start, says so, and heals when it is over',
    async (_name, fault, status, code) => {
      for (const path of [TOKEN, TICKET]) {
        const clock = createManualClock()
        const { sign, sandbox } = await start({
          world: { clock: { ...clock, sleep: async () => undefined } },
        })
        sandbox.setFaults([{ ...fault, path }])
        const refused = await sign()
        expect(refused).toMatchObject({ status, code, hint: expect.any(String) })
        expect(refused.signature).toBeUndefined()
        if (status === 503) expect(Number(refused.retryAfter)).toBeGreaterThan(0)
        sandbox.clearFaults()
        await clock.advance(5_000)
        expect(await sign()).toMatchObject({ status: 200 })
      }
    },
  )

  test.each(faults)('when WeChat %s later, goes on with the living ticket', async (_name, fault) => {
    const clock = createManualClock()
    const { sign, sandbox } = await start({ world: { clock: { ...clock, sleep: async () => undefined } } })
    await sign()
    sandbox.setFaults([fault])
    await clock.advance((7_200 - 8) * 1_000)
    for (let second = 0; second < 6; second++) {
      expect((await sign()).status).toBe(200)
      await clock.advance(1_000)
      await settle()
    }
    sandbox.clearFaults()
    await clock.advance(1_000)
    expect((await sign()).status).toBe(200)
    await settle()
    await clock.advance(10_000)
    expect((await sign()).status).toBe(200)
  })

  test('one busy moment on a cold start reaches no visitor', async () => {
    const { sign, sandbox } = await start()
    sandbox.setFaults([{ kind: 'busy', times: 2 }])
    expect((await sign()).status).toBe(200)
  })

  test.each(['stable', 'classic'])(
    'an access_token that was revoked costs one refresh and one retry (%s)',
    async (tokenApi) => {
      const clock = createManualClock()
      const { sign, sandbox } = await start({ account: { tokenApi }, world: { clock } })
      await sign()
      sandbox.revokeTokens(account.appId)
      await clock.advance(7_200_000 - 200_000)
      await sign()
      await settle()
      expect((await sign()).status).toBe(200)
      const path = tokenApi === 'stable' ? TOKEN : 'cgi-bin/token'
      expect(sandbox.calls(TICKET)).toHaveLength(3)
      expect(sandbox.calls(path).length).toBeLessThanOrEqual(4)
      expect(sandbox.calls(TICKET).at(-1)?.errcode ?? 0).toBe(0)
    },
  )

  test.each([
    ['invalid_credential', 40001],
    ['token_expired', 42001],
  ] as const)('%s on the ticket is answered by one new token and one more try', async (kind, errcode) => {
    const { sign, sandbox } = await start()
    sandbox.setFaults([{ kind, path: TICKET, times: 1 }])
    expect((await sign()).status).toBe(200)
    expect(sandbox.calls(TICKET).map((call) => call.errcode ?? 0)).toEqual([errcode, 0])
  })

  test('a token that stays refused is told, not asked for in a loop', async () => {
    const { sign, sandbox } = await start()
    sandbox.setFaults([{ kind: 'invalid_credential', path: TICKET }])
    expect(await sign()).toMatchObject({ status: 502, errcode: 40001 })
    expect(sandbox.calls(TICKET)).toHaveLength(2)
    expect(sandbox.calls(TOKEN).length).toBeLessThanOrEqual(3)
  })

  test('a clock an hour wrong is named by readiness', async () => {
    const { sign, sandbox, ask } = await start()
    sandbox.setFaults([{ kind: 'wrong_clock', offsetMs: -3_600_000 }])
    expect((await sign()).status).toBe(200)
    const { clockAheadS } = await (await ask('/readyz')).json()
    expect(clockAheadS).toBeGreaterThan(3_590)
    expect(clockAheadS).toBeLessThan(3_610)
  })

  test('two hours and a quarter of pages: none waits for a due refresh, none is signed with a dead ticket', async () => {
    const clock = createManualClock()
    const config = { rateLimits: { signature: { points: 0, perSeconds: 60 } } }
    const { sign, sandbox } = await start({ config, world: { clock } })
    const dead: string[] = []
    for (let second = 0; second < 8_100; second += 10) {
      const { signature, nonceStr, timestamp } = await sign()
      const verdict = sandbox.verifyConfig({
        profile: 'ios',
        landingUrl: PAGE,
        currentUrl: PAGE,
        appId: account.appId,
        timestamp: String(timestamp),
        nonceStr,
        signature,
        signType: 'sha1',
        jsApiList: ['chooseImage'],
      })
      if (verdict.errMsg !== 'pre_verify_jsapi:ok') dead.push(`${second} s: ${verdict.errMsg}`)
      await clock.advance(10_000)
      await settle()
    }
    expect(dead).toEqual([])
    expect(sandbox.calls(TICKET)).toHaveLength(2)
    expect(sandbox.calls(TOKEN).length).toBeLessThanOrEqual(2)
  })

  test('a restart with the embedded database makes no call to WeChat', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
    closers.push(() => rm(folder, { recursive: true }))
    const config = { database: `sqlite:${join(folder, 'wx-h5.db')}` }
    const first = await start({ config })
    const before = await first.sign()
    await first.service.close()
    const ticket = liveTicket(first.sandbox)
    const second = await start({ config })
    const after = await second.sign()
    expect([before.status, after.status]).toEqual([200, 200])
    expect(second.sandbox.calls()).toEqual([])
    second.sandbox.seedTicket(account.appId, 'jsapi', ticket)
    expect(
      second.sandbox.verifyConfig({
        profile: 'ios',
        landingUrl: PAGE,
        currentUrl: PAGE,
        ...after,
        timestamp: String(after.timestamp),
        signType: 'sha1',
        jsApiList: ['chooseImage'],
      }).errMsg,
    ).toBe('pre_verify_jsapi:ok')
  })

  test('no secret, token or ticket is in any answer, log line or metric of all this', async () => {
    const { sign, sandbox, ask, logText } = await start()
    const shown: string[] = []
    for (const fault of [undefined, ...faults.map(([, fault]) => fault)]) {
      sandbox.setFaults(fault === undefined ? [] : [fault])
      shown.push(JSON.stringify(await sign()))
      sandbox.rotateTicket(account.appId)
    }
    for (const path of ['/readyz', '/metrics', '/openapi.json', '/docs', '/nowhere'])
      shown.push(await (await ask(path)).text())
    const { tokens, tickets } = sandbox.snapshot().accounts[0] ?? {
      tokens: { stable: [], classic: [] },
      tickets: { jsapi: [], wx_card: [] },
    }
    const secrets = [account.appSecret, ...[...tokens.stable, ...tickets.jsapi].map(({ value }) => value)]
    expect(secrets.length).toBeGreaterThan(3)
    for (const secret of secrets) {
      expect(shown.join()).not.toContain(secret)
      expect(logText()).not.toContain(secret)
    }
  })
})
