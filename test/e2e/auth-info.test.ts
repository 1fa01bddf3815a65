import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { builtInAccount, type SandboxOptions } from '../../demo/sandbox/index.ts'
import { type Listener, listen } from '../../server/http/listen.ts'
import {
  closeBrowser,
  hasChromium,
  type OpenedPage,
  type OpenPageOptions,
  openPage,
} from '../support/browser.ts'
import type { TestSite } from '../support/browser-page.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { serveClientPage } from './client-site.ts'

// The client in Chromium against the real service and a simulated WeChat, all of them over HTTP.

type Page = OpenedPage['page']

const ROUTE = '?id=7&q=%E4%B8%AD+%20#/cart?step=2'

describe.skipIf(!hasChromium)('authInfo in Chromium', () => {
  let site: TestSite
  let service: Listener
  let wechat: Listener
  let kit: TestService
  let opened: OpenedPage
  let stranger: Server
  /** Address and `Referer` of what a third party was asked for. */
  const leaks: string[] = []

  beforeAll(async () => {
    service = await listen((request, env) => kit.service.app.fetch(request, env), {
      host: '127.0.0.1',
      port: 0,
    })
    wechat = await listen((request) => kit.sandbox.fetch(request), { host: '127.0.0.1', port: 0 })
    site = await serveClientPage(() => service.url)
    stranger = createServer((request, response) => {
      leaks.push(`${request.url} ${request.headers.referer}`)
      response.setHeader('content-type', 'image/svg+xml')
      response.end('<svg xmlns="http://www.w3.org/2000/svg"/>')
    })
    await new Promise<void>((resolve) => {
      stranger.listen(0, '127.0.0.1', resolve)
    })
  })
  afterAll(async () => {
    await closeBrowser()
    stranger.closeAllConnections()
    stranger.close()
    await Promise.all([site.close(), service.close(0), wechat.close(0)])
  })
  afterEach(async () => {
    await opened.close()
    await kit.service.close()
  })
  beforeEach(() => prepare())

  async function prepare(oauth: SandboxOptions['oauth'] = {}): Promise<void> {
    kit = await createTestService({
      sandbox: { accounts: [{ ...builtInAccount, safeDomains: ['127.0.0.1'] }], formerTicketS: 0, oauth },
      account: { pageOrigins: [site.url], redirects: [site.url], portIds: [4] },
      config: {
        publicUrl: service.url,
        wechat: { authorizeUrl: `${wechat.url}/connect/oauth2/authorize` },
      },
    })
  }

  async function open(path: string, options: Partial<OpenPageOptions> = {}): Promise<Page> {
    opened = await openPage({
      profile: 'android',
      url: site.url + path,
      verify: (request) => kit.sandbox.verifyConfig(request),
      ...options,
    })
    return opened.page
  }
  /** What `authInfo()` came to, in whatever document that was. */
  const outcome = async (page: Page) => {
    await page.waitForFunction('window.outcome')
    return (await page.evaluate('outcome')) as {
      value?: Record<string, string>
      error?: { code: string; message: string }
    }
  }
  const trips = () => opened.requests.filter((url) => url.includes('/wx/api/fans/authInfo?')).length
  const identityCookies = async (page: Page) =>
    (await page.context().cookies()).filter(({ name }) => name.startsWith('wxh5_'))
  const reload = async (page: Page) => {
    await page.evaluate('delete window.outcome')
    await page.reload()
  }

  test.each(['ios', 'android'] as const)(
    'a page on %s goes through WeChat once and is what it was, with a visitor',
    async (profile) => {
      const page = await open(`/visit/userinfo${ROUTE}`, { profile })
      const { value } = await outcome(page)
      const { openid, unionid } = kit.sandbox.identityOf('follower', builtInAccount.appId)
      expect(value).toStrictEqual({
        openid,
        unionid,
        userid: expect.stringMatching(/^\d{18}$/),
        portid: '4',
        appid: builtInAccount.appId,
        ticket: expect.stringMatching(/^[a-zA-Z0-9]{32}$/),
      })
      expect(page.url()).toBe(`${site.url}/visit/userinfo${ROUTE}`)
      expect(trips()).toBe(1)

      const ready = (await page.evaluate('weixin.ready()')) as {
        candidate: string
        url: string
        steps: object[]
      }
      const landed = opened.requests.find(
        (url) => url.startsWith(site.url) && url.includes(`openid=${openid}`),
      )
      expect(ready).toMatchObject(
        profile === 'ios'
          ? { candidate: 'landing', url: landed?.split('#')[0] }
          : { candidate: 'current', url: page.url().split('#')[0] },
      )
      expect(ready.steps).not.toContainEqual(expect.objectContaining({ ok: false }))
      expect(opened.errors).toEqual([])
    },
  )

  test('the cookie is readable, short-lived, for this host alone, and holds no ticket', async () => {
    const page = await open('/visit/userinfo')
    const { value } = await outcome(page)
    const [cookie, ...others] = await identityCookies(page)
    expect(others).toEqual([])
    expect(cookie).toMatchObject({
      domain: '127.0.0.1',
      path: '/',
      sameSite: 'Lax',
      secure: false,
      httpOnly: false,
    })
    const days = ((cookie?.expires ?? 0) * 1_000 - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(7)
    const { ticket, ...ids } = value ?? {}
    expect(JSON.parse(decodeURIComponent(cookie?.value ?? ''))).toStrictEqual(ids)
    const stored = await page.evaluate(
      'document.cookie + JSON.stringify({ ...sessionStorage, ...localStorage })',
    )
    expect(stored).not.toContain(ticket)
  })

  test('a reload knows the visitor from the cookie', async () => {
    const page = await open(`/visit/userinfo${ROUTE}`)
    const { value } = await outcome(page)
    await reload(page)
    const { ticket: _, ...known } = value ?? {}
    expect((await outcome(page)).value).toStrictEqual(known)
    expect(trips()).toBe(1)
    expect(page.url()).toBe(`${site.url}/visit/userinfo${ROUTE}`)
  })

  test('nobody else hears of the visitor: not the share link, not a third party', async () => {
    const page = await open(`/visit/userinfo${ROUTE}`)
    const { value } = await outcome(page)
    const image = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/pixel.svg`
    await page.evaluate(
      `new Promise((done) => { const image = new Image(); image.onload = done; image.src = '${image}' })`,
    )
    expect(leaks).toEqual([`/pixel.svg ${site.url}/visit/userinfo${ROUTE.split('#')[0]}`])
    const report = (await page.evaluate(`weixin.share({ title: 'Spring', imgUrl: '/a.png' })`)) as {
      link: string
    }
    expect(report.link).toBe(`${site.url}/visit/userinfo${ROUTE}`)
    const told = (await opened.calls()).map(({ args }) => JSON.stringify(args)).join()
    for (const secret of [value?.openid, value?.userid, value?.unionid, value?.ticket])
      expect(told).not.toContain(secret)
  })

  test('no request after the first script tells where the visitor landed', async () => {
    const telling: string[] = []
    const page = await open('/')
    page.on('request', (request) => {
      if (request.headers().referer?.includes('openid=')) telling.push(new URL(request.url()).pathname)
    })
    await page.goto(`${site.url}/visit/userinfo?openid=oForgedByAFriend&x=1`)
    expect((await outcome(page)).value).toMatchObject({ openid: 'oForgedByAFriend' })
    await page.evaluate('weixin.ready()')
    expect(opened.requests.filter((url) => url.endsWith('/v1/jsapi/signature'))).toHaveLength(1)
    expect(telling).toEqual(['/es.js'])
  })

  test('a stranger is asked, and Back from the page does not lead into it again', async () => {
    kit.sandbox.chooseVisitor('stranger')
    const page = await open('/visit/userinfo')
    await page.click('button[value=allow]')
    expect((await outcome(page)).value?.openid).toBe(
      kit.sandbox.identityOf('stranger', builtInAccount.appId).openid,
    )
    await page.goBack()
    expect(page.url()).toContain('/connect/oauth2/authorize')
    await page.goBack()
    expect(page.url()).toBe('about:blank')
    expect(trips()).toBe(1)
  })

  test('snsapi_base is silent and says why there is no unionid; a wish for more goes once more', async () => {
    kit.sandbox.chooseVisitor('stranger')
    const page = await open('/visit/base')
    const { value } = await outcome(page)
    expect(value).toMatchObject({ unionidAbsentBecause: 'scope' })
    await page.goto(`${site.url}/visit/userinfo`)
    await page.click('button[value=allow]')
    expect((await outcome(page)).value).toMatchObject({ openid: value?.openid, unionid: expect.any(String) })
    expect(trips()).toBe(2)
  })

  test('a page that always asks anew does not go round in circles', async () => {
    const page = await open('/visit/force')
    expect((await outcome(page)).value).toHaveProperty('ticket')
    expect(trips()).toBe(1)
    await reload(page)
    expect((await outcome(page)).value).toHaveProperty('ticket')
    expect(trips()).toBe(2)
  })

  test('a snapshot visitor is told so and known nowhere; with the full service a reload does it', async () => {
    kit.sandbox.chooseVisitor('snapshot')
    const page = await open(`/visit/userinfo${ROUTE}`)
    expect((await outcome(page)).error).toMatchObject({
      code: 'snapshot_user',
      message: expect.stringContaining('使用完整服务'),
    })
    expect(page.url()).toBe(`${site.url}/visit/userinfo${ROUTE}`)
    expect(await identityCookies(page)).toEqual([])
    kit.sandbox.chooseVisitor('follower')
    await reload(page)
    expect((await outcome(page)).value).toHaveProperty('openid')
  })

  test('a visitor who refuses is told apart, where WeChat sends back at all', async () => {
    await kit.service.close()
    await prepare({ refusal: 'state-only' })
    kit.sandbox.chooseVisitor('refuser')
    const page = await open('/visit/userinfo')
    expect((await outcome(page)).error?.code).toBe('access_denied')
    expect(trips()).toBe(1)
  })

  test('two tabs at once both know the visitor', async () => {
    kit.sandbox.chooseVisitor('stranger')
    const one = await open('/')
    const two = await one.context().newPage()
    await Promise.all([one.goto(`${site.url}/visit/force?tab=1`), two.goto(`${site.url}/visit/force?tab=2`)])
    for (const tab of [one, two]) await tab.click('button[value=allow]')
    const { openid } = kit.sandbox.identityOf('stranger', builtInAccount.appId)
    for (const tab of [one, two]) expect((await outcome(tab)).value).toMatchObject({ openid })
    expect(two.url()).toBe(`${site.url}/visit/force?tab=2`)
  })

  test.each([
    ['with storage', ''],
    [
      'without storage',
      `Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })`,
    ],
  ])('a service that brings nobody back is asked once, %s', async (_name, script) => {
    const page = await open('/')
    await page.addInitScript(script)
    await page.route('**/wx/api/fans/authInfo?*', (route) => {
      const target = new URL(new URL(route.request().url()).searchParams.get('redirectPath') ?? '')
      target.searchParams.set('portid', '4')
      return route.fulfill({ status: 302, headers: { location: target.href } })
    })
    await page.goto(`${site.url}/visit/userinfo?x=1#/r`)
    expect((await outcome(page)).error?.code).toBe('login_loop')
    expect(trips()).toBe(1)
    if (script !== '') expect(page.url()).not.toContain('authtrip')
  })

  test('without storage the visitor is known all the same', async () => {
    const page = await open('/')
    await page.addInitScript(
      `Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })
      Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined })`,
    )
    await page.goto(`${site.url}/visit/userinfo${ROUTE}`)
    expect((await outcome(page)).value).toHaveProperty('openid')
    expect(page.url()).toBe(`${site.url}/visit/userinfo${ROUTE}`)
    expect(trips()).toBe(1)
  })

  test('the one script for a tag does the same', async () => {
    const page = await open(`/tag/visit/userinfo${ROUTE}`)
    expect((await outcome(page)).value).toHaveProperty('ticket')
    expect(page.url()).toBe(`${site.url}/tag/visit/userinfo${ROUTE}`)
    expect(opened.errors).toEqual([])
  })

  test('outside WeChat nobody is sent anywhere', async () => {
    const page = await open('/visit/userinfo', { bridge: false, userAgent: 'Mozilla/5.0 Chrome/132.0.0.0' })
    expect((await outcome(page)).error?.code).toBe('not_in_wechat')
    expect(trips()).toBe(0)
  })
})
