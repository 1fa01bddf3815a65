import { parse } from 'lossless-json'
import { afterEach, describe, expect, test } from 'vitest'
import { type Ask, throughBothDoors } from '../support/doors.ts'
import { testKeys } from '../support/keys.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { account, createTestService, form, json, type TestService } from '../support/service.ts'

const OTHER_APP = 'wxfedcba9876543210'
const UNION = 'union-0123456789'
const OPEN = 'open-0123456789'
const PHONE = '13800138000'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const clients = [
  { clientId: 'crm', scopes: ['people:read', 'people:write'], accounts: [] },
  { clientId: 'phones', scopes: ['people:write', 'people:phone'], accounts: [] },
  { clientId: 'tenant', scopes: ['people:read', 'people:write'], accounts: [OTHER_APP] },
].map((client) => ({ ...client, clientSecret: `${client.clientId}-opens-the-door` }))

async function start(database = 'memory'): Promise<TestService> {
  const running = await createTestService({
    config: {
      database,
      keys: testKeys,
      clients,
      rateLimits: { accessToken: { points: 0 } },
      accounts: [
        { ...account, portIds: [4] },
        { appId: OTHER_APP, appSecret: account.appSecret, portIds: [5, 6] },
      ],
    },
    world: { clock: createManualClock(Date.UTC(2026, 0, 2, 3, 4, 5, 678)) },
  })
  closers.push(() => running.service.close())
  return running
}

type Send = (path: string, init?: RequestInit) => Promise<{ status: number; text: string; body: Answer }>
interface Answer {
  success: number
  messageCode: number
  message: string
  result: Record<string, unknown> | true | null
  code?: string
  hint?: string
}

/** Requests of one client, with its token. */
async function as(ask: Ask, clientId: string): Promise<Send> {
  const credentials = { client_id: clientId, client_secret: `${clientId}-opens-the-door` }
  const token = await ask(
    '/oauth2/ums/oauth2/accessToken',
    form({ grant_type: 'client_credentials', ...credentials }),
  )
  const { result } = (await token.json()) as { result: { access_token: string } }
  return async (path, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('sso-token', result.access_token)
    const response = await ask(path, { ...init, headers })
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) as Answer }
  }
}

const put = (init: RequestInit): RequestInit => ({ ...init, method: 'PUT' })
const addUser = (fields: Record<string, string>) => put(form(fields))
const addFans = (fans: unknown, appId = account.appId) =>
  put(form({ appId, fans: typeof fans === 'string' ? fans : JSON.stringify(fans) }))
/** The user id with all its digits, from the text of an answer. */
const idIn = (text: string) => /"userId":(\d+)/.exec(text)?.[1] ?? 'none'

const databases: [string, () => Promise<string | undefined>][] = [
  ['SQLite', async () => 'memory'],
  [
    'PostgreSQL',
    async () => {
      const temporary = await temporaryPostgres()
      if (temporary !== undefined) closers.push(() => temporary.drop())
      return temporary?.url
    },
  ],
]

