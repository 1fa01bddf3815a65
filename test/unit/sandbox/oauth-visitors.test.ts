import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  builtInVisitors,
  createSandbox,
  readSandboxConfig,
  type Sandbox,
  SandboxConfigError,
  type SandboxVisitor,
} from '../../../demo/sandbox/index.ts'
import { account } from './asking.ts'
import {
  authorize,
  authorizeQuery,
  exchange,
  locationOf,
  oauthAccount,
  oauthSandbox,
  textOf,
} from './authorizing.ts'

const grace: SandboxVisitor = {
  id: 'grace',
  name: 'Grace',
  nickname: '<Grace & co>',
  headimgurl: '',
  follower: false,
  unionid: true,
}
const sister = { ...oauthAccount, appId: 'wxaaaaaaaaaaaaaaaa' }

async function control(sandbox: Sandbox, method: string, path: string, body?: unknown, cookie = '') {
  const answer = await sandbox.fetch(
    new Request(`http://localhost:8788/__sandbox/${path}`, {
      method,
      headers: cookie === '' ? {} : { cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const json = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, json, cookie: answer.headers.get('set-cookie') }
}

/** The id of the visitor behind the openid that an authorization ends with. */
async function whoCame(sandbox: Sandbox, query = authorizeQuery(), headers: HeadersInit = {}) {
  const location = locationOf(await authorize(sandbox, query, headers))
  const { openid } = await exchange(sandbox, new URL(location).searchParams.get('code') ?? '')
  return builtInVisitors.find(({ id }) => sandbox.identityOf(id).openid === openid)?.id
}

describe('ids of visitors', () => {
  test('openids are 28 characters, share characters 2 to 6 in an account, and differ otherwise', () => {
    const sandbox = oauthSandbox({}, { accounts: [oauthAccount, sister] })
    const openids = (appId: string) => builtInVisitors.map(({ id }) => sandbox.identityOf(id, appId).openid)
    const [ours, theirs] = [openids(account.appId), openids(sister.appId)]
    for (const openid of [...ours, ...theirs]) expect(openid).toMatch(/^o[\w-]{27}$/)
    expect(new Set(ours.map((openid) => openid.slice(1, 6))).size).toBe(1)
    expect(ours[0]?.slice(1, 6)).not.toBe(theirs[0]?.slice(1, 6))
    expect(new Set([...ours, ...theirs]).size).toBe(2 * builtInVisitors.length)
  })

  test('accounts of one open platform see one unionid, others another one or none', () => {
    const accounts = [
      oauthAccount,
      sister,
      { ...sister, appId: 'wxbbbbbbbbbbbbbbbb', openPlatform: 'elsewhere' },
      { ...sister, appId: 'wxcccccccccccccccc', openPlatform: false as const },
    ]
    const sandbox = oauthSandbox({}, { accounts })
    const [one, two, elsewhere, none] = accounts.map(
      ({ appId }) => sandbox.identityOf('follower', appId).unionid,
    )
    expect(one).toMatch(/^o[\w-]{27}$/)
    expect(two).toBe(one)
    expect(elsewhere).toMatch(/^o[\w-]{27}$/)
    expect(elsewhere).not.toBe(one)
    expect(none).toBeUndefined()
    expect(sandbox.identityOf('stranger', account.appId).unionid).not.toBe(one)
    expect(sandbox.identityOf('no-unionid', account.appId)).not.toHaveProperty('unionid')
  })

  test('they are the same in every sandbox', () => {
    expect(oauthSandbox().identityOf('follower')).toEqual(oauthSandbox().identityOf('follower'))
  })

  test('among several accounts one has to be named', () => {
    const sandbox = oauthSandbox({}, { accounts: [oauthAccount, sister] })
    expect(() => sandbox.identityOf('follower')).toThrow(/2 accounts/)
    expect(() => sandbox.identityOf('nobody', account.appId)).toThrow(/no visitor "nobody".*follower/)
  })
})

describe('who is looking', () => {
  test('the first visitor, until another one is chosen', async () => {
    const sandbox = oauthSandbox()
    expect(await whoCame(sandbox)).toBe('follower')
    sandbox.chooseVisitor('stranger')
    expect(await whoCame(sandbox)).toBe('stranger')
    expect(() => sandbox.chooseVisitor('nobody')).toThrow(/no visitor "nobody"/)
    expect(await whoCame(sandbox)).toBe('stranger')
    sandbox.reset()
    expect(await whoCame(sandbox)).toBe('follower')
  })

  test('two browsers can be two people, by cookie', async () => {
    const sandbox = oauthSandbox()
    const chosen = await control(sandbox, 'POST', 'visitors', { current: 'stranger', thisBrowser: true })
    expect(chosen.cookie).toBe('wx_sandbox_visitor=stranger; Path=/; SameSite=Lax')
    expect(chosen.json).toMatchObject({ current: 'follower', thisBrowser: 'stranger' })
    expect(await whoCame(sandbox, authorizeQuery(), { cookie: 'a=1; wx_sandbox_visitor=stranger' })).toBe(
      'stranger',
    )
    expect(await whoCame(sandbox)).toBe('follower')
    const forgotten = await control(sandbox, 'POST', 'visitors', { current: null, thisBrowser: true })
    expect(forgotten.cookie).toMatch(/^wx_sandbox_visitor=; Max-Age=0;/)
    expect(await whoCame(sandbox, authorizeQuery(), { cookie: 'wx_sandbox_visitor=gone' })).toBe('follower')
  })

  test('a request can say it in its query, which wins over the cookie', async () => {
    const sandbox = oauthSandbox()
    const query = authorizeQuery({ wx_sandbox_visitor: 'stranger' })
    expect(await whoCame(sandbox, query, { cookie: 'wx_sandbox_visitor=no-unionid' })).toBe('stranger')
    const nobody = await authorize(sandbox, authorizeQuery({ wx_sandbox_visitor: 'nobody' }))
    expect(await textOf(nobody)).toBe('该链接无法访问')
  })
})

describe('/__sandbox/visitors', () => {
  test('lists everybody with the ids the accounts see', async () => {
    const sandbox = oauthSandbox()
    const { json } = await control(sandbox, 'GET', 'visitors', undefined, 'wx_sandbox_visitor=stranger')
    expect(json).toEqual({ ...sandbox.visitors(), thisBrowser: 'stranger' })
    expect(json.current).toBe('follower')
    expect(json.visitors).toContainEqual({
      ...builtInVisitors[0],
      identities: [sandbox.identityOf('follower')],
    })
    expect((await control(sandbox, 'GET', 'state')).json.visitors).toEqual(sandbox.visitors())
  })

  test('POST chooses for everybody', async () => {
    const sandbox = oauthSandbox()
    const { json, cookie } = await control(sandbox, 'POST', 'visitors', { current: 'stranger' })
    expect([json.current, cookie]).toEqual(['stranger', null])
    expect(await whoCame(sandbox)).toBe('stranger')
  })

  test.each([
    ['POST', { current: 'nobody' }, 404],
    ['POST', { current: 'nobody', thisBrowser: true }, 404],
    ['POST', { current: null }, 400],
    ['POST', {}, 400],
    ['PUT', { visitors: [] }, 400],
    ['PUT', { visitors: [{ ...grace, id: 'Grace Hopper' }] }, 400],
    ['PUT', { visitors: [{ ...grace, headimgurl: 'javascript:alert(1)' }] }, 400],
    ['PUT', { visitors: [{ ...grace, age: 85 }] }, 400],
  ])('%s %j is %i and changes nothing', async (method, body, status) => {
    const sandbox = oauthSandbox()
    const before = sandbox.visitors()
    const { status: got, json } = await control(sandbox, method, 'visitors', body)
    expect([got, typeof json.message]).toEqual([status, 'string'])
    expect(sandbox.visitors()).toEqual(before)
  })

  test('PUT adds and replaces', async () => {
    const sandbox = oauthSandbox()
    await control(sandbox, 'PUT', 'visitors', { visitors: [grace] })
    expect(sandbox.visitors().visitors).toHaveLength(builtInVisitors.length + 1)
    await control(sandbox, 'PUT', 'visitors', { visitors: [{ ...grace, nickname: 'G' }] })
    expect(sandbox.visitors().visitors.at(-1)).toMatchObject({ id: 'grace', nickname: 'G' })
    sandbox.reset()
    expect(sandbox.visitors().visitors).toHaveLength(builtInVisitors.length)
  })

  test('names people type are text on the page, never markup', async () => {
    const sandbox = oauthSandbox()
    sandbox.putVisitors([{ ...grace, headimgurl: 'https://x.cn/"onerror="alert(1)' }])
    sandbox.chooseVisitor('grace')
    const html = await (await authorize(sandbox, authorizeQuery({ scope: 'snsapi_userinfo' }))).text()
    expect(html).toContain('&lt;Grace &amp; co&gt;')
    expect(html).not.toContain('"onerror')
    const picture = await sandbox.fetch(new Request('http://localhost:8788/mmopen/vi_32/grace/132'))
    expect(await picture.text()).toContain('>&lt;</text>')
  })

  test('any nickname makes a page with one form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 100, unit: 'binary' }), async (nickname) => {
        const sandbox = oauthSandbox()
        sandbox.putVisitors([{ ...grace, nickname }])
        sandbox.chooseVisitor('grace')
        const html = await (await authorize(sandbox, authorizeQuery({ scope: 'snsapi_userinfo' }))).text()
        expect(html.match(/<form/g)).toHaveLength(1)
        expect(html.match(/<script|<iframe/g)).toBeNull()
      }),
      { numRuns: 50 },
    )
  })
})

