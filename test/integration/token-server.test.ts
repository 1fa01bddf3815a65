import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { builtInAccount, type Fault } from '../../demo/sandbox/index.ts'
import { type Ask, throughBothDoors } from '../support/doors.ts'
import { createManualClock, type ManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, json } from '../support/service.ts'

const { appId } = account
const OTHER = 'wxffffffffffffffff'
const NOBODY = 'wx0000000000000000'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const client = (clientId: string, scopes: string[], accounts: string[] = []) => ({
  clientId,
  clientSecret: `${clientId}-opens`,
  scopes,
  accounts,
})
const clients = [
  client('reader', ['token:read', 'ticket:read'], [appId]),
  client('operator', ['admin']),
  client('shop-operator', ['admin'], [OTHER]),
]
const accounts = (tokenApi: string, more: object = {}) => [
  { ...account, name: '林记小馆', tokenApi, ...more },
  { appId: OTHER, appSecret: account.appSecret },
]
const TOKEN = `/v1/accounts/${appId}/access-token`
const REJECTED = `${TOKEN}/rejected`
const TICKET = `/v1/accounts/${appId}/tickets/jsapi`
const CARD_TICKET = `/v1/accounts/${appId}/tickets/wx_card`

interface Options {
  tokenApi?: 'stable' | 'classic'
  account?: object
  clock?: ManualClock
  /** Pauses between tries take no time. */
  impatient?: boolean
}

