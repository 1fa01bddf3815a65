import { describe, expect, test } from 'vitest'
import type { SandboxAccount } from '../../../demo/sandbox/index.ts'
import { account } from './asking.ts'
import { authorize, authorizeQuery, locationOf, oauthSandbox, REDIRECT, textOf } from './authorizing.ts'

const UNAVAILABLE = '该链接无法访问'
const DOMAIN = 'redirect_uri域名与后台配置不一致，错误码：10003'

async function pageFor(query: string, changed: Partial<SandboxAccount> = {}): Promise<string> {
  const answer = await authorize(oauthSandbox(changed), query)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('location')).toBeNull()
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  return textOf(answer)
}

describe('the authorize page', () => {
  test('snsapi_base sends back at once, with code and state', async () => {
    const answer = await authorize(oauthSandbox(), authorizeQuery())
    expect(answer.status).toBe(302)
    expect(locationOf(answer)).toMatch(/^https:\/\/h5\.example\.com\/back\?code=0[0-9a-zA-Z]{31}&state=a1B2$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('every time there is another code', async () => {
    const sandbox = oauthSandbox()
    const first = locationOf(await authorize(sandbox, authorizeQuery()))
    expect(locationOf(await authorize(sandbox, authorizeQuery()))).not.toBe(first)
  })

  test.each([
    [
      'https://h5.example.com/p/?a=1#/q/1',
      /^https:\/\/h5\.example\.com\/p\/\?a=1&code=\w{32}&state=a1B2#\/q\/1$/,
    ],
    ['https://h5.example.com/p/#/q/1', /^https:\/\/h5\.example\.com\/p\/\?code=\w{32}&state=a1B2#\/q\/1$/],
    ['https://h5.example.com/p#/r?x=1', /^https:\/\/h5\.example\.com\/p\?code=\w{32}&state=a1B2#\/r\?x=1$/],
    ['https://h5.example.com/p?', /^https:\/\/h5\.example\.com\/p\?code=\w{32}&state=a1B2$/],
    ['https://h5.example.com', /^https:\/\/h5\.example\.com\?code=\w{32}&state=a1B2$/],
    [
      'https://h5.example.com/p?portid=4&redirectPath=http%3A%2F%2Fx.cn%2F%3Fa%26b&portid=4',
      /^https:\/\/h5\.example\.com\/p\?portid=4&redirectPath=http%3A%2F%2Fx\.cn%2F%3Fa%26b&portid=4&code=\w{32}&state=a1B2$/,
    ],
    [
      'https://h5.example.com/商城?名=一',
      /\/%E5%95%86%E5%9F%8E\?%E5%90%8D=%E4%B8%80&code=\w{32}&state=a1B2$/,
    ],
    ['http://H5.EXAMPLE.com:80/', /^http:\/\/H5\.EXAMPLE\.com:80\/\?code=/],
  ])('%s gets code and state into its query, before the hash', async (redirectUri, landing) => {
    const answer = await authorize(oauthSandbox(), authorizeQuery({ redirect_uri: redirectUri }))
    expect(locationOf(answer)).toMatch(landing)
  })

  test('state may be left out, as in addresses of WeChat itself', async () => {
    const answer = await authorize(oauthSandbox(), authorizeQuery({ state: undefined }))
    expect(locationOf(answer)).toMatch(/\/back\?code=\w{32}$/)
  })

  test.each([{ connect_redirect: '1' }, { forcePopup: 'true', forceSnapShot: 'false' }, { uin: '1' }])(
    '%j may stand behind state',
    async (extras) => {
      const answer = await authorize(oauthSandbox(), authorizeQuery(extras))
      expect(locationOf(answer)).toMatch(/^https:\/\/h5\.example\.com\/back\?code=\w{32}&state=a1B2$/)
    },
  )

  const [appid, redirect, type, scope, state] = authorizeQuery().split('&') as [
    string,
    string,
    string,
    string,
    string,
  ]
  test.each([
    [redirect, appid, type, scope, state],
    [appid, type, redirect, scope, state],
    [appid, redirect, scope, type, state],
    [appid, redirect, type, state, scope],
    [state, appid, redirect, type, scope],
    ['connect_redirect=1', appid, redirect, type, scope, state],
    [appid, redirect, type, scope, 'connect_redirect=1', state],
    [appid, appid, redirect, type, scope, state],
    [appid, redirect, type, scope, state, 'connect_redirect=1', 'connect_redirect=1'],
    ['APPID=x', appid, redirect, type, scope, state],
    [appid, `redirect_uri=${REDIRECT}?a=1&b=2`, type, scope, state],
    [appid, redirect, 'response_type=token', scope, state],
    [appid, redirect, scope, state],
    [appid, redirect, type, scope, 'state'],
    [appid, 'redirect_uri=https%3A%2F%2Fh5.example.com%2F%', type, scope, state],
    [appid, redirect, type, scope, 'state=a-b'],
    [appid, redirect, type, scope, `state=${'a'.repeat(129)}`],
    ['appid=wxffffffffffffffff', redirect, type, scope, state],
  ])('page unavailable: %s&%s&%s&%s', async (...parameters) => {
    expect(await pageFor(parameters.join('&'))).toBe(UNAVAILABLE)
  })

  test('a state of 128 letters and digits is carried', async () => {
    const long = 'aZ09'.repeat(32)
    const answer = await authorize(oauthSandbox(), authorizeQuery({ state: long }))
    expect(new URL(locationOf(answer)).searchParams.get('state')).toBe(long)
  })

  test.each<[string, Record<string, string | undefined>, Partial<SandboxAccount>]>([
    ['appid不能为空，错误码：10012', { appid: '' }, {}],
    ['appid不能为空，错误码：10012', { appid: undefined }, {}],
    ['redirect_uri不能为空，错误码：10011', { redirect_uri: '' }, {}],
    ['scope不能为空，错误码：10010', { scope: '' }, {}],
    ['scope不能为空，错误码：10010', { scope: undefined }, {}],
    ['state不能为空，错误码：10013', { state: '' }, {}],
    ['此公众号并没有这些scope的权限，错误码10005', { scope: 'snsapi_login' }, {}],
    [
      '此公众号并没有这些scope的权限，错误码10005',
      { scope: 'snsapi_userinfo' },
      { oauthScopes: ['snsapi_base'] },
    ],
    ['此公众号被封禁，错误码：10004', {}, { banned: true }],
    ['公众号未授权第三方平台，请检查授权状态，错误码：10015', {}, { thirdPartyUnauthorized: true }],
    ['不支持微信开放平台的Appid，请使用公众号Appid，错误码：10016', {}, { openPlatformApp: true }],
    ['redirect_uri协议与后台配置不一致，错误码:10039', {}, { oauthScheme: 'http' }],
    [DOMAIN, {}, { oauthDomain: [] }],
  ])('%s for %j and %j', async (text, parameters, changed) => {
    expect(await pageFor(authorizeQuery(parameters), changed)).toBe(text)
  })

  test.each([
    'https://www.h5.example.com/',
    'https://example.com/',
    'https://h5.example.com.evil.cn/',
    'https://h5.example.com@evil.cn/',
    'https://evil.cn/h5.example.com',
    'https://evilh5.example.com/',
    'https://h5.example.com:8443/',
    'https://h5.example.com./',
    'https://h5.example.com\\@evil.cn/',
    'https://h5.example.com/\nevil',
    '//h5.example.com/',
    'h5.example.com',
    'javascript:alert(1)',
    'ftp://h5.example.com/',
    'http://localhost/',
  ])('10003 for %j', async (redirectUri) => {
    expect(await pageFor(authorizeQuery({ redirect_uri: redirectUri }))).toBe(DOMAIN)
  })

  test('two domains may be listed, loopback hosts match on any port', async () => {
    const sandbox = oauthSandbox({ oauthDomain: ['H5.example.com', 'localhost'] })
    for (const redirectUri of [REDIRECT, 'http://localhost:8787/cb']) {
      const answer = await authorize(sandbox, authorizeQuery({ redirect_uri: redirectUri }))
      expect(locationOf(answer)).toContain(`${redirectUri}?code=`)
    }
  })

  test('10006 is for those who do not follow', async () => {
    const sandbox = oauthSandbox({ followersOnly: true })
    expect(locationOf(await authorize(sandbox, authorizeQuery()))).not.toBe('')
    sandbox.chooseVisitor('stranger')
    expect(await textOf(await authorize(sandbox, authorizeQuery()))).toBe('必须关注此测试号，错误码：10006')
  })

  test('10009 lasts until the next minute, and hits one visitor', async () => {
    const sandbox = oauthSandbox({ oauthMinuteLimit: 1 })
    const again = async () => locationOf(await authorize(sandbox, authorizeQuery()))
    expect(await again()).not.toBe('')
    expect(await textOf(await authorize(sandbox, authorizeQuery()))).toBe(
      '操作太频繁了，请稍后重试，错误码：10009',
    )
    sandbox.chooseVisitor('stranger')
    expect(await again()).not.toBe('')
    sandbox.chooseVisitor('follower')
    expect(await again()).toBe('')
    sandbox.clock.advance(60_000)
    expect(await again()).not.toBe('')
  })

  test('the developer tools say it in other words', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 wechatdevtools/1.06.2504010 MicroMessenger/8.0.5' }
    const domain = authorizeQuery({ redirect_uri: 'https://evil.cn/' })
    expect(await textOf(await authorize(oauthSandbox(), domain, headers))).toBe('redirect_uri 参数错误')
    const scopes = authorizeQuery({ scope: 'snsapi_login' })
    expect(await textOf(await authorize(oauthSandbox(), scopes, headers))).toBe(
      'Scope 参数错误或没有 Scope 权限',
    )
    const banned = await authorize(oauthSandbox({ banned: true }), authorizeQuery(), headers)
    expect(await textOf(banned)).toBe('此公众号被封禁，错误码：10004')
  })

  test('outside WeChat: only when the switch is on, and never for a frame or WeChat', async () => {
    const sandbox = oauthSandbox()
    const chrome = { 'user-agent': 'Mozilla/5.0 Chrome/132.0.0.0' }
    expect(locationOf(await authorize(sandbox, authorizeQuery(), chrome))).not.toBe('')
    sandbox.setOAuth({ requireWechatUserAgent: true })
    for (const headers of [chrome, {}, { ...chrome, 'sec-fetch-dest': 'document' }]) {
      expect(await textOf(await authorize(sandbox, authorizeQuery(), headers))).toBe('请在微信客户端打开链接')
    }
    for (const headers of [
      { 'user-agent': 'Mozilla/5.0 (iPhone) MicroMessenger/8.0.50(0x1800323c)' },
      { ...chrome, 'sec-fetch-dest': 'iframe' },
    ]) {
      expect(locationOf(await authorize(sandbox, authorizeQuery(), headers))).not.toBe('')
    }
  })

  test('under the text the sandbox says what to do, in the language of the browser', async () => {
    const page = async (language: string) => {
      const answer = await authorize(oauthSandbox({ banned: true }), authorizeQuery(), {
        'accept-language': language,
      })
      return answer.text()
    }
    expect(await page('zh-CN,zh;q=0.9')).toContain('沙箱提示：该账号打开了 banned 开关。')
    expect(await page('en-US,zh;q=0.9')).toContain('Sandbox: The account has the switch banned.')
  })

  test('another method is no visit', async () => {
    const answer = await oauthSandbox().fetch(
      new Request(`https://open.weixin.qq.com/connect/oauth2/authorize?${authorizeQuery()}`, {
        method: 'POST',
      }),
    )
    expect([answer.status, await textOf(answer)]).toEqual([200, UNAVAILABLE])
  })

  test('visits are written down like calls', async () => {
    const sandbox = oauthSandbox({ banned: true })
    await authorize(sandbox, authorizeQuery())
    sandbox.changeAccount(account.appId, { banned: false })
    await authorize(sandbox, authorizeQuery())
    expect(sandbox.calls('connect/oauth2/authorize')).toMatchObject([
      { host: 'open.weixin.qq.com', status: 200, errcode: 10004, query: { state: 'a1B2' } },
      { status: 302 },
    ])
  })
})
