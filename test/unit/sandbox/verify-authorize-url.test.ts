import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyAuthorizeUrl } from '../../../demo/sandbox/index.ts'
import { authorize, authorizeQuery, locationOf, oauthSandbox, REDIRECT } from './authorizing.ts'

const WECHAT = 'https://open.weixin.qq.com/connect/oauth2/authorize'
const good = `${WECHAT}?${authorizeQuery()}#wechat_redirect`

describe('verifyAuthorizeUrl', () => {
  test.each([
    good,
    `${WECHAT}?${authorizeQuery({ connect_redirect: '1' })}#wechat_redirect`,
    `http://localhost:8788/connect/oauth2/authorize?${authorizeQuery()}#wechat_redirect`,
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx23732ac865d46fa2&redirect_uri=http%3A%2F%2Fwww.home-mpdemo.com%2Findex.php%2FHome%2FAuth%2Furl&response_type=code&scope=snsapi_userinfo&state=STATE#wechat_redirect',
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx3be6367203f983ac&redirect_uri=https%3A%2F%2Fmp.weixin.qq.com%2Fbizmall%2Fcardlandingpage%3Fbiz%3DMzA5NTIxNjc1OA%3D%3D%26page_id%3D7%26scene%3D1&response_type=code&scope=snsapi_base#wechat_redirect',
  ])('%s is right', (url) => {
    expect(verifyAuthorizeUrl(url)).toMatchObject({ ok: true })
  })

  test('tells what the address asks for', () => {
    expect(
      verifyAuthorizeUrl(`${WECHAT}?${authorizeQuery({ connect_redirect: '1' })}#wechat_redirect`),
    ).toEqual({
      ok: true,
      query: {
        appId: 'wx0123456789abcdef',
        redirectUri: REDIRECT,
        scope: 'snsapi_base',
        state: 'a1B2',
        extras: new Map([['connect_redirect', '1']]),
      },
    })
  })

  test.each<[string, string, number | undefined]>([
    [good.replace('#wechat_redirect', ''), '#wechat_redirect', undefined],
    [good.replace('#wechat_redirect', '#wechat_webview'), '#wechat_redirect', undefined],
    [`${good}/`, '#wechat_redirect', undefined],
    [good.replace('#wechat_redirect', '%23wechat_redirect'), '#wechat_redirect', undefined],
    [good.replace('https:', 'http:'), 'must begin with', undefined],
    [good.replace('open.weixin.qq.com', 'open.weixin.qq.com.evil.cn'), 'must begin with', undefined],
    [good.replace('/connect', '/CONNECT'), 'must begin with', undefined],
    [` ${good}`, 'must begin with', undefined],
    ['', 'must begin with', undefined],
    [good.replace(encodeURIComponent(REDIRECT), REDIRECT), 'percent-encoded', undefined],
    [good.replace('appid=wx0123456789abcdef&', ''), 'appid', 10012],
    [good.replace(/redirect_uri=[^&]*/, 'redirect_uri='), 'redirect_uri', 10011],
    [good.replace('snsapi_base', ''), 'scope', 10010],
    [good.replace('snsapi_base', 'snsapi_login'), 'scope', 10005],
    [good.replace('state=a1B2', 'state='), 'state', 10013],
    [good.replace('state=a1B2', 'state=a_b'), 'state', undefined],
    [good.replace('&state', '&connect_redirect=1&state'), 'in this order', undefined],
  ])('%s is wrong', (url, reason, code) => {
    const verdict = verifyAuthorizeUrl(url)
    if (verdict.ok) throw new Error('accepted')
    expect(verdict.reason).toContain(reason)
    expect(verdict.reasonZh).toMatch(/\p{Script=Han}/u)
    expect(verdict.code).toBe(code)
  })

  test('any text: an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, more) => {
        for (const url of [text, `${WECHAT}?${text}#wechat_redirect`, `${WECHAT}?appid=${text}&${more}`]) {
          expect(typeof verifyAuthorizeUrl(url).ok).toBe('boolean')
        }
      }),
    )
  })

  test('of all orders of the five parameters only one is right, here and on the page', async () => {
    const parts = authorizeQuery().split('&')
    const orders = fc.shuffledSubarray(parts, { minLength: 5, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const isRight = order.join() === parts.join()
        const verdict = verifyAuthorizeUrl(`${WECHAT}?${order.join('&')}#wechat_redirect`)
        const answer = await authorize(oauthSandbox(), order.join('&'))
        expect([verdict.ok, locationOf(answer) !== '']).toEqual([isRight, isRight])
      }),
    )
  })

  test('over HTTP it is a control route', async () => {
    const ask = async (url: string) => {
      const body = JSON.stringify({ url })
      const request = new Request('http://localhost:8788/__sandbox/oauth/verify-url', {
        method: 'POST',
        body,
      })
      return (await oauthSandbox().fetch(request)).json()
    }
    expect(await ask(good)).toMatchObject({ ok: true, query: { state: 'a1B2', extras: {} } })
    expect(await ask(good.replace('#wechat_redirect', ''))).toMatchObject({ ok: false })
  })
})

describe('the landing', () => {
  test('keeps every parameter and the hash of redirect_uri', async () => {
    const word = fc.stringMatching(/^[\w%.~!*'()-]{0,8}$/)
    const pairs = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), word), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(pairs, word, async (query, hash) => {
        const text = query.map(([name, value]) => `${name}=${value}`).join('&')
        const page = `https://h5.example.com/p${text === '' ? '' : `?${text}`}`
        const redirectUri = `${page}${hash === '' ? '' : `#/${hash}`}`
        const location = locationOf(
          await authorize(oauthSandbox(), authorizeQuery({ redirect_uri: redirectUri })),
        )
        const [before = '', after = ''] = location.split(/[?&]code=0\w{31}&state=a1B2/)
        expect([before, after]).toEqual([page, hash === '' ? '' : `#/${hash}`])
      }),
    )
  })
})
