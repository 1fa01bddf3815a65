import { beforeAll, describe, expect, test } from 'vitest'
import type { Service } from '../../server/compose.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { account, createTestService, form, json } from '../support/service.ts'

const OTHER_APP = 'wxfedcba9876543210'
const everyScope = [
  'sign',
  'identity',
  'token:read',
  'ticket:read',
  'people:read',
  'people:write',
  'account:call',
  'admin',
]

interface Row {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  scope: string
  /** A request that names our account; what else it holds need not be right. */
  init?: RequestInit
  /**
   * What a client of another account is told. Default: `account_not_allowed`, 403. Where that would tell strangers
   * what exists, the same as for something that does not exist; `undefined` where a request belongs to no account.
   */
  stranger?: { status: number; code: string } | undefined
}

const exchange = json({ appId: account.appId, code: 'code0123' })
const authorize = json({ appId: account.appId, redirectUri: 'https://b.example.com/', scope: 'snsapi_base' })
const fan = form({ appId: account.appId, fans: '[{"openId":"o-0123456789","unionId":"u-0123456789"}]' })
const refusedToken = json({ accessToken: 'refused-by-wechat' })
const user = form({ unionId: 'u-0123456789' })

/** Every route that only known clients may call: one line each. */
const table: Row[] = [
  {
    method: 'POST',
    path: '/v1/identity/redeem',
    scope: 'identity',
    init: json({ ticket: 'a'.repeat(40) }),
    stranger: { status: 400, code: 'ticket_invalid' },
  },
  { method: 'POST', path: '/v1/oauth/exchange', scope: 'identity', init: exchange },
  { method: 'POST', path: '/v1/oauth/url', scope: 'sign', init: authorize },
  { method: 'PUT', path: '/wx/api/fans/addFans', scope: 'people:write', init: fan },
  { method: 'PUT', path: '/mpwechat/wx/api/fans/addFans', scope: 'people:write', init: fan },
  {
    method: 'GET',
    path: '/wx/api/fans/getFans?userId=518203947716250413&portId=4',
    scope: 'people:read',
    stranger: { status: 404, code: 'fan_unknown' },
  },
  {
    method: 'GET',
    path: '/mpwechat/wx/api/fans/getFans?userId=518203947716250413&portId=4',
    scope: 'people:read',
    stranger: { status: 404, code: 'fan_unknown' },
  },
  { method: 'PUT', path: '/wx/api/fans/addUser', scope: 'people:write', init: user, stranger: undefined },
  {
    method: 'PUT',
    path: '/mpwechat/wx/api/fans/addUser',
    scope: 'people:write',
    init: user,
    stranger: undefined,
  },
  { method: 'GET', path: '/v1/accounts', scope: 'admin', stranger: undefined },
  { method: 'GET', path: `/v1/accounts/${account.appId}/access-token`, scope: 'token:read' },
  {
    method: 'POST',
    path: `/v1/accounts/${account.appId}/access-token/rejected`,
    scope: 'token:read',
    init: refusedToken,
  },
  { method: 'GET', path: `/v1/accounts/${account.appId}/tickets/jsapi`, scope: 'ticket:read' },
  { method: 'GET', path: `/v1/accounts/${account.appId}/tickets/wx_card`, scope: 'ticket:read' },
]

const client = (clientId: string, scopes: string[], accounts: string[]) => ({
  clientId,
  clientSecret: `${clientId}-opens`,
  applicationKey: 'wechatcp',
  scopes,
  accounts,
})
const withoutScope = (scope: string) => `without-${scope}`
const allBut = (scope: string) => everyScope.filter((each) => each !== scope)
const scopesInUse = [...new Set(table.map(({ scope }) => scope))]

const clock = createManualClock()
let service: Service
let expired: string
const tokens = new Map<string, string>()

beforeAll(async () => {
  const running = await createTestService({
    account: { portIds: [4] },
    config: {
      accounts: [
        { ...account, portIds: [4] },
        { appId: OTHER_APP, appSecret: account.appSecret, portIds: [5] },
      ],
      publicUrl: 'https://mem.example.com',
      rateLimits: { accessToken: { points: 0 } },
      clients: [
        client('ours', everyScope, [account.appId]),
        client('stranger', everyScope, [OTHER_APP]),
        ...scopesInUse.map((scope) => client(withoutScope(scope), allBut(scope), [account.appId])),
      ],
    },
    world: { clock },
  })
  service = running.service
  expired = await getToken('ours')
  await clock.advance(7_200_000 + 60_000)
  for (const clientId of ['ours', 'stranger', ...scopesInUse.map(withoutScope)]) {
    tokens.set(clientId, await getToken(clientId))
  }
  return () => service.close()
})

async function getToken(clientId: string): Promise<string> {
  const response = await service.app.request(
    '/oauth2/ums/oauth2/accessToken',
    form({
      grant_type: 'client_credentials',
      applicationKey: 'wechatcp',
      client_id: clientId,
      client_secret: `${clientId}-opens`,
    }),
  )
  return (await response.json()).result.access_token
}

async function ask(row: Row, token: string | undefined, header = 'sso-token') {
  const request = new Request(`http://localhost${row.path}`, { ...row.init, method: row.method })
  if (token !== undefined) request.headers.set(header, token)
  const response = await service.app.request(request)
  const text = await response.text()
  return {
    status: response.status,
    code: (JSON.parse(text) as { code?: string }).code,
    challenge: response.headers.get('www-authenticate'),
  }
}

function forgeries(genuine: string): string[] {
  const [head = '', body = '', signature = ''] = genuine.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [
    `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
    `${head}.${encode({ ...claims, userName: 'stranger' })}.${signature}`,
    `${head}.${body}.${Buffer.alloc(256, 1).toString('base64url')}`,
    `${genuine}.`,
    'null',
  ]
}

describe.each(table)('$method $path', (row) => {
  const unauthorized = { status: 401, code: 'unauthorized', challenge: 'Bearer' }

  test('without a token: 401', async () => {
    expect(await ask(row, undefined)).toEqual(unauthorized)
  })

  test('with an expired token: 401', async () => {
    expect(await ask(row, expired)).toEqual({ ...unauthorized, code: 'token_expired' })
    expect(await ask(row, `Bearer ${expired}`, 'authorization')).toMatchObject({ code: 'token_expired' })
  })

  test('with a forged token: 401', async () => {
    for (const forged of forgeries(tokens.get('ours') ?? '')) {
      expect(await ask(row, forged)).toEqual(unauthorized)
      expect(await ask(row, `Bearer ${forged}`, 'authorization')).toEqual(unauthorized)
    }
  })

  test('without the scope: 403', async () => {
    expect(await ask(row, tokens.get(withoutScope(row.scope)))).toMatchObject({
      status: 403,
      code: 'scope_missing',
    })
  })

  const stranger = 'stranger' in row ? row.stranger : { status: 403, code: 'account_not_allowed' }
  if (stranger !== undefined) {
    test('as a client of another account: refused', async () => {
      expect(await ask(row, tokens.get('stranger'))).toMatchObject(stranger)
    })
  }

  test('as a client that may: not refused', async () => {
    const { status, code } = await ask(row, tokens.get('ours'))
    expect([401, 403, 405, 500]).not.toContain(status)
    expect(code).not.toBe('not_found')
  })
})