describe('/__sandbox/accounts', () => {
  test('changes an account until reset', async () => {
    const sandbox = oauthSandbox()
    expect((await control(sandbox, 'POST', 'accounts', { changes: { banned: true } })).json).toEqual({
      changed: account.appId,
    })
    expect(await textOf(await authorize(sandbox, authorizeQuery()))).toBe('此公众号被封禁，错误码：10004')
    sandbox.reset()
    expect(locationOf(await authorize(sandbox, authorizeQuery()))).not.toBe('')
  })

  test.each([
    [{ changes: { appId: 'wxaaaaaaaaaaaaaaaa' } }, 400],
    [{ changes: { oauthDomain: 'https://h5.example.com/' } }, 400],
    [{ changes: { oauthDomain: ['a.cn', 'b.cn', 'c.cn'] } }, 400],
    [{ changes: { oauthScopes: ['snsapi_login'] } }, 400],
    [{ appId: 'wxffffffffffffffff', changes: {} }, 404],
  ])('%j is %i', async (body, status) => {
    expect((await control(oauthSandbox(), 'POST', 'accounts', body)).status).toBe(status)
  })
})

describe('options', () => {
  test('visitors, the one who looks first, and the switches can come from a file', () => {
    const config = {
      accounts: [
        { ...oauthAccount, oauthDomain: ['a.cn', 'b.cn'], oauthScheme: 'https', openPlatform: false },
      ],
      visitors: [grace],
      visitor: 'grace',
      oauth: { refusal: 'state-only', doubleCallback: false },
    }
    const sandbox = createSandbox(readSandboxConfig(JSON.stringify(config)))
    expect(sandbox.snapshot()).toMatchObject({
      visitors: { current: 'grace', visitors: [{ id: 'grace' }] },
      oauth: { refusal: 'state-only', cookiesLost: false },
    })
  })

  test('mistakes in them are told by key', () => {
    const config = {
      accounts: [{ ...oauthAccount, oauthDomains: 'a.cn' }],
      visitors: [{ ...grace, unionId: true }],
      oauth: { doubleCallbacks: true, refusal: 'never' },
    }
    let mistakes: readonly string[] = []
    try {
      readSandboxConfig(JSON.stringify(config))
    } catch (error) {
      if (!(error instanceof SandboxConfigError)) throw error
      mistakes = error.mistakes
    }
    expect(mistakes).toEqual(
      expect.arrayContaining([
        'accounts.0.oauthDomains: is not a key of the sandbox; did you mean oauthDomain?',
        'visitors.0.unionId: is not a key of the sandbox; did you mean unionid?',
        'oauth.doubleCallbacks: is not a key of the sandbox; did you mean doubleCallback?',
        expect.stringMatching(/^oauth\.refusal: /),
      ]),
    )
  })

  test('wrong ones are refused at once', () => {
    expect(() => createSandbox({ visitor: 'nobody' })).toThrow(/no visitor "nobody"/)
    expect(() => createSandbox({ visitors: [] })).toThrow(/visitors: must name at least one/)
    expect(() => createSandbox({ visitors: [{ ...grace, id: '' }] })).toThrow(/visitors\.0\.id: /)
    const wrong = { refusal: 'never' } as unknown as { refusal: 'stays' }
    expect(() => createSandbox({ oauth: wrong })).toThrow(/oauth\.refusal: /)
    expect(() => createSandbox().setOAuth(wrong)).toThrow(/oauth\.refusal: /)
    expect(() => createSandbox().putVisitors([{ ...grace, id: '' }])).toThrow(/visitors\.0\.id: /)
    expect(() => createSandbox().changeAccount('wxffffffffffffffff', {})).toThrow(/no account/)
  })
})