describe.each(databases)('fans and users over HTTP in %s', (_, prepare) => {
  throughBothDoors('fans and users', (open) => {
    async function opened(): Promise<{ ask: Ask; running: TestService } | undefined> {
      const database = await prepare()
      if (database === undefined) return undefined
      const running = await start(database)
      const { ask, close } = await open(running.service)
      closers.push(close)
      return { ask, running }
    }

    test('a user and a fan are made and read with the names and shapes of the seed', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const user = await crm('/mpwechat/wx/api/fans/addUser', addUser({ unionId: UNION, phone: PHONE }))
      const userId = idIn(user.text)
      expect(userId).toMatch(/^[1-9]\d{17}$/)
      expect(user.status).toBe(200)
      expect(parse(user.text, undefined, String)).toEqual({
        success: '1',
        messageCode: '200',
        message: '操作成功!',
        items: null,
        totalCount: '0',
        result: {
          userId,
          userIdStr: userId,
          unionId: UNION,
          secretPhone: '138****8000',
          createTime: '2026-01-02T03:04:05.678+0000',
          updateTime: '2026-01-02T03:04:05.678+0000',
          appHostId: null,
          appId: null,
          appPortId: null,
          appAppId: null,
        },
      })

      const profile = `"subscribe":1,"nickname":"小明","sex":1,"sexDesc":0,"city":"guangzhou","country":"china",
        "province":"guangdong","language":"zh_CN","headImgUrl":"http://img.example.com/1/132","remark":"",
        "subscribeScene":"ADD_SCENE_SEARCH","qrScene":"0","qrSceneStr":"","group":""`
      const row = `{"openId":"${OPEN}","unionId":"${UNION}","userId":${userId},"appId":"${account.appId}",
        "subscribeTime":"Mar 9, 2025 7:54:44 PM","fansUpdateTime":"2025-03-10 19:54:46",${profile}}`
      const added = await crm('/mpwechat/wx/api/fans/addFans', addFans(`[${row}]`))
      expect(added.text).toBe(
        '{"success":1,"messageCode":200,"message":"操作成功!","result":true,"items":null,"totalCount":0}',
      )

      const fan = await crm(`/wx/api/fans/getFans?userId=${userId}&portId=4`)
      expect(fan.status).toBe(200)
      const { fansId, ...rest } = fan.body.result as Record<string, unknown>
      expect(Number.isInteger(fansId)).toBe(true)
      expect(rest).toEqual({
        ...(JSON.parse(`{${profile}}`) as object),
        openId: OPEN,
        unionId: UNION,
        subscribeTime: '2025-03-09T11:54:44.000+0000',
        groupid: null,
        tagidList: null,
        appId: account.appId,
        createTime: null,
        appHostId: null,
        appPortId: 4,
        groups: null,
        userId: Number(userId),
        userIdStr: userId,
        fansUpdateTime: '2025-03-10T11:54:46.000+0000',
        fansCreateTime: '2026-01-02T03:04:05.678+0000',
      })
      expect(idIn(fan.text)).toBe(userId)

      const sentBack = JSON.stringify([{ ...rest, userId: userId }])
      expect((await crm('/wx/api/fans/addFans', addFans(sentBack))).body.result).toBe(true)
      const again = await crm(`/wx/api/fans/getFans?userId=${userId}&portId=4`)
      expect(again.text).toBe(fan.text)
    })

    test('JSON bodies say the same as forms, with user ids as number and as text', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const user = await crm('/wx/api/fans/addUser', put(json({ unionId: UNION, phone: Number(PHONE) })))
      const userId = idIn(user.text)
      const bodyOf = (written: string) =>
        `{"appId":"${account.appId}","fans":[{"openId":"${OPEN}","unionId":"${UNION}","userId":${written}}]}`
      for (const written of [userId, `"${userId}"`]) {
        const init = { headers: { 'content-type': 'application/json' }, body: bodyOf(written) }
        expect((await crm('/wx/api/fans/addFans', put(init))).body.result).toBe(true)
      }
      const neighbour = `${userId.slice(0, -1)}${(Number(userId.at(-1)) + 1) % 10}`
      const init = { headers: { 'content-type': 'application/json' }, body: bodyOf(neighbour) }
      expect(await crm('/wx/api/fans/addFans', put(init))).toMatchObject({
        status: 409,
        body: { code: 'user_conflict', message: expect.stringMatching(/^fans\[0\]\.userId:/) },
      })
    })

    test('the phone number is shown in full with the scope people:phone only', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const phones = await as(ask, 'phones')
      const masked = await crm('/wx/api/fans/addUser', addUser({ unionId: UNION, phone: `+86 ${PHONE}` }))
      expect(masked.body.result).toMatchObject({ secretPhone: '138****8000' })
      expect(masked.text).not.toContain(PHONE)
      const full = await phones('/wx/api/fans/addUser', addUser({ unionId: UNION }))
      expect(full.body.result).toMatchObject({ secretPhone: PHONE })
    })

    test('conflicts name the field, answer 409, and repeat no value', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      await crm('/wx/api/fans/addUser', addUser({ unionId: UNION, phone: PHONE }))
      const other = await crm('/wx/api/fans/addUser', addUser({ unionId: 'union-another', phone: PHONE }))
      const changed = await crm('/wx/api/fans/addUser', addUser({ unionId: UNION, phone: '13900139000' }))
      for (const { status, text, body } of [other, changed]) {
        expect(status).toBe(409)
        expect(body).toMatchObject({ success: 0, messageCode: 409, result: null, code: 'user_conflict' })
        expect(body.message).toMatch(/^"phone": /)
        expect(text).not.toMatch(/13800138000|13900139000|union-/)
      }
    })

    test('absent, foreign and impossible fans are one and the same answer', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const tenant = await as(ask, 'tenant')
      const userId = idIn((await crm('/wx/api/fans/addUser', addUser({ unionId: UNION }))).text)
      await crm('/wx/api/fans/addFans', addFans([{ openId: OPEN, unionId: UNION }]))
      expect((await crm(`/wx/api/fans/getFans?userId=${userId}&portId=4`)).status).toBe(200)
      const answers = await Promise.all([
        tenant(`/wx/api/fans/getFans?userId=${userId}&portId=4`),
        tenant(`/wx/api/fans/getFans?userId=${userId}&portId=5`),
        tenant('/wx/api/fans/getFans?userId=123456789012345678&portId=5'),
        tenant(`/wx/api/fans/getFans?userId=${userId}&portId=99999`),
        crm(`/wx/api/fans/getFans?userId=${userId}&portId=5`),
      ])
      const seen = answers.map(({ status, text }) => [status, text.replace(/"requestId":"[^"]*"/, '')])
      for (const answer of seen) expect(answer).toEqual(seen[0])
      expect(answers[0]).toMatchObject({ status: 404, body: { code: 'fan_unknown', success: 0 } })
    })

    test('a client of other accounts stores no fans here and meets no users', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const tenant = await as(ask, 'tenant')
      await crm('/wx/api/fans/addUser', addUser({ unionId: UNION, phone: PHONE }))
      const stored = await tenant('/wx/api/fans/addFans', addFans([{ openId: OPEN, unionId: UNION }]))
      expect(stored).toMatchObject({ status: 403, body: { code: 'account_not_allowed' } })
      const met = await tenant('/wx/api/fans/addUser', addUser({ unionId: UNION }))
      expect(met).toMatchObject({ status: 409, body: { code: 'user_conflict', result: null } })
      expect(met.text).not.toMatch(/\d{18}|8000/)
      const unknown = await crm('/wx/api/fans/addFans', addFans([{ openId: OPEN, unionId: UNION }], 'wx0'))
      expect(unknown).toMatchObject({ status: 404, body: { code: 'unknown_account' } })
    })

    test('one bad row among good ones is named, and nothing is stored', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const userId = idIn((await crm('/wx/api/fans/addUser', addUser({ unionId: UNION }))).text)
      const bad = { openId: 'open-bad-row', unionId: 'union-bad-row', subscribeTime: 'last Tuesday' }
      const answer = await crm('/wx/api/fans/addFans', addFans([{ openId: OPEN, unionId: UNION }, bad]))
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', success: 0 } })
      expect(answer.body.message).toMatch(/^1 of 2 rows do not fit: fans\[1\]\.subscribeTime must be a time/)
      expect(answer.text).not.toMatch(/bad-row|Tuesday/)
      expect((await crm(`/wx/api/fans/getFans?userId=${userId}&portId=4`)).status).toBe(404)
    })

    test('a thousand fans with long Chinese texts fit into one form, and more are refused', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const fans = Array.from({ length: 1_000 }, (_, index) => ({
        openId: `open-number-${index}`,
        unionId: `union-number-${index}`,
        nickname: '汉'.repeat(64),
        remark: '字'.repeat(64),
      }))
      expect((await crm('/wx/api/fans/addFans', addFans(fans))).body.result).toBe(true)
      const tooMany = await crm('/wx/api/fans/addFans', addFans([...fans, { openId: OPEN, unionId: UNION }]))
      expect(tooMany).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
      const tooLong = addFans([{ openId: OPEN, unionId: UNION, junk: 'x'.repeat(4_300_000) }])
      expect(await crm('/wx/api/fans/addFans', tooLong)).toMatchObject({
        status: 413,
        body: { code: 'body_too_large' },
      })
    })

    test('every request sent twice at the same time is stored once', async (context) => {
      const { ask } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const twice = (path: string, init: () => RequestInit) =>
        Promise.all([crm(path, init()), crm(path, init())])
      const users = await twice('/wx/api/fans/addUser', () => addUser({ unionId: UNION, phone: PHONE }))
      expect(users[0].status).toBe(200)
      expect(users[1].text).toBe(users[0].text)
      const fans = await twice('/wx/api/fans/addFans', () => addFans([{ openId: OPEN, unionId: UNION }]))
      expect(fans.map(({ body }) => body.result)).toEqual([true, true])
      expect((await crm(`/wx/api/fans/getFans?userId=${idIn(users[0].text)}&portId=4`)).status).toBe(200)
    })

    test('no log line names anybody', async (context) => {
      const { ask, running } = (await opened()) ?? context.skip()
      const crm = await as(ask, 'crm')
      const phones = await as(ask, 'phones')
      const user = await crm('/wx/api/fans/addUser', addUser({ unionId: UNION, phone: PHONE }))
      await phones('/wx/api/fans/addUser', addUser({ unionId: 'union-other-one', phone: PHONE }))
      const row = { openId: OPEN, unionId: UNION, nickname: 'Xiaoming', userId: idIn(user.text) }
      await crm('/wx/api/fans/addFans', addFans([row]))
      await crm('/wx/api/fans/addFans', addFans([{ ...row, unionId: 'union-other-one' }, { nickname: 1 }]))
      await crm('/wx/api/fans/addFans', addFans('[{"openId":"open-0123456789"'))
      await crm(`/wx/api/fans/getFans?userId=${idIn(user.text)}&portId=4`)
      await crm(`/wx/api/fans/getFans?userId=${idIn(user.text)}&portId=5`)
      expect(running.logs().length).toBeGreaterThan(7)
      for (const value of [UNION, OPEN, PHONE, 'union-other-one', 'Xiaoming', idIn(user.text)]) {
        expect(running.logText()).not.toContain(value)
      }
    })
  })
})

