import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtInAccount } from '../../demo/sandbox/index.ts'
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

// Single-page applications in Chromium: every API works after every navigation, and nobody helps it.

const profiles = ['ios', 'android', 'harmony', 'windows'] as const

describe.skipIf(!hasChromium)('a single-page application', () => {
  let site: TestSite
  let kit: TestService
  let service: Listener | undefined
  let opened: OpenedPage | undefined

  beforeAll(async () => {
    site = await serveClientPage(() => service?.url ?? '')
  })
  afterEach(async () => {
    await opened?.close()
    await service?.close(0)
    await kit.service.close()
    opened = undefined
    service = undefined
  })
  afterAll(async () => {
    await closeBrowser()
    await site.close()
  })

  const open = async (
    profile: OpenPageOptions['profile'],
    path: string,
    options: Partial<OpenPageOptions> = {},
  ) => {
    kit = await createTestService({
      account: { pageOrigins: [site.url] },
      sandbox: { accounts: [{ ...builtInAccount, safeDomains: ['127.0.0.1'] }] },
    })
    service = await listen(kit.service.app.fetch, { host: '127.0.0.1', port: 0 })
    opened = await openPage({
      profile,
      url: site.url + path,
      verify: (request) => kit.sandbox.verifyConfig(request),
      ...options,
    })
    const { page } = opened
    await page.waitForFunction('window.weixin')
    return { ...opened, page }
  }

  /** What becomes of one API call: its errMsg, or the code of its error. */
  const tryApi = (page: OpenedPage['page']): Promise<string> =>
    page.evaluate(
      `weixin.call('scanQRCode', { needResult: 1 }).then(({ errMsg }) => errMsg, ({ code, message }) => code + message)`,
    )
  const verified = async ({ calls }: OpenedPage) =>
    (await calls()).filter(({ name }) => name === 'preVerifyJSAPI').length
  const ok = 'scanQRCode:ok'

  describe.each(profiles)('on %s', (profile) => {
    test('with a history router works after push, replace, back and forward', async () => {
      const opening = await open(profile, '/in?code=1&state=2')
      const { page } = opening
      for (const step of [
        `history.replaceState({}, '', '/in')`,
        `history.pushState({}, '', '/list?page=2')`,
        `history.pushState({}, '', '/detail/7#/tab')`,
        'history.back()',
        'history.forward()',
        'history.go(-2)',
      ]) {
        await page.evaluate(
          step.startsWith('history.push') || step.startsWith('history.replace')
            ? step
            : `new Promise((done) => { addEventListener('popstate', done, { once: true }); ${step} })`,
        )
        expect(await tryApi(page), step).toBe(ok)
      }
      expect(await verified(opening)).toBe(profile === 'ios' ? 1 : 6)
      expect(opening.errors).toEqual([])
    })

    test('with a hash router verifies once', async () => {
      const opening = await open(profile, '/?from=timeline#/')
      for (const route of ['#/list', '#/detail?id=1', '#/']) {
        await opening.page.evaluate(`location.hash = '${route}'`)
        expect(await tryApi(opening.page)).toBe(ok)
      }
      expect(await verified(opening)).toBe(1)
    })

    test.each(['/deep?x=1', '/deep?x=1#/tab'])('works after a full reload of %s', async (path) => {
      const { page } = await open(profile, '/')
      expect(await tryApi(page)).toBe(ok)
      await page.evaluate(`history.pushState({}, '', '${path}')`)
      expect(await tryApi(page)).toBe(ok)
      await page.reload()
      await page.waitForFunction('window.weixin')
      expect(await tryApi(page)).toBe(ok)
      await page.goto(`${site.url}/other?y=2`)
      await page.waitForFunction('window.weixin')
      await page.evaluate(`history.replaceState({}, '', '/other')`)
      expect(await tryApi(page)).toBe(ok)
    })

    test('has its share follow the route', async () => {
      const { page, calls } = await open(profile, '/in?openid=oAAAAAAA&x=1')
      await page.evaluate(`window.followed = []; weixin.share(
        { title: 'Menu', imgUrl: '/menu.png' },
        { followRoute: true, onFollowed: (outcome) => followed.push(outcome.link ?? outcome.code) },
      ).then((report) => { window.report = report })`)
      await page.waitForFunction('window.report')
      for (const [at, route] of ['/b?y=2', '/c#/d'].entries()) {
        await page.evaluate(`history.pushState({}, '', '${route}')`)
        await page.waitForFunction(`followed.length > ${at}`)
      }
      await page.evaluate(`report.stop(); history.pushState({}, '', '/end')`)
      expect(await tryApi(page)).toBe(ok)
      const links = (await calls()).flatMap(({ name, args }) =>
        name === 'updateTimelineShareData' ? [args.link] : [],
      )
      expect(links).toEqual(['/in?x=1', '/b?y=2', '/c#/d'].map((path) => site.url + path))
    })
  })

  test.each(['ios', 'android'] as const)('on %s is followed without the Navigation API', async (profile) => {
    const { page } = await open(profile, '/')
    await page.evaluate(`Object.defineProperty(window, 'navigation', { value: undefined });
      window.followed = []; weixin.share(
        { title: 'Menu', imgUrl: '/menu.png' },
        { followRoute: true, onFollowed: ({ link }) => followed.push(link) },
      ).then(() => { window.isShared = true })`)
    await page.waitForFunction('window.isShared')
    await page.evaluate(`history.pushState({}, '', '/b')`)
    await page.waitForFunction('followed.length')
    expect(await page.evaluate('followed')).toEqual([`${site.url}/b`])
    expect(await page.evaluate('history.pushState.toString()')).toContain('[native code]')
  })

  test('that is left while a call is open rejects it with a code of its own', async () => {
    const { page } = await open('android', '/')
    await page.evaluate(`weixin.ready().then(() => {
      WeixinJSBridge.invoke = () => { window.isAsked = true }
      weixin.call('scanQRCode').catch(({ code }) => sessionStorage.setItem('code', code))
    })`)
    await page.waitForFunction('window.isAsked')
    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`)
    await page.waitForFunction(`sessionStorage.getItem('code')`)
    expect(await page.evaluate(`sessionStorage.getItem('code')`)).toBe('page_left')
  })

  test('shows what happened in a panel, never the ticket, and loads it late', async () => {
    const opening = await open('android', '/in?ticket=AbcdefghijAbcdefghijAbcdefghij12', {
      ui: { scan: 'cancel' },
      context: { locale: 'zh-CN' },
    })
    const { page } = opening
    expect(
      await page.evaluate(
        `performance.getEntriesByType('resource').filter(({ name }) => /debug/.test(name)).length`,
      ),
    ).toBe(0)
    await page.evaluate(`weixin.call('scanQRCode').catch(() => undefined)`)
    await page.evaluate('weixin.debug().then((panel) => { window.panel = panel })')
    const panel = page.locator('wx-h5-kit-debug .panel')
    const text = (await panel.innerText()) + (await panel.locator('details').allTextContents()).join('')
    const ticket = kit.sandbox.snapshot().accounts[0]?.tickets.jsapi.at(-1)?.value ?? ''
    expect(ticket).toHaveLength(86)
    expect(text).not.toContain(ticket)
    expect(text).not.toContain('AbcdefghijAbcdefghij')
    for (const word of [
      '运行环境',
      'wechat 8.',
      '通过',
      '当前',
      'noncestr',
      '保密',
      'cancelled',
      '用户已取消。',
      '/in?ticket=…',
    ])
      expect(text).toContain(word)
    await panel.locator('summary').click()
    await page.evaluate(`history.pushState({}, '', '/next'); weixin.ready()`)
    await page.waitForFunction(
      `document.querySelector('wx-h5-kit-debug').shadowRoot.querySelectorAll('details').length === 2`,
    )
    expect(await panel.locator('details[open]').count()).toBe(1)
    expect(await page.evaluate('weixin.debug().then((again) => again === panel)')).toBe(true)
    await panel.getByRole('button').click()
    expect(await page.locator('wx-h5-kit-debug').count()).toBe(0)
    expect(opening.errors).toEqual([])
  })

  test.each([
    ['the service refuses', { kind: 'quota' }, 'service_unavailable', 'request failed'],
    ['WeChat refuses the signature', { kind: 'wrong_ticket' }, 'invalid_signature', 'request'],
  ] as const)('when %s, shows the id under which the log has the request', async (_, fault, code, msg) => {
    const { page } = await open('android', '/')
    kit.sandbox.setFaults([fault])
    const error: { code: string; requestId: string } = await page.evaluate(
      'weixin.ready().catch(({ code, requestId }) => ({ code, requestId }))',
    )
    expect(error).toEqual({ code, requestId: expect.stringMatching(/^\w{20}$/) })
    const lines = kit.logs().filter(({ requestId }) => requestId === error.requestId)
    expect(lines.at(-1)).toMatchObject({ msg, route: '/v1/jsapi/signature' })
    await page.evaluate('weixin.debug().then(() => undefined)')
    const text = await page.locator('wx-h5-kit-debug .panel').innerText()
    expect(text).toContain(`X-Request-Id ${error.requestId}`)
  })

  test('shows the panel in an ordinary browser, in English', async () => {
    const { page } = await open('android', '/', {
      bridge: false,
      userAgent: 'Mozilla/5.0 Chrome/132.0.0.0',
      context: { locale: 'en-GB' },
    })
    await page.evaluate('weixin.ready().catch(() => undefined)')
    await page.evaluate('weixin.debug().then(() => undefined)')
    const text = await page.locator('wx-h5-kit-debug .panel').innerText()
    for (const word of ['Environment', 'none', 'not_in_wechat', 'Open this page in WeChat.'])
      expect(text).toContain(word)
    await page.keyboard.press('Escape')
    expect(await page.locator('wx-h5-kit-debug').count()).toBe(0)
  })
})
