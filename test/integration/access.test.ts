import { createHash, randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'
import { type Ask, throughBothDoors } from '../support/doors.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { temporaryRedis } from '../support/redis.ts'
import { createTestService, form, json } from '../support/service.ts'

const PATH = '/oauth2/ums/oauth2/accessToken'
const GUARDED = '/v1/oauth/url'
const SECRET = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC+opaque/legacy+secret='
const clients = [
  { clientId: 'crm-1', clientSecret: SECRET, applicationKey: 'wechatcp', scopes: ['sign'] },
  {
    clientId: 'shop',
    clientSecret: `sha256:${createHash('sha256').update('new-shop-secret').digest('hex')}`,
    previousClientSecret: 'old-shop-secret',
  },
]
const asked = {
  grant_type: 'client_credentials',
  autoRefresh: 'true',
  applicationKey: 'wechatcp',
  client_id: 'crm-1',
  client_secret: SECRET,
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface TokenAnswer {
  success: number
  messageCode: number
  message: string
  result: { access_token: string; expires_in: string }
  items: null
  totalCount: number
}

const getToken = async (ask: Ask, changes: Record<string, string> = {}): Promise<TokenAnswer> =>
  (await ask(PATH, form({ ...asked, ...changes }))).json()

const statusWith = async (ask: Ask, headers: Record<string, string>): Promise<number> =>
  (await ask(GUARDED, { ...json({}), headers: { 'content-type': 'application/json', ...headers } })).status

throughBothDoors('POST /oauth2/ums/oauth2/accessToken', (open) => {
  async function start(config: object = {}) {
    const clock = createManualClock()
    const unlimited = { accessToken: { points: 0 } }
    const running = await createTestService({
      config: { clients, rateLimits: unlimited, ...config },
      world: { clock },
    })
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    return { ...running, clock, ask: door.ask }
  }

  test.each([PATH, `/mpwechat${PATH}`])('%s answers in the envelope of the seed', async (path) => {
    const { ask, clock } = await start()
    const response = await ask(path, form(asked))
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const answer: TokenAnswer = await response.json()
    expect(answer).toEqual({
      success: 1,
      messageCode: 200,
      message: '操作成功!',
      result: { access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), expires_in: '7200000' },
      items: null,
      totalCount: 0,
    })
    const now = clock.now() / 1_000
    expect(decodeJwt(answer.result.access_token)).toMatchObject({
      applicationKey: 'wechatcp',
      iss: 'wx-h5-kit',
      userName: 'crm-1',
      grantType: 'clientCredentials',
      iat: now,
      exp: now + 7_200,
    })
  })

  test('autoRefresh=true gives one token until near its end, without it every call gets a new one', async () => {
    const { ask, clock } = await start()
    const first = (await getToken(ask)).result
    await clock.advance(6_000_500)
    const second = (await getToken(ask)).result
    expect(second.access_token).toBe(first.access_token)
    expect(second.expires_in).toBe('1200000')
    const fresh = (await getToken(ask, { autoRefresh: 'false' })).result
    expect(fresh.access_token).not.toBe(first.access_token)
    expect(fresh.expires_in).toBe('7200000')
    await clock.advance(1_000_000)
    expect((await getToken(ask)).result.access_token).not.toBe(first.access_token)
  })

  test('hashed secrets, the secret before, and a client without applicationKey are served', async () => {
    const { ask } = await start()
    for (const secret of ['new-shop-secret', 'old-shop-secret']) {
      const fields = { grant_type: 'client_credentials', client_id: 'shop', client_secret: secret }
      expect((await ask(PATH, form(fields))).status).toBe(200)
    }
  })

  test('an unknown client, a wrong secret and a wrong applicationKey are told the same', async () => {
    const { ask } = await start()
    const wrong = [
      { client_id: 'nobody' },
      { client_secret: `${SECRET}x` },
      { client_secret: clients[1]?.clientSecret ?? '' },
      { applicationKey: 'other' },
      { applicationKey: '' },
      { client_id: '__proto__' },
      { client_id: "' OR 1=1 --" },
    ]
    const answers = new Set<string>()
    for (const changes of wrong) {
      const response = await ask(PATH, form({ ...asked, ...changes }))
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      const { requestId, ...answer } = await response.json()
      expect(requestId).toMatch(/\w/)
      answers.add(JSON.stringify(answer))
    }
    expect(answers.size).toBe(1)
    expect(JSON.parse([...answers][0] ?? '')).toMatchObject({
      success: 0,
      messageCode: 401,
      result: null,
      items: null,
      totalCount: 0,
      code: 'invalid_client',
    })
  })

  test.each([
    ['no grant_type', { grant_type: '' }, 'grant_type'],
    ['another grant_type', { grant_type: 'password' }, 'grant_type'],
    ['autoRefresh of another kind', { autoRefresh: '1' }, 'autoRefresh'],
    ['no client_id', { client_id: '' }, 'client_id'],
    ['no client_secret', { client_secret: '' }, 'client_secret'],
    ['a secret without end', { client_secret: 'x'.repeat(5_000) }, 'client_secret'],
  ])('%s is a 400 that names the field and repeats nothing', async (_, changes, field) => {
    const { ask } = await start()
    const response = await ask(PATH, form({ ...asked, ...changes }))
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ success: 0, messageCode: 400, code: 'invalid_request' })
    expect(text).toContain(field)
    expect(text).not.toContain(SECRET.slice(0, 20))
  })

  test('credentials in the address are refused, even beside a right form', async () => {
    const { ask, logText } = await start()
    for (const [name, value] of Object.entries(asked)) {
      const response = await ask(`${PATH}?${new URLSearchParams({ [name]: value })}`, form(asked))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ success: 0, code: 'invalid_request' })
    }
    expect((await ask(`${PATH}?${new URLSearchParams(asked)}`, { method: 'POST' })).status).toBe(400)
    expect((await ask(`${PATH}?${new URLSearchParams(asked)}`)).status).toBe(405)
    expect(logText()).not.toContain('opaque')
  })

  test('only a form is read, once per field', async () => {
    const { ask } = await start()
    expect((await ask(PATH, json(asked))).status).toBe(415)
    expect((await ask(PATH, { method: 'POST', body: new URLSearchParams(asked).toString() })).status).toBe(
      415,
    )
    const twice = new URLSearchParams(asked)
    twice.append('client_id', 'shop')
    expect((await ask(PATH, { method: 'POST', body: twice })).status).toBe(400)
    const basic = Buffer.from(`shop:new-shop-secret`).toString('base64')
    const onlyBasic = {
      ...form({ grant_type: 'client_credentials' }),
      headers: { authorization: `Basic ${basic}` },
    }
    expect((await ask(PATH, onlyBasic)).status).toBe(400)
  })

  test('guessing is stopped by the limit per address, whichever path is used', async () => {
    const { ask } = await start({ rateLimits: { accessToken: { points: 5, perSeconds: 60 } } })
    const statuses: number[] = []
    for (let guess = 0; guess < 40; guess++) {
      const path = guess % 2 === 0 ? PATH : `/mpwechat${PATH}`
      statuses.push((await ask(path, form({ ...asked, client_secret: `guess-${guess}` }))).status)
    }
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(new Set(statuses.slice(5))).toEqual(new Set([429]))
    const right = await ask(PATH, form(asked))
    expect(right.status).toBe(429)
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await right.json()).toMatchObject({ success: 0, messageCode: 429, code: 'rate_limited' })
  })

  test('no log line holds a secret or a token', async () => {
    const { ask, logText } = await start()
    const { access_token } = (await getToken(ask)).result
    await statusWith(ask, { 'sso-token': access_token })
    await statusWith(ask, { 'sso-token': `${access_token}x` })
    await ask(PATH, form({ ...asked, client_id: 'nobody' }))
    expect(logText()).toContain(PATH)
    for (const part of [SECRET, ...access_token.split('.')]) expect(logText()).not.toContain(part)
  })

  test('the published keys verify tokens for anybody, and may be kept five minutes', async () => {
    const { ask, clock } = await start()
    const response = await ask('/.well-known/jwks.json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    const keys: JSONWebKeySet = await response.json()
    expect(JSON.stringify(keys)).not.toMatch(/"(d|p|q|dp|dq|qi)"/)
    const { access_token } = (await getToken(ask)).result
    const checked = await jwtVerify(access_token, createLocalJWKSet(keys), {
      algorithms: ['RS256'],
      currentDate: new Date(clock.now()),
    })
    expect(checked.payload.userName).toBe('crm-1')
  })

  test('publicUrl is the issuer', async () => {
    const { ask } = await start({ publicUrl: 'https://mem.example.com/mp' })
    const { access_token } = (await getToken(ask)).result
    expect(decodeJwt(access_token).iss).toBe('https://mem.example.com/mp')
    expect(await statusWith(ask, { 'sso-token': access_token })).toBe(400)
  })

  test('a token is taken from Sso-Token or Authorization: Bearer and from nowhere else', async () => {
    const { ask } = await start()
    const token = (await getToken(ask)).result.access_token
    const other = (await getToken(ask, { autoRefresh: 'false' })).result.access_token
    // 400 is the answer of the route behind the guard to an empty request.
    const accepted: Record<string, string>[] = [
      { 'sso-token': token },
      { 'SSO-TOKEN': token },
      { authorization: `Bearer ${token}` },
      { authorization: `bearer ${token}` },
      { authorization: `BEARER  ${token}` },
      { 'sso-token': token, authorization: `Bearer ${token}` },
      { 'sso-token': token, authorization: 'Basic Z2F0ZTp3YXk=' },
    ]
    for (const headers of accepted) expect(await statusWith(ask, headers)).toBe(400)
    const refused: Record<string, string>[] = [
      {},
      { 'sso-token': '' },
      { 'sso-token': `Bearer ${token}` },
      { 'sso-token': `${token}, ${token}` },
      { authorization: token },
      { authorization: `Basic ${token}` },
      { authorization: `Token ${token}` },
      { authorization: `Sso-Token ${token}` },
      { authorization: `Bearer ${token} ${token}` },
      { authorization: `Bearer,${token}` },
      { authorization: `Bearer\t${token}` },
      { authorization: 'Bearer' },
      { 'sso-token': token, authorization: `Bearer ${other}` },
      { 'sso-token': other, authorization: `Bearer ${token}` },
      { 'sso-token': token, authorization: 'Bearer' },
      { cookie: `Sso-Token=${token}; access_token=${token}` },
      { 'x-sso-token': token },
      { 'proxy-authorization': `Bearer ${token}` },
    ]
    for (const headers of refused)
      expect({ headers, status: await statusWith(ask, headers) }).toEqual({ headers, status: 401 })
    for (const name of ['Sso-Token', 'access_token', 'token', 'authorization']) {
      const query = new URLSearchParams({ [name]: token })
      expect((await ask(`${GUARDED}?${query}`, json({}))).status).toBe(401)
      expect((await ask(GUARDED, form({ [name]: token }))).status).toBe(401)
    }
  })
})

