import { describe, expect, test } from 'vitest'
import { account, get, NOON, post, read } from './asking.ts'
import {
  authorize,
  authorizeQuery,
  codeFor,
  exchange,
  exchangeQuery,
  locationOf,
  oauthAccount,
  oauthSandbox,
  signIn,
  sns,
} from './authorizing.ts'

const RID = '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}'
const DAY_MS = 86_400_000
const other = { ...oauthAccount, appId: 'wxaaaaaaaaaaaaaaaa' }

describe('sns/oauth2/access_token', () => {
  test('tells who the visitor is', async () => {
    const sandbox = oauthSandbox()
    const body = await exchange(sandbox, await codeFor(sandbox))
    expect(body).toEqual({
      access_token: expect.stringMatching(/^59_/),
      expires_in: 7200,
      refresh_token: expect.stringMatching(/^59_/),
      openid: sandbox.identityOf('follower').openid,
      scope: 'snsapi_base',
    })
    expect(body.access_token).not.toBe(body.refresh_token)
  })

  test('unionid: only with snsapi_userinfo, only when the account is bound and the visitor has one', async () => {
    const sandbox = oauthSandbox()
    const unionidWith = async (scope: 'snsapi_base' | 'snsapi_userinfo') =>
      (await signIn(sandbox, scope)).unionid
    expect(await unionidWith('snsapi_base')).toBeUndefined()
    expect(await unionidWith('snsapi_userinfo')).toBe(sandbox.identityOf('follower').unionid)
    sandbox.chooseVisitor('no-unionid')
    expect(await unionidWith('snsapi_userinfo')).toBeUndefined()
    sandbox.chooseVisitor('follower')
    sandbox.changeAccount(account.appId, { openPlatform: false })
    expect(await unionidWith('snsapi_userinfo')).toBeUndefined()
  })

  test('is text/plain, right or wrong', async () => {
    const sandbox = oauthSandbox()
    for (const code of [await codeFor(sandbox), 'x']) {
      const answer = await get(sandbox, exchangeQuery(code))
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain'])
    }
  })

  test.each([
    [
      'an unknown appid, whatever else is wrong',
      { appid: 'wxffffffffffffffff', grant_type: 'x', secret: '' },
      40013,
      'invalid appid',
    ],
    ['no appid', { appid: '' }, 41002, 'appid missing'],
    ['another grant_type', { grant_type: 'client_credential' }, 40002, 'invalid grant_type'],
    ['no secret', { secret: '' }, 41004, 'appsecret missing'],
    ['a wrong secret', { secret: 'x' }, 40125, 'invalid appsecret'],
    ['no code', { code: '' }, 41008, 'missing code'],
    ['an unknown code', { code: `0${'x'.repeat(31)}` }, 40029, 'invalid code'],
  ])('%s', async (_what, changed, errcode, text) => {
    const sandbox = oauthSandbox()
    const code = await codeFor(sandbox)
    const answer = await get(sandbox, exchangeQuery(code, changed))
    expect(await answer.text()).toMatch(
      new RegExp(`^\\{"errcode":${errcode},"errmsg":"${text}, rid: ${RID}"\\}$`),
    )
    expect(await exchange(sandbox, code)).toHaveProperty('openid')
  })

  test('the switch for wrong secrets speaks the words of sns', async () => {
    const sandbox = oauthSandbox({}, { wrongSecretErrcode: 40001 })
    expect(await exchange(sandbox, 'x', { secret: 'x' })).toEqual({
      errcode: 40001,
      errmsg: expect.stringMatching(
        new RegExp(`^invalid credential, access_token is invalid or not latest, rid: ${RID}$`),
      ),
    })
  })

  test('POST is 43001', async () => {
    expect((await read(post(oauthSandbox(), exchangeQuery('x'), {}))).errcode).toBe(43001)
  })

  test('a code works once: then 40163', async () => {
    const sandbox = oauthSandbox()
    const code = await codeFor(sandbox)
    const both = await Promise.all([exchange(sandbox, code), exchange(sandbox, code)])
    expect(both.filter(({ openid }) => openid !== undefined)).toHaveLength(1)
    expect(await exchange(sandbox, code)).toEqual({
      errcode: 40163,
      errmsg: expect.stringMatching(new RegExp(`^code been used, rid: ${RID}$`)),
    })
  })

  test('a code works for five minutes: then 40029', async () => {
    const sandbox = oauthSandbox()
    const [inTime, late] = [await codeFor(sandbox), await codeFor(sandbox)]
    sandbox.clock.advance(299_999)
    expect(await exchange(sandbox, inTime)).toHaveProperty('openid')
    sandbox.clock.advance(1)
    expect((await exchange(sandbox, late)).errcode).toBe(40029)
  })

  test('a code of another account is 40029 and stays usable for its own', async () => {
    const sandbox = oauthSandbox({}, { accounts: [oauthAccount, other] })
    const code = await codeFor(sandbox)
    expect((await exchange(sandbox, code, { appid: other.appId })).errcode).toBe(40029)
    expect(await exchange(sandbox, code)).toHaveProperty('openid')
  })

  test('the openid is of the visitor who was looking when the code was made', async () => {
    const sandbox = oauthSandbox()
    const code = await codeFor(sandbox)
    sandbox.chooseVisitor('stranger')
    expect((await exchange(sandbox, code)).openid).toBe(sandbox.identityOf('follower').openid)
  })
})