throughBothDoors('the token server', (open) => {
  async function start(options: Options = {}) {
    const { tokenApi = 'stable', clock = createManualClock(), impatient = false } = options
    const running = await createTestService({
      config: {
        clients,
        accounts: accounts(tokenApi, options.account),
        rateLimits: { accessToken: { points: 0 } },
      },
      sandbox: {
        accounts: [builtInAccount, { ...builtInAccount, appId: OTHER }],
        callerIp: '203.0.113.9',
      },
      world: { clock: impatient ? { ...clock, sleep: async () => undefined } : clock },
    })
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const as = async (clientId: string): Promise<Ask> => {
      const token = await serviceToken(door.ask, clientId)
      return (path, init) => {
        const headers = new Headers(init?.headers)
        headers.set('sso-token', token)
        return door.ask(path, { ...init, headers })
      }
    }
    const ask = await as('reader')
    const report = async (accessToken: string) => read(await ask(REJECTED, json({ accessToken })))
    return { ...running, clock, as, ask, report, asAnybody: door.ask }
  }
  type Running = Awaited<ReturnType<typeof start>>

  /** What WeChat gave out last. */
  const latest = (
    { sandbox }: Pick<Running, 'sandbox'>,
    kind: 'stable' | 'classic' | 'jsapi' | 'wx_card',
  ) => {
    const { tokens, tickets } = sandbox.snapshot().accounts[0] ?? {}
    return { ...tokens, ...tickets }[kind]?.at(-1)?.value
  }
  const upstream = ({ sandbox }: Pick<Running, 'sandbox'>): number =>
    Object.values(sandbox.snapshot().callCounts).reduce((sum, count) => sum + count, 0)

  test('names the longer pause when another party refreshes the same account', async () => {
    const { ask, report, clock } = await start({ tokenApi: 'classic' })
    const { accessToken: first } = await read(await ask(TOKEN))
    const { accessToken: second } = await report(first)
    await clock.advance(30_000)
    const { accessToken: third } = await report(second)
    const refused = await ask(REJECTED, form({ accessToken: third }))
    expect(refused.headers.get('retry-after')).toBe('120')
    expect(await read(refused)).toMatchObject({ replaced: false })
    await clock.advance(120_000)
    expect(await report(third)).toMatchObject({ replaced: true })
  })

  describe.each(['stable', 'classic'] as const)('for an account with %s tokens', (tokenApi) => {
    test('gives the token and the tickets that WeChat gave, with the seconds they have left', async () => {
      const running = await start({ tokenApi })
      const { ask, clock } = running
      for (const [path, name, kind] of [
        [TOKEN, 'accessToken', tokenApi],
        [TICKET, 'ticket', 'jsapi'],
        [CARD_TICKET, 'ticket', 'wx_card'],
      ] as const) {
        const answer = await ask(path)
        expect(await read(answer)).toEqual({ status: 200, [name]: latest(running, kind), expiresIn: 7_200 })
        expect(answer.headers.get('x-expires-in')).toBe('7200')
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      }
      await clock.advance(1)
      expect(await read(await ask(TOKEN))).toMatchObject({ expiresIn: 7_199 })
      await clock.advance(5_500)
      expect(await read(await ask(TICKET))).toMatchObject({ expiresIn: 7_194 })
      expect(upstream(running)).toBe(3)
    })

    test('answers a report of the current token with another one, and an older one at no cost', async () => {
      const running = await start({ tokenApi })
      const { report, ask } = running
      const { accessToken: first } = await read(await ask(TOKEN))
      const second = await report(first)
      expect(second).toEqual({
        status: 200,
        accessToken: latest(running, tokenApi),
        expiresIn: 7_200,
        replaced: true,
      })
      expect(second.accessToken).not.toBe(first)
      const asked = upstream(running)
      for (const old of [first, 'never-one-of-ours', first]) expect(await report(old)).toEqual(second)
      expect(await read(await ask(TOKEN))).toMatchObject({ accessToken: second.accessToken })
      expect(upstream(running)).toBe(asked)
    })

    test('says by "replaced" and Retry-After when no refresh is granted, and grants one after that', async () => {
      const running = await start({ tokenApi })
      const { ask, report, clock } = running
      const { accessToken: first } = await read(await ask(TOKEN))
      const { accessToken: second } = await report(first)
      const asked = upstream(running)
      const refused = await ask(REJECTED, form({ accessToken: second }))
      expect(refused.headers.get('retry-after')).toBe('30')
      expect(await read(refused)).toEqual({
        status: 200,
        accessToken: second,
        expiresIn: 7_200,
        replaced: false,
      })
      expect(upstream(running)).toBe(asked)
      await clock.advance(30_000)
      const granted = await ask(REJECTED, form({ accessToken: second }))
      expect(granted.headers.get('retry-after')).toBeNull()
      expect(await read(granted)).toMatchObject({ replaced: true, accessToken: latest(running, tokenApi) })
    })

    test('refreshes once for 200 reports of the same token at once', async () => {
      const running = await start({ tokenApi })
      const { ask, report, sandbox } = running
      const { accessToken } = await read(await ask(TOKEN))
      const answers = await Promise.all(Array.from({ length: 200 }, () => report(accessToken)))
      expect(new Set(answers.map((each) => each.accessToken))).toEqual(new Set([latest(running, tokenApi)]))
      expect(answers.every(({ replaced }) => replaced === true)).toBe(true)
      expect(sandbox.snapshot().accounts[0]?.tokens[tokenApi]).toHaveLength(2)
    })

    test('spends no more than its budget on 2,000 reports', { timeout: 60_000 }, async () => {
      const rounds = 20
      const { ask, report, clock, sandbox } = await start({ tokenApi })
      let { accessToken } = await read(await ask(TOKEN))
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(Array.from({ length: 100 }, () => report(accessToken)))
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
        accessToken = answers.at(-1)?.accessToken
        await clock.advance(31_000)
      }
      const { callCounts, accounts } = sandbox.snapshot()
      const issued = accounts[0]?.tokens[tokenApi].length ?? 0
      if (tokenApi === 'stable') {
        // Half of the 20 forced refreshes a day; before each the token is asked for without force.
        expect(issued).toBe(1 + 10)
        expect(callCounts).toEqual({ 'cgi-bin/stable_token': 1 + 10 * 2 })
      } else {
        // One in 30 s at most; less, because it looks as if somebody else refreshed the account too.
        expect(issued).toBeGreaterThan(2)
        expect(issued).toBeLessThanOrEqual(1 + rounds)
        expect(callCounts).toEqual({ 'cgi-bin/token': issued })
      }
    })
  })

  test('brings back a backend whose token WeChat no longer takes', async () => {
    const { ask, report, sandbox } = await start()
    const { accessToken: dead } = await read(await ask(TOKEN))
    sandbox.revokeTokens(appId)
    const call = async (token: string) => {
      const url = `https://api.weixin.qq.com/cgi-bin/get_api_domain_ip?access_token=${token}`
      return (await sandbox.fetch(new Request(url))).json()
    }
    expect(await call(dead)).toMatchObject({ errcode: 40001 })
    const { accessToken } = await report(dead)
    expect(await call(accessToken)).toMatchObject({ ip_list: expect.any(Array) })
  })

  describe('in the last second of a token', () => {
    test('waits for the next one', async () => {
      const running = await start()
      const { ask, clock } = running
      const { accessToken: first } = await read(await ask(TOKEN))
      await clock.advance(7_199_001)
      const asking = ask(TOKEN)
      await waitFor(() => clock.sleepers === 1)
      await clock.advance(1_000)
      const next = await read(await asking)
      expect(next).toMatchObject({ status: 200, accessToken: latest(running, 'stable'), expiresIn: 7_199 })
      expect(next.accessToken).not.toBe(first)
    })

    test('does not wait with one second left', async () => {
      const { ask, clock } = await start()
      const { accessToken } = await read(await ask(TOKEN))
      await clock.advance(7_199_000)
      expect(await read(await ask(TOKEN))).toEqual({ status: 200, accessToken, expiresIn: 1 })
    })
  })

  describe('for conditional requests', () => {
    test('has a strong tag that changes with the value alone', async () => {
      const { ask, clock, report } = await start()
      const first = await ask(TOKEN)
      const tag = first.headers.get('etag') ?? ''
      expect(tag).toMatch(/^"[\w-]{22}"$/)
      await clock.advance(60_000)
      expect((await ask(TOKEN)).headers.get('etag')).toBe(tag)
      await report((await read(first)).accessToken)
      expect((await ask(TOKEN)).headers.get('etag')).not.toBe(tag)
      const tags = await Promise.all(
        [TOKEN, TICKET, CARD_TICKET].map(async (path) => (await ask(path)).headers.get('etag')),
      )
      expect(new Set(tags).size).toBe(3)
    })

    test('gives the same tag for the same token after the store was lost', async () => {
      const clock = createManualClock()
      const { ask, sandbox } = await start({ clock })
      const other = await createTestService({
        config: { clients, accounts: accounts('stable') },
        world: { clock, fetch: async (input, init) => sandbox.fetch(new Request(input, init)) },
      })
      const door = await open(other.service)
      closers.push(other.service.close, door.close)
      const token = await serviceToken(door.ask, 'reader')
      const there = await door.ask(TOKEN, { headers: { authorization: `Bearer ${token}` } })
      expect(there.headers.get('etag')).toBe((await ask(TOKEN)).headers.get('etag'))
    })

    test('has a tag that is no hash of the value, nor a part of it', async () => {
      const { ask } = await start()
      for (const path of [TOKEN, TICKET]) {
        const answer = await ask(path)
        const { accessToken, ticket } = await read(answer)
        const value: string = accessToken ?? ticket
        const tag = answer.headers.get('etag')?.replaceAll('"', '') ?? ''
        expect(value).not.toContain(tag)
        for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
          for (const encoding of ['hex', 'base64', 'base64url'] as const) {
            expect(createHash(algorithm).update(value).digest(encoding)).not.toContain(tag)
          }
        }
      }
    })

    const matching = [
      (tag: string) => tag,
      (tag: string) => `W/${tag}`,
      (tag: string) => `"other", ${tag}`,
      (tag: string) => `W/"other",W/${tag},"third"`,
      () => '*',
      () => ' * ',
    ]
    test.each(matching.map((make) => [make('"tag"'), make]))('answers 304 to %s', async (_text, make) => {
      const { ask, clock } = await start()
      for (const path of [TOKEN, TICKET, CARD_TICKET]) {
        const tag = (await ask(path)).headers.get('etag') ?? ''
        await clock.advance(2_500)
        const answer = await ask(path, { headers: { 'if-none-match': make(tag) } })
        expect(answer.status).toBe(304)
        expect(await answer.text()).toBe('')
        expect(answer.headers.get('etag')).toBe(tag)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.headers.get('x-expires-in')).toBe('7197')
        await clock.advance(-2_500)
      }
    })

    const others = ['"other"', '""', 'W/""', '"*"', '*, "other"', 'plain', '"', '']
    test.each(others)('answers in full to %s', async (ifNoneMatch) => {
      const { ask } = await start()
      const answer = await ask(TOKEN, { headers: { 'if-none-match': ifNoneMatch } })
      expect(await read(answer)).toMatchObject({ status: 200, accessToken: expect.any(String) })
    })

    test('answers in full once the token is another one', async () => {
      const { ask, report } = await start()
      const first = await ask(TOKEN)
      const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
      const { accessToken } = await report((await read(first)).accessToken)
      expect(await read(await ask(TOKEN, { headers }))).toMatchObject({ status: 200, accessToken })
    })

    test('gives strangers no 304', async () => {
      const { ask, as, asAnybody } = await start()
      const headers = { 'if-none-match': (await ask(TOKEN)).headers.get('etag') ?? '' }
      expect((await asAnybody(TOKEN, { headers })).status).toBe(401)
      expect((await (await as('operator'))(TOKEN, { headers })).status).toBe(403)
    })
  })

  describe('on a bad day', () => {
    const down: [string, Fault][] = [
      ['breaks connections', { kind: 'reset' }],
      ['is busy', { kind: 'busy' }],
      ['answers HTML', { kind: 'html' }],
    ]
    test.each(down)('when WeChat %s, goes on with what is alive until its end', async (_name, fault) => {
      const { ask, sandbox, clock } = await start({ impatient: true })
      const { accessToken } = await read(await ask(TOKEN))
      const { ticket } = await read(await ask(TICKET))
      sandbox.setFaults([fault])
      for (const [passes, left] of [
        [7_000_000, 200],
        [198_500, 1],
      ] as const) {
        await clock.advance(passes)
        expect(await read(await ask(TOKEN))).toEqual({ status: 200, accessToken, expiresIn: left })
        expect(await read(await ask(TICKET))).toEqual({ status: 200, ticket, expiresIn: left })
        await settle()
      }
      await clock.advance(1_500)
      for (const path of [TOKEN, TICKET]) {
        const answer = await ask(path)
        expect([502, 503]).toContain(answer.status)
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
        expect(answer.headers.get('content-type')).toContain('application/problem+json')
        expect(answer.headers.get('etag')).toBeNull()
      }
      sandbox.clearFaults()
      await clock.advance(5_000)
      expect(await read(await ask(TOKEN))).toMatchObject({ status: 200, expiresIn: 7_200 })
    })

    test('without anything alive and without WeChat says when to ask again', async () => {
      const { ask, report, sandbox } = await start({ impatient: true })
      sandbox.setFaults([{ kind: 'reset' }])
      for (const answer of [
        await ask(TOKEN),
        await ask(TICKET),
        await ask(REJECTED, json({ accessToken: 'x' })),
      ]) {
        expect(answer.headers.get('retry-after')).toBe('2')
        expect(await read(answer)).toMatchObject({ status: 503, code: 'wechat_unreachable' })
      }
      sandbox.clearFaults()
      expect(await report('x')).toMatchObject({ status: 503, code: 'wechat_unreachable' })
    })

    test('does not hand a refused token out again as a good one while WeChat is down', async () => {
      const { ask, report, sandbox } = await start({ impatient: true })
      const { accessToken } = await read(await ask(TOKEN))
      sandbox.setFaults([{ kind: 'reset' }])
      expect(await report(accessToken)).toMatchObject({ status: 503, code: 'wechat_unreachable' })
      expect(await report(accessToken)).toMatchObject({ status: 200, accessToken, replaced: false })
    })

    test('with a wrong secret names the key to correct', async () => {
      const wrong = 'badbadbadbadbadbadbadbadbadbad00'
      const { ask, as, logText } = await start({ account: { appSecret: wrong } })
      for (const path of [TOKEN, TICKET, CARD_TICKET]) {
        expect(await read(await ask(path))).toMatchObject({
          status: 502,
          code: 'wechat_refused',
          errcode: 40125,
          hint: expect.stringContaining('accounts[].appSecret'),
        })
      }
      const { accounts } = await read(await (await as('operator'))('/v1/accounts'))
      expect(accounts[0].credentials.access_token).toEqual({
        callsToday: 1,
        contested: false,
        lastError: {
          code: 'wechat_refused',
          detail: expect.stringContaining('40125'),
          hint: expect.stringContaining('accounts[].appSecret'),
          errcode: 40125,
          rid: expect.stringMatching(/^[0-9a-f-]{26}$/),
        },
      })
      expect(accounts[0].credentials.jsapi.lastError).toMatchObject({ errcode: 40125 })
      expect(JSON.stringify(accounts) + logText()).not.toContain(wrong)
    })

    test('from an address outside the white list shows the address to add', async () => {
      const { ask, sandbox } = await start()
      sandbox.changeAccount(appId, { ipWhitelist: ['198.51.100.1'] })
      expect(await read(await ask(TOKEN))).toMatchObject({
        status: 502,
        errcode: 40164,
        hint: expect.stringContaining('203.0.113.9'),
      })
    })
  })

  describe('refuses', () => {
    const wrong: [string, string, RequestInit | undefined, number, string][] = [
      ['an unknown account', `/v1/accounts/${NOBODY}/access-token`, undefined, 404, 'unknown_account'],
      [
        'a report for an unknown one',
        `/v1/accounts/${NOBODY}/access-token/rejected`,
        json({}),
        404,
        'unknown_account',
      ],
      [
        'a ticket of an unknown one',
        `/v1/accounts/${NOBODY}/tickets/jsapi`,
        undefined,
        404,
        'unknown_account',
      ],
      [
        'an account written otherwise',
        `/v1/accounts/${appId.toUpperCase()}/access-token`,
        undefined,
        404,
        'unknown_account',
      ],
      [
        "an account that is not the client's",
        `/v1/accounts/${OTHER}/access-token`,
        undefined,
        403,
        'account_not_allowed',
      ],
      [
        'a report for such an account',
        `/v1/accounts/${OTHER}/access-token/rejected`,
        json({}),
        403,
        'account_not_allowed',
      ],
      [
        'a ticket of such an account',
        `/v1/accounts/${OTHER}/tickets/wx_card`,
        undefined,
        403,
        'account_not_allowed',
      ],
      ['another kind of ticket', `/v1/accounts/${appId}/tickets/access_token`, undefined, 404, 'not_found'],
      ['to list accounts without admin', '/v1/accounts', undefined, 403, 'scope_missing'],
      ['a report without the token', REJECTED, json({}), 400, 'invalid_request'],
      ['a report of nothing', REJECTED, json({ accessToken: '' }), 400, 'invalid_request'],
      ['a report of a number', REJECTED, json({ accessToken: 40001 }), 400, 'invalid_request'],
      ['a report of a list', REJECTED, json({ accessToken: ['a'] }), 400, 'invalid_request'],
      [
        'a report that is too long',
        REJECTED,
        json({ accessToken: 'a'.repeat(2_049) }),
        400,
        'invalid_request',
      ],
      ['a report that is no JSON', REJECTED, { ...json({}), body: '{' }, 400, 'invalid_json'],
      ['a report as text', REJECTED, { method: 'POST', body: 'a' }, 415, 'unsupported_media_type'],
      ['a body of a megabyte', REJECTED, json({ accessToken: 'a'.repeat(1_000_000) }), 413, 'body_too_large'],
    ]
    test.each(wrong)('%s', async (_name, path, init, status, code) => {
      const running = await start()
      const answer = await running.ask(path, init)
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(await read(answer)).toMatchObject({ status, code })
      expect(upstream(running)).toBe(0)
    })

    test('pages: no answer may be read by a script of another origin', async () => {
      const { ask } = await start()
      for (const path of [TOKEN, TICKET, '/v1/accounts']) {
        const { headers } = await ask(path, { headers: { origin: account.pageOrigins[0] ?? '' } })
        expect(headers.get('access-control-allow-origin')).toBeNull()
        expect(headers.get('cross-origin-resource-policy')).toBeNull()
      }
    })

    const methods: [string, string, string][] = [
      ['POST', TOKEN, 'GET'],
      ['DELETE', TICKET, 'GET'],
      ['GET', REJECTED, 'POST'],
      ['PUT', '/v1/accounts', 'GET'],
    ]
    test.each(methods)('%s %s, and names the method that is right', async (method, path, allow) => {
      const { ask } = await start()
      const answer = await ask(path, { method })
      expect(answer.headers.get('allow')).toBe(allow)
      expect(await read(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' })
    })
  })

  describe('lists accounts', () => {
    test('with everything but values, and asks WeChat nothing', async () => {
      const running = await start()
      const { ask, as, clock } = running
      const list = async (clientId: string) => read(await (await as(clientId))('/v1/accounts'))
      const nothing = { callsToday: 0, contested: false }
      const empty = { access_token: nothing, jsapi: nothing, wx_card: nothing }
      expect(await list('operator')).toEqual({
        status: 200,
        accounts: [
          { appId, name: '林记小馆', credentials: empty },
          { appId: OTHER, credentials: empty },
        ],
      })
      expect(upstream(running)).toBe(0)

      const { ticket } = await read(await ask(TICKET))
      await clock.advance(90_500)
      const answer = await list('operator')
      const held = {
        ageS: 90,
        generation: 1,
        expiresInS: 7_109,
        nextRefreshInS: expect.any(Number),
        callsToday: 1,
        contested: false,
      }
      expect(answer.accounts[0].credentials).toEqual({ access_token: held, jsapi: held, wx_card: nothing })
      const { nextRefreshInS } = answer.accounts[0].credentials.jsapi
      expect(nextRefreshInS).toBeGreaterThanOrEqual(7_109 - 270)
      expect(nextRefreshInS).toBeLessThanOrEqual(7_110 - 210)
      expect(JSON.stringify(answer)).not.toContain(ticket)
      expect(JSON.stringify(answer)).not.toContain(latest(running, 'stable'))
      expect(upstream(running)).toBe(2)
    })

    test('of the client only', async () => {
      const { as } = await start()
      const { accounts } = await read(await (await as('shop-operator'))('/v1/accounts'))
      expect(accounts.map((each: { appId: string }) => each.appId)).toEqual([OTHER])
    })

    test('without an age for what is over', async () => {
      const { ask, as, clock } = await start()
      await ask(TOKEN)
      await clock.advance(7_200_000)
      const { accounts } = await read(await (await as('operator'))('/v1/accounts'))
      expect(accounts[0].credentials.access_token).not.toHaveProperty('expiresInS')
    })
  })

  test('puts no token or ticket into a log line, and no account into a route', async () => {
    const { ask, report, logText, logs, sandbox } = await start()
    for (const path of [TOKEN, TICKET, CARD_TICKET]) await ask(path)
    await report((await read(await ask(TOKEN))).accessToken)
    await ask(`${TOKEN}?access_token=canary-in-query`, { method: 'DELETE' })
    await ask(REJECTED, { ...form({}), body: 'accessToken=canary-1&accessToken=canary-2&canary-3' })
    const { tokens, tickets } = sandbox.snapshot().accounts[0] ?? {}
    const values = [tokens?.stable ?? [], tickets?.jsapi ?? [], tickets?.wx_card ?? []].flat()
    expect(values.length).toBeGreaterThan(3)
    for (const { value } of values) expect(logText()).not.toContain(value)
    expect(logText()).not.toContain('canary')
    const routes = new Set(logs().flatMap(({ route }) => (route === undefined ? [] : [route])))
    expect([...routes].sort()).toEqual([
      '/oauth2/ums/oauth2/accessToken',
      '/v1/accounts/{appId}/access-token',
      '/v1/accounts/{appId}/access-token/rejected',
      '/v1/accounts/{appId}/tickets/{kind}',
    ])
  })
})

/** Status and fields of an answer in one. */
async function read(response: Response) {
  return { status: response.status, ...(await response.json()) }
}

async function serviceToken(ask: Ask, clientId: string): Promise<string> {
  const answer = await ask(
    '/oauth2/ums/oauth2/accessToken',
    form({ grant_type: 'client_credentials', client_id: clientId, client_secret: `${clientId}-opens` }),
  )
  return (await read(answer)).result.access_token
}

async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