describe('hostile fans and users', () => {
  test.each([
    ['no body', {}, 415],
    ['text', { body: 'appId=x', headers: { 'content-type': 'text/plain' } }, 415],
    ['cut off JSON', addFans('[{"openId":'), 400],
    ['JSON with comments', addFans('[{"openId":"open-1234567"//required\n}]'), 400],
    ['a name twice', addFans('[{"openId":"open-1234567","openId":"open-7654321"}]'), 400],
    ['a field twice', { ...form({}), body: new URLSearchParams('appId=a&appId=b&fans=[]') }, 400],
    ['a very deep list', addFans('['.repeat(50_000)), 400],
    ['a deep list that ends', addFans('['.repeat(20_000) + ']'.repeat(20_000)), 400],
    ['a prototype', addFans('[{"__proto__":{"openId":"open-1234567","unionId":"union-1234567"}}]'), 400],
    ['an operator', addFans([{ openId: { $ne: null }, unionId: 'union-1234567' }]), 400],
    ['no appId', put(json({ fans: [] })), 400],
    ['an appId that is no text', put(json({ appId: ['x'], fans: [] })), 400],
    ['a list as body', put(json([1])), 400],
    ['null as body', put(json(null)), 400],
    ['fans that are null', put(json({ appId: account.appId, fans: null })), 400],
    [
      'numbers nobody can hold',
      addFans('[{"openId":"open-1234567","unionId":"union-1234567","sex":1e999}]'),
      400,
    ],
  ])('addFans: %s is refused', async (_, init, status) => {
    const running = await start()
    const crm = await as(async (path, request) => running.service.app.request(path, request), 'crm')
    const answer = await crm('/wx/api/fans/addFans', { ...init, method: 'PUT' })
    expect(answer).toMatchObject({ status, body: { success: 0, messageCode: status } })
  })

  test.each([
    ['no unionId', { phone: PHONE }],
    ['a short unionId', { unionId: 'abc' }],
    ['SQL', { unionId: "x'; drop table users; --" }],
    ['no phone number', { unionId: UNION, phone: 'call me' }],
    ['a phone with NUL', { unionId: UNION, phone: `${PHONE}\0` }],
    ['an object as phone', { unionId: UNION, phone: { toString: 1 } }],
    ['a list as unionId', { unionId: [UNION] }],
  ])('addUser: %s is refused without repeating it', async (_, body) => {
    const running = await start()
    const crm = await as(async (path, request) => running.service.app.request(path, request), 'crm')
    const answer = await crm('/wx/api/fans/addUser', put(json(body)))
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(answer.text).not.toMatch(/drop table|call me|138001/)
  })

  test.each([
    '',
    '?userId=123456789012345678',
    '?portId=4',
    '?userId=abc&portId=4',
    '?userId=1&userId=2&portId=4',
    '?userId[]=1&portId=4',
    '?userId=1&portId=-4',
    '?userId=1&portId=4.0',
    '?userId=1e17&portId=4',
  ])('getFans%s is refused', async (query) => {
    const running = await start()
    const crm = await as(async (path, request) => running.service.app.request(path, request), 'crm')
    expect((await crm(`/wx/api/fans/getFans${query}`)).status).toBe(400)
  })

  test('strangers are turned away before their megabytes are read', async () => {
    const running = await start()
    const body = new ReadableStream({
      pull() {
        throw new Error('somebody reads')
      },
    })
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'content-type': 'application/json' } }
    const response = await running.service.app.request('/wx/api/fans/addFans', init as RequestInit)
    expect(response.status).toBe(401)
  })

  test('the routes are described with their parameters and failures', async () => {
    const running = await start()
    const response = await running.service.app.request('/openapi.json')
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> }
    expect(paths['/wx/api/fans/addFans']?.put).toMatchObject({
      security: [{ ssoToken: [] }, { bearer: [] }],
      responses: { 409: { description: expect.stringContaining('user_conflict') } },
    })
    expect(paths['/wx/api/fans/getFans']?.get).toMatchObject({
      parameters: [{ name: 'userId' }, { name: 'portId' }],
    })
    expect(paths['/wx/api/fans/addUser']?.put).toBeDefined()
  })
})