describe('sns/oauth2/refresh_token', () => {
  const refresh = (sandbox: ReturnType<typeof oauthSandbox>, refreshToken: string, changed = {}) =>
    sns(sandbox, 'oauth2/refresh_token', {
      appid: account.appId,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      ...changed,
    })

  test('needs no secret, and lets the token live on', async () => {
    const sandbox = oauthSandbox()
    const { accessToken, refreshToken, openid } = await signIn(sandbox)
    sandbox.clock.advance(7_000_000)
    expect(await refresh(sandbox, refreshToken)).toEqual({
      access_token: accessToken,
      expires_in: 7200,
      refresh_token: refreshToken,
      openid,
      scope: 'snsapi_base',
    })
    sandbox.clock.advance(7_000_000)
    expect(await sns(sandbox, 'auth', { access_token: accessToken, openid })).toEqual({
      errcode: 0,
      errmsg: 'ok',
    })
  })

  test('gives a new token in the place of one that has ended', async () => {
    const sandbox = oauthSandbox()
    const { accessToken, refreshToken, openid } = await signIn(sandbox)
    sandbox.clock.advance(7_200_000)
    const fresh = (await refresh(sandbox, refreshToken)).access_token ?? ''
    expect(fresh).not.toBe(accessToken)
    expect((await sns(sandbox, 'auth', { access_token: fresh, openid })).errcode).toBe(0)
    expect((await sns(sandbox, 'auth', { access_token: accessToken, openid })).errcode).toBe(42001)
  })

  test('works for 30 days: then 42002', async () => {
    const sandbox = oauthSandbox()
    const { refreshToken } = await signIn(sandbox)
    sandbox.clock.advance(30 * DAY_MS - 1)
    expect(await refresh(sandbox, refreshToken)).toHaveProperty('access_token')
    sandbox.clock.advance(1)
    expect(await refresh(sandbox, refreshToken)).toEqual({
      errcode: 42002,
      errmsg: expect.stringMatching(/^refresh_token expired, rid: /),
    })
  })

  test.each([
    [{ appid: 'wxffffffffffffffff' }, 40013],
    [{ grant_type: 'authorization_code' }, 40002],
    [{ refresh_token: '' }, 41003],
    [{ refresh_token: '59_x' }, 40030],
    [{ appid: other.appId }, 40030],
  ])('%j is %i', async (changed, errcode) => {
    const sandbox = oauthSandbox({}, { accounts: [oauthAccount, other] })
    const { refreshToken } = await signIn(sandbox)
    expect((await refresh(sandbox, refreshToken, changed)).errcode).toBe(errcode)
  })
})

