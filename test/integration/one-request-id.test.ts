import { afterEach, expect, test } from 'vitest'
import { createAuthInfoService, tokenOf } from '../support/auth-info.ts'
import { throughBothDoors } from '../support/doors.ts'
import { settle } from '../support/manual-clock.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { account, createTestService, form, json, PAGE } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Line = Record<string, unknown>
const CALLBACK = '/wx/api/fans/authInfo/callback'

throughBothDoors('one id', (open) => {
  async function start(options?: Parameters<typeof createTestService>[0]) {
    const running = await createTestService(options)
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const sign = (requestId: string) =>
      door.ask('/v1/jsapi/signature', { ...form({ url: PAGE }), headers: { 'x-request-id': requestId } })
    /** What the log says of one id, in order, without what every line has. */
    const story = (requestId: string) =>
      running
        .logs()
        .filter((line) => line.requestId === requestId)
        .map(({ msg, path, kind, route }) => [msg, path ?? kind ?? route])
    return { ...running, ask: door.ask, sign, story }
  }

  test('follows a signature from the page through the refreshes to every call of WeChat', async () => {
    const { sign, story } = await start()
    const response = await sign('page-1')
    expect(response.headers.get('x-request-id')).toBe('page-1')
    expect(story('page-1')).toEqual([
      ['asked WeChat', 'cgi-bin/stable_token'],
      ['credential refreshed', 'access_token'],
      ['asked WeChat', 'cgi-bin/ticket/getticket'],
      ['credential refreshed', 'jsapi'],
      ['request', '/v1/jsapi/signature'],
    ])
    await sign('page-2')
    expect(story('page-2')).toEqual([['request', '/v1/jsapi/signature']])
  })

  test('is made where the page sent none, and is the same in the answer and in the log', async () => {
    const { ask, logs, sandbox } = await start()
    sandbox.setFaults([{ kind: 'quota' }])
    const response = await ask('/v1/jsapi/signature', form({ url: PAGE }))
    const { requestId, rid, errcode } = await response.json()
    expect(requestId).toMatch(/^\w{20}$/)
    expect(response.headers.get('x-request-id')).toBe(requestId)
    const lines = logs().filter((line) => line.requestId === requestId)
    expect(lines.map(({ msg }) => String(msg).replace(/:.*/, ''))).toEqual([
      'asked WeChat',
      'credential not refreshed 凭证刷新失败',
      'credential not refreshed 凭证刷新失败',
      'request failed',
    ])
    for (const line of lines) expect(line).toMatchObject({ errcode, rid })
    expect(errcode).toBe(45009)
  })

  test('of the one who asked is in the line of everybody who waited for the same refusal', async () => {
    const { sign, logs, sandbox } = await start()
    sandbox.setFaults([{ kind: 'quota' }])
    await Promise.all(['asks', 'waits', 'waits-too'].map(sign))
    await sign('comes-later')
    const access = new Map(
      logs()
        .filter(({ msg }) => msg === 'request failed')
        .map((line): [unknown, Line] => [line.requestId, line]),
    )
    expect(access.get('asks')?.askedBy).toBeUndefined()
    for (const id of ['waits', 'waits-too', 'comes-later'])
      expect(access.get(id)).toMatchObject({ askedBy: 'asks', errcode: 45009 })
  })

  test('is in the lines of cards and of rejected signatures', async () => {
    const clock = {
      now: () => Date.now(),
      monotonic: () => performance.now() + ahead,
      sleep: async () => undefined,
    }
    let ahead = 0
    const { ask, sign, story } = await start({ account: { publicCards: ['pCard'] }, world: { clock } })
    const id = (requestId: string) => ({ 'x-request-id': requestId })
    await ask('/v1/cards/ext', {
      ...json({ cards: [{ cardId: 'pCard' }] }),
      headers: { ...id('card-1'), 'content-type': 'application/json' },
    })
    expect(story('card-1')).toContainEqual(['credential refreshed', 'wx_card'])
    const signed = await (await sign('page-3')).json()
    const { url, timestamp, nonceStr, signature } = signed
    ahead = 60_000
    await ask('/v1/jsapi/rejected', {
      ...form({ url, timestamp: String(timestamp), nonceStr, signature }),
      headers: id('rejected-1'),
    })
    expect(story('rejected-1')).toEqual([
      ['asked WeChat', 'cgi-bin/ticket/getticket'],
      ['credential refreshed', 'jsapi'],
      ['request', '/v1/jsapi/rejected'],
    ])
  })

  test('is in what /readyz asks, and what is asked at the start has one too', async () => {
    const { ask, service, story, logs } = await start()
    service.warm()
    await settle()
    const ids = new Set(logs().map(({ requestId }) => requestId))
    expect(ids.size).toBe(1)
    expect([...ids][0]).toMatch(/^\w{20}$/)
    const other = await start()
    await other.ask('/readyz', { headers: { 'x-request-id': 'probe-1' } })
    await settle()
    expect(other.story('probe-1')).toContainEqual(['asked WeChat', 'cgi-bin/ticket/getticket'])
    expect((await ask('/readyz')).status).toBe(200)
    expect(story('probe-1')).toEqual([])
  })

  test('is in the lines of a login and of an exchanged code, and on the page of a failure', async () => {
    const { service, sandbox, logs } = await createAuthInfoService()
    const door = await open(service)
    closers.push(service.close, door.close)
    const browser = createOAuthBrowser(sandbox, door.ask)
    const query = new URLSearchParams({ portid: '4', redirectPath: 'https://h5.example.com/' })
    await browser.open(`/wx/api/fans/authInfo?${query}`)
    const callback = logs().find(({ route }) => route === CALLBACK)
    const asked = logs().filter(
      ({ requestId, msg }) => requestId === callback?.requestId && msg === 'asked WeChat',
    )
    expect(asked.map(({ path }) => path)).toEqual(['sns/oauth2/access_token', 'sns/userinfo'])

    const token = await tokenOf(door.ask)
    const response = await door.ask('/v1/oauth/exchange', {
      ...json({ appId: account.appId, code: 'nobody-gave-this' }),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-request-id': 'shop-1',
      },
    })
    const { rid } = await response.json()
    expect(rid).toMatch(/^[0-9a-f]{8}-/)
    expect(logs().filter(({ requestId }) => requestId === 'shop-1')).toMatchObject([
      { msg: 'asked WeChat', path: 'sns/oauth2/access_token', errcode: 40029, rid },
      { msg: 'request', route: '/v1/oauth/exchange', code: 'code_invalid', errcode: 40029, rid },
    ])

    const page = await door.ask(`${CALLBACK}?state=${'a'.repeat(32)}`, {
      headers: { 'x-request-id': 'visitor-1' },
    })
    expect(await page.text()).toContain('visitor-1')
  })
})
