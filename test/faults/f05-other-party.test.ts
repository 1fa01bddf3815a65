import { expect, onTestFinished } from 'vitest'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { tokenOf } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHistory, type History } from '../support/history.ts'
import { checkLiving, checkOrder, truthOf } from '../support/history-checks.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, json, PAGE } from '../support/service.ts'
import { tokenClient } from '../support/token-server.ts'

const { appId, appSecret } = account
const TOKEN = 'cgi-bin/token'
const API = 'https://api.weixin.qq.com'
const READ = { kind: 'read', appId, of: 'access_token' } as const

/** A service with a classic account on a clock that we move, a backend that uses its token, and a stranger. */
async function start() {
  const clock = createManualClock()
  const { service, sandbox, logs } = await createTestService({
    account: { tokenApi: 'classic' },
    config: { clients: [tokenClient], rateLimits: { signature: { points: 0, perSeconds: 60 } } },
    world: { clock: { ...clock, sleep: async () => undefined } },
  })
  onTestFinished(service.close)
  const ask = async (path: string, init?: RequestInit): Promise<Response> => service.app.request(path, init)
  const ssoToken = await tokenOf(ask)
  const headers = { 'content-type': 'application/json', 'sso-token': ssoToken }
  const history = createHistory(sandbox.clock.now)
  let strangers = 0

  const tokenIn = async (response: Response): Promise<string> =>
    ((await response.json()) as { accessToken: string }).accessToken
  const read = async (): Promise<string> =>
    tokenIn(await ask(`/v1/accounts/${appId}/access-token`, { headers }))
  const rejected = async (accessToken: string): Promise<string> =>
    tokenIn(
      await ask(`/v1/accounts/${appId}/access-token/rejected`, {
        ...json({ accessToken }),
        headers,
      }),
    )

  /** One call of the backend to WeChat, with one more try when its token is refused. */
  async function callWechat(): Promise<number> {
    const token = await read()
    const first = await wechat(sandbox, token)
    if (first !== 40001) return first
    const next = await rejected(token)
    return next === token ? first : wechat(sandbox, next)
  }

  return {
    clock,
    sandbox,
    logs,
    history,
    callWechat,
    readRecorded: () => history.record('backend', READ, read),
    /** Another system asks for a token of the same account; ours works five minutes more, or not at all. */
    async takeOver(atOnce: boolean): Promise<void> {
      if (atOnce) sandbox.revokeTokens(appId)
      const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret })
      await sandbox.fetch(new Request(`${API}/${TOKEN}?${query}`))
      strangers += 1
    },
    ourCalls: () => (sandbox.snapshot().callCounts[TOKEN] ?? 0) - strangers,
    sign: async () => (await ask('/v1/jsapi/signature', form({ url: PAGE }))).status,
    readiness: async () => (await ask('/readyz')).json(),
    contested: async () =>
      /^wxh5_credential_contested\{.*\} (\d)$/m.exec(await (await ask('/metrics')).text())?.[1],
  }
}

/** What WeChat says to a call with this token: 0 or an errcode. */
async function wechat(sandbox: Sandbox, token: string): Promise<number> {
  const url = `${API}/cgi-bin/ticket/getticket?type=wx_card&access_token=${token}`
  const { errcode = 0 } = (await (await sandbox.fetch(new Request(url))).json()) as { errcode?: number }
  return errcode
}

fault(
  'F5',
  {
    injected: 'another system asks for the classic token of the same account, once',
    expected: 'the first 40001 costs one refresh and one more try, and succeeds; nothing is called contested',
  },
  async (see) => {
    const world = await start()
    await world.readRecorded()
    expect(world.ourCalls()).toBe(1)
    await world.takeOver(false)
    expect(await world.callWechat()).toBe(0)
    expect(world.ourCalls()).toBe(1)
    await world.clock.advance(301_000)
    const answers = await Promise.all(Array.from({ length: 100 }, () => world.callWechat()))
    see(`100 calls: ${answers.filter((errcode) => errcode === 0).length} went well`)
    see(`${world.ourCalls() - 1} refresh`)
    expect(answers.filter((errcode) => errcode !== 0)).toEqual([])
    expect(world.ourCalls()).toBe(2)
    expect(await world.contested()).toBe('0')
    await expectTrue(world)
  },
)

fault(
  'F5',
  {
    injected: 'another system takes the classic token over every 10 s for ten minutes',
    expected:
      'readiness, metric and one log line name it; no war: at most one refresh in 30 s, then in two minutes',
  },
  async (see) => {
    const world = await start()
    await world.readRecorded()
    let wentWell = 0
    let calls = 0
    for (let second = 0; second < 600; second += 10) {
      await world.takeOver(true)
      for (let turn = 0; turn < 5; turn++, calls++) if ((await world.callWechat()) === 0) wentWell += 1
      expect(await world.sign()).toBe(200)
      await world.readRecorded()
      await world.clock.advance(10_000)
      await settle()
    }
    const lines = world.logs().filter((line) => JSON.stringify(line).includes('token_contested'))
    see(`${wentWell} of ${calls} calls went well, ${world.ourCalls()} calls of ours`)
    see(`metric ${await world.contested()}, ${lines.length} log line`)
    // The first one, two take-overs 30 s apart, then one in two minutes.
    expect(world.ourCalls()).toBeLessThanOrEqual(3 + 5)
    expect(wentWell).toBeGreaterThan(0)
    expect(await world.contested()).toBe('1')
    expect(lines.length).toBe(1)
    expect(await world.readiness()).toMatchObject({
      status: 'ready',
      accounts: [{ state: 'ready', warning: { code: 'token_contested', hint: expect.any(String) } }],
    })
    const { history, sandbox } = world
    expect(checkOrder(history, truthOf(sandbox))).toEqual([])
  },
)

async function expectTrue({ history, sandbox }: { history: History; sandbox: Sandbox }): Promise<void> {
  expect(checkLiving(history, truthOf(sandbox))).toEqual([])
  expect(checkOrder(history, truthOf(sandbox))).toEqual([])
}