describe('sns/userinfo', () => {
  test('tells the profile, without sex and region', async () => {
    const sandbox = oauthSandbox()
    const { accessToken, openid } = await signIn(sandbox, 'snsapi_userinfo')
    const body = await sns(sandbox, 'userinfo', { access_token: accessToken, openid, lang: 'zh_CN' })
    expect(body).toEqual({
      openid,
      nickname: '林小满',
      sex: 0,
      province: '',
      city: '',
      country: '',
      headimgurl: 'https://thirdwx.qlogo.cn/mmopen/vi_32/follower/132',
      privilege: [],
      unionid: sandbox.identityOf('follower').unionid,
    })
  })

  test('through an address of its own the sandbox shows the picture itself', async () => {
    const sandbox = oauthSandbox()
    const { accessToken, openid } = await signIn(sandbox, 'snsapi_userinfo')
    const query = new URLSearchParams({ access_token: accessToken, openid })
    const answer = await sandbox.fetch(new Request(`http://localhost:8788/sns/userinfo?${query}`))
    const { headimgurl } = (await answer.json()) as { headimgurl: string }
    expect(headimgurl).toBe('http://localhost:8788/mmopen/vi_32/follower/132')
    const picture = await sandbox.fetch(new Request(headimgurl))
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(await picture.text()).toContain('林')
    expect((await sandbox.fetch(new Request('http://localhost:8788/mmopen/vi_32/nobody/132'))).status).toBe(
      404,
    )
  })

  test('without a bound open platform there is no unionid', async () => {
    const sandbox = oauthSandbox({}, { visitor: 'no-unionid' })
    const { accessToken, openid } = await signIn(sandbox, 'snsapi_userinfo')
    expect(await sns(sandbox, 'userinfo', { access_token: accessToken, openid })).not.toHaveProperty(
      'unionid',
    )
  })

  test('a token of snsapi_base is 48001', async () => {
    const sandbox = oauthSandbox()
    const { accessToken, openid } = await signIn(sandbox)
    const answer = await get(sandbox, `sns/userinfo?access_token=${accessToken}&openid=${openid}`)
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(await answer.text()).toMatch(
      new RegExp(`^\\{"errcode":48001,"errmsg":"api unauthorized, rid: ${RID}"\\}$`),
    )
  })
})

describe.each(['userinfo', 'auth'])('sns/%s', (path) => {
  test('refuses wrong tokens and openids in the words of sns', async () => {
    const sandbox = oauthSandbox()
    const { accessToken, openid } = await signIn(sandbox, 'snsapi_userinfo')
    const errmsgFor = async (query: Record<string, string>) => {
      const { errcode, errmsg } = await sns(sandbox, path, query)
      return [errcode, errmsg?.replace(new RegExp(`, rid: ${RID}$`), '')]
    }
    const good = { access_token: accessToken, openid }
    const stranger = sandbox.identityOf('stranger').openid
    expect(await errmsgFor({ ...good, access_token: '' })).toEqual([41001, 'access_token missing'])
    expect(await errmsgFor({ ...good, access_token: '59_x' })).toEqual([
      40001,
      'invalid credential, access_token is invalid or not latest',
    ])
    expect(await errmsgFor({ ...good, openid: '' })).toEqual([41009, 'missing openid'])
    expect(await errmsgFor({ ...good, openid: stranger })).toEqual([40003, 'invalid openid'])
    sandbox.clock.advance(7_200_000)
    expect(await errmsgFor(good)).toEqual([42001, 'access_token expired'])
  })

  test('a token of cgi-bin is none of a visitor, and the other way round', async () => {
    const sandbox = oauthSandbox()
    sandbox.seedToken(account.appId, 'stable', '70_abc')
    const { accessToken, openid } = await signIn(sandbox, 'snsapi_userinfo')
    expect((await sns(sandbox, path, { access_token: '70_abc', openid })).errcode).toBe(40001)
    expect((await read(get(sandbox, `cgi-bin/getcallbackip?access_token=${accessToken}`))).errcode).toBe(
      40001,
    )
  })
})