const redisServer = await temporaryRedis()
test.skipIf(redisServer === undefined)('two services with one Redis count together', async () => {
  const redis = new Redis(redisServer?.url ?? '')
  const config = {
    clients,
    redis: redisServer?.url,
    redisPrefix: redisServer?.prefix,
    trustedProxies: 1,
    rateLimits: { accessToken: { points: 4, perSeconds: 60 } },
  }
  const services = [await createTestService({ config }), await createTestService({ config })]
  closers.push(async () => redis.disconnect(), ...services.map(({ service }) => service.close))
  // Addresses nobody else uses, because the counters outlive this test.
  const run = randomBytes(4).toString('hex').replace(/^..../, '$&:')
  const ask = async (replica: number, probe: number) =>
    (
      await services[replica]?.service.app.request(PATH, {
        ...form(asked),
        headers: { 'x-forwarded-for': `2001:db8:${run}:0:0:0:${probe}` },
      })
    )?.status
  const counted = async () => Number(await redis.get((await redis.keys(`*:2001:db8:${run}`))[0] ?? ''))
  for (const replica of [0, 1]) {
    // Connecting happens in the background; until then every replica counts for itself.
    await vi.waitFor(async () => {
      const before = await counted()
      await ask(replica, 1)
      expect(await counted()).toBe(before + 1)
    })
    await redis.del(await redis.keys(`*:2001:db8:${run}`))
  }
  const statuses: (number | undefined)[] = []
  for (let turn = 0; turn < 6; turn++) statuses.push(await ask(turn % 2, 1))
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
  await redis.del(await redis.keys(`*:2001:db8:${run}`))
})