describe('faults on sns', () => {
  test.each([
    ['busy', -1, 'system error'],
    ['invalid_credential', 40001, 'invalid credential, access_token is invalid or not latest'],
    ['token_expired', 42001, 'access_token expired'],
    ['quota', 45009, 'reach max api daily quota limit'],
  ] as const)('%s has the comma of sns', async (kind, errcode, text) => {
    const sandbox = oauthSandbox()
    const code = await codeFor(sandbox)
    sandbox.setFaults([{ kind, path: 'sns/oauth2/access_token', times: 1 }])
    const answer = await get(sandbox, exchangeQuery(code))
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(await answer.text()).toMatch(
      new RegExp(`^\\{"errcode":${errcode},"errmsg":"${text}, rid: ${RID}"\\}$`),
    )
    expect(await exchange(sandbox, code)).toHaveProperty('openid')
  })

  test('a fault without a path hits the APIs and not the authorize page', async () => {
    const sandbox = oauthSandbox()
    sandbox.setFaults([{ kind: 'http_500' }])
    const code = await codeFor(sandbox)
    expect((await get(sandbox, exchangeQuery(code))).status).toBe(500)
  })

  test('the page has bad days of its own, by its name', async () => {
    const sandbox = oauthSandbox()
    const path = '/connect/oauth2/authorize'
    sandbox.setFaults([{ kind: 'http_500', path, times: 1 }])
    expect((await authorize(sandbox, authorizeQuery())).status).toBe(500)
    sandbox.setFaults([{ kind: 'slow', delayMs: 5, path, times: 1 }])
    expect(locationOf(await authorize(sandbox, authorizeQuery()))).not.toBe('')
    sandbox.setFaults([{ kind: 'reset', path, times: 1 }])
    expect((await authorize(sandbox, authorizeQuery())).type).toBe('error')
    expect(() => sandbox.addFault({ kind: 'busy', path })).toThrow(/busy cannot hit the page/)
  })
})

describe('the state of the sandbox', () => {
  test('shows codes and tokens as they stand', async () => {
    const sandbox = oauthSandbox()
    const used = await codeFor(sandbox)
    await exchange(sandbox, used)
    sandbox.clock.advance(200_000)
    const live = await codeFor(sandbox, 'snsapi_userinfo')
    sandbox.clock.advance(200_000)
    const late = sandbox.snapshot().accounts[0]
    expect(late?.codes).toEqual([
      {
        value: used,
        visitor: 'follower',
        scope: 'snsapi_base',
        issuedAt: NOON,
        expiresAt: NOON + 300_000,
        state: 'used',
      },
      {
        value: live,
        visitor: 'follower',
        scope: 'snsapi_userinfo',
        issuedAt: NOON + 200_000,
        expiresAt: NOON + 500_000,
        state: 'live',
      },
    ])
    expect(late?.oauthTokens).toMatchObject([
      {
        visitor: 'follower',
        scope: 'snsapi_base',
        virtual: false,
        valid: true,
        refreshExpiresAt: NOON + 30 * DAY_MS,
      },
    ])
    sandbox.clock.advance(100_000)
    expect(sandbox.snapshot().accounts[0]?.codes.map(({ state }) => state)).toEqual(['used', 'expired'])
  })

  test('reset forgets codes, tokens and questions', async () => {
    const sandbox = oauthSandbox()
    const code = await codeFor(sandbox)
    const { accessToken, refreshToken, openid } = await signIn(sandbox)
    sandbox.reset()
    expect((await exchange(sandbox, code)).errcode).toBe(40029)
    expect((await sns(sandbox, 'auth', { access_token: accessToken, openid })).errcode).toBe(40001)
    const query = { appid: account.appId, grant_type: 'refresh_token', refresh_token: refreshToken }
    expect((await sns(sandbox, 'oauth2/refresh_token', query)).errcode).toBe(40030)
    expect(sandbox.snapshot().accounts[0]).toMatchObject({ codes: [], oauthTokens: [] })
  })
})
