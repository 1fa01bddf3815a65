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

// The client in Chromium, with weixin-js-sdk, against the real service, and a simulated WeChat that verifies.

interface Outcome {
  value?: Record<string, unknown>
  error?: { code: string; message: string; hint: string; hintZh: string; errMsg?: string; step?: string }
}

interface Step {
  step: string
  ok: boolean
  candidate?: string
  code?: string
}

describe.skipIf(!hasChromium)('the client in Chromium', () => {
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
    path = '/',
    options: Partial<OpenPageOptions> & { pageOrigins?: string[]; safeDomains?: string[] } = {},
  ): Promise<OpenedPage> => {
    const { pageOrigins = [site.url], safeDomains = ['127.0.0.1'] } = options
    kit = await createTestService({
      account: { pageOrigins },
      sandbox: { accounts: [{ ...builtInAccount, safeDomains }], formerTicketS: 0 },
    })
    service = await listen(kit.service.app.fetch, { host: '127.0.0.1', port: 0 })
    opened = await openPage({
      profile,
      url: site.url + path,
      verify: (request) => kit.sandbox.verifyConfig(request),
      ...options,
    })
    await opened.page.waitForFunction('window.weixin')
    return opened
  }

  /** Runs an expression on the page's `weixin` and gives what became of it. */
  const outcome = ({ page }: OpenedPage, expression: string): Promise<Outcome> =>
    page.evaluate(`(async () => {
      try {
        return { value: await weixin.${expression} }
      } catch (error) {
        if (!kit.isWeixinError(error)) throw error
        const { code, message, hint, hintZh, errMsg, step } = error
        return { error: { code, message, hint, hintZh, errMsg, step } }
      }
    })()`)

  const steps = ({ page }: OpenedPage): Promise<Step[]> => page.evaluate('steps')
  const verifications = async (page: OpenedPage) =>
    (await page.calls()).filter(({ name }) => name === 'preVerifyJSAPI').length

  test.each([
    ['ios', 'landing'],
    ['android', 'current'],
    ['harmony', 'current'],
    ['windows', 'current'],
    ['mac', 'current'],
    ['devtools', 'current'],
  ] as const)('a page on %s is signed, verified and ready at the first try', async (profile, candidate) => {
    const page = await open(profile, '/shop?id=1&from=singlemessage&q=%E4%B8%AD+%20#/cart')
    expect(await outcome(page, 'ready()')).toMatchObject({
      value: {
        appId: builtInAccount.appId,
        url: `${site.url}/shop?id=1&from=singlemessage&q=%E4%B8%AD+%20`,
        candidate,
      },
    })
    expect((await steps(page)).map(({ step, ok }) => `${step} ${ok}`).sort()).toEqual([
      'bridge true',
      'config true',
      'environment true',
      'sdk true',
      'signature true',
      'verify true',
    ])
    const list = (await page.calls()).find(({ name }) => name === 'preVerifyJSAPI')?.args.verifyJsApiList
    expect(list).toHaveLength(48)
    expect(list).toContain('menu:share:appmessage')
    expect(list).not.toContain('default')
    expect(page.errors).toEqual([])
  })

  test.each(['ios', 'android', 'windows', 'devtools'] as const)(
    'a page on %s is ready after routes have changed, before and after',
    async (profile) => {
      const page = await open(profile, '/in?code=1&state=2')
      await page.page.evaluate(`history.replaceState({}, '', '/in')`)
      expect(await outcome(page, 'ready()')).toHaveProperty('value')
      expect(await verifications(page)).toBe(1)
      await page.page.evaluate(`history.pushState({}, '', '/detail?id=2#/tab')`)
      expect(await outcome(page, `call('scanQRCode', { needResult: 1 })`)).toMatchObject({
        value: { resultStr: 'https://weixin.qq.com/r/sandbox' },
      })
      expect(await outcome(page, 'ready()')).toMatchObject({
        value: { url: `${site.url}${profile === 'ios' ? '/in?code=1&state=2' : '/detail?id=2'}` },
      })
      expect(await verifications(page)).toBe(profile === 'ios' ? 1 : 2)
      expect((await steps(page)).every(({ ok }) => ok)).toBe(true)
    },
  )

  test.each([
    ['landing', 'current', 'ios', 'android'],
    ['current', 'landing', 'android', 'ios'],
  ] as const)(
    'a client that wants the other address than %s gets it',
    async (first, second, agent, verifier) => {
      const page = await open(agent, '/in?code=1&state=2', {
        verify: (request) => kit.sandbox.verifyConfig({ ...request, profile: verifier }),
      })
      await page.page.evaluate(`history.replaceState({}, '', '/clean')`)
      expect(await outcome(page, 'ready()')).toMatchObject({ value: { candidate: second } })
      expect((await steps(page)).filter(({ step }) => step === 'verify')).toMatchObject([
        { ok: false, candidate: first, code: 'invalid_signature' },
        { ok: true, candidate: second },
      ])
    },
  )

  test('wx.ready of the SDK on the page fires once the client is ready', async () => {
    const page = await open('android', '/tag')
    expect(await outcome(page, 'ready()')).toHaveProperty('value')
    expect(await page.page.evaluate('typeof window.WxH5Kit.createWeixin')).toBe('function')
    expect(await outcome(page, `call('getNetworkType')`)).toMatchObject({ value: { networkType: 'wifi' } })
    expect(page.errors).toEqual([])
  })

  test('a bridge that comes late is waited for, one that never comes is not', async () => {
    const late = await open('android', '/', { bridgeDelayMs: 50 })
    expect(await outcome(late, 'ready()')).toHaveProperty('value')
    await late.page.evaluate(`delete window.WeixinJSBridge;
      weixin = kit.createWeixin({ service: '${service?.url}', timeouts: { bridgeMs: 30 } })`)
    expect(await outcome(late, 'ready()')).toMatchObject({ error: { code: 'timeout', step: 'bridge' } })
  })

  test.each(['ios', 'android', 'harmony', 'windows', 'devtools'] as const)(
    'APIs on %s answer in one shape',
    async (profile) => {
      const page = await open(profile)
      const scanned = await outcome(page, `call('scanQRCode', { needResult: 1 })`)
      expect(scanned).toMatchObject({ value: { resultStr: 'https://weixin.qq.com/r/sandbox' } })
      const chosen = await outcome(page, `call('chooseImage', { count: 1 })`)
      expect(chosen.value?.localIds).toEqual([expect.stringMatching(/^(weixin|wxLocalResource):\/\//)])
      const checked = await outcome(page, `call('checkJsApi', { jsApiList: ['getLocation', 'scanQRCode'] })`)
      expect(checked).toMatchObject({ value: { checkResult: { getLocation: true, scanQRCode: true } } })
      const located = await outcome(page, `call('getLocation', { type: 'gcj02' })`)
      expect(located.value).toMatchObject({ latitude: expect.any(Number), longitude: expect.any(Number) })
      expect(await outcome(page, `call('getNetworkType')`)).toMatchObject({ value: { networkType: 'wifi' } })
      const ids = JSON.stringify(chosen.value?.localIds)
      const images = await page.page.evaluate(
        `Promise.all(${ids}.concat(${ids}).map((localId) => weixin.call('getLocalImgData', { localId })))`,
      )
      expect(images).toMatchObject([{ localData: expect.any(String) }, { localData: expect.any(String) }])
      expect(page.errors).toEqual([])
    },
  )

  test.each(['ios', 'android', 'windows', 'devtools'] as const)(
    'what a person cancels or denies on %s has its own code',
    async (profile) => {
      const page = await open(profile, '/', { ui: { scan: 'cancel', location: 'deny' } })
      expect(await outcome(page, `call('scanQRCode')`)).toMatchObject({ error: { code: 'cancelled' } })
      expect(await outcome(page, `call('getLocation')`)).toMatchObject({
        error: { code: 'permission_denied' },
      })
    },
  )

  test('an API outside the verified list says what to add', async () => {
    const page = await open('android')
    await page.page.evaluate(
      `weixin = kit.createWeixin({ service: '${service?.url}', jsApiList: ['chooseImage'] })`,
    )
    expect(await outcome(page, `call('scanQRCode')`)).toMatchObject({
      error: {
        code: 'not_verified',
        errMsg: 'scanQRCode:the permission value is offline verifying',
        hint: 'Add the API to jsApiList.',
      },
    })
  })

  test.each(['ios', 'android', 'windows', 'devtools'] as const)(
    'share on %s sets both targets',
    async (profile) => {
      const page = await open(profile, '/shop?id=1&openid=o1#section')
      const shared = await outcome(page, `share({ title: 'Spring', desc: 'New', imgUrl: '/spring.png' })`)
      expect(shared).toEqual({
        value: {
          link: `${site.url}/shop?id=1`,
          appMessage: { ok: true, api: 'updateAppMessageShareData' },
          timeline: { ok: true, api: 'updateTimelineShareData' },
        },
      })
      const set = (await page.calls()).find(({ name }) => name === 'updateAppMessageShareData')
      expect(set?.args).toMatchObject({ title: 'Spring', desc: 'New', imgUrl: `${site.url}/spring.png` })
    },
  )

  test('share on an old client uses the menu events', async () => {
    const missing = { err_msg: 'system:function_not_exist' }
    const page = await open('android', '/', {
      answers: { updateAppMessageShareData: missing, updateTimelineShareData: missing },
    })
    expect(await outcome(page, `share({ title: 'Spring', imgUrl: '/spring.png' })`)).toMatchObject({
      value: {
        appMessage: { ok: true, api: 'onMenuShareAppMessage' },
        timeline: { api: 'onMenuShareTimeline' },
      },
    })
    await page.page.evaluate(`sandboxBridge.share('appMessage')`)
    await expect
      .poll(async () => (await page.calls()).find(({ name }) => name === 'sendAppMessage')?.args)
      .toMatchObject({ title: 'Spring', img_url: `${site.url}/spring.png` })
  })

  test.each(['ios', 'android', 'devtools'] as const)(
    'an invalid signature on %s is explained',
    async (profile) => {
      const page = await open(profile)
      kit.sandbox.addFault({ kind: 'wrong_ticket' })
      const { error } = await outcome(page, 'ready()')
      expect(error).toMatchObject({ code: 'invalid_signature', step: 'verify' })
      expect(error?.errMsg).toContain('invalid signature')
      expect(error?.message).toContain(`${site.url}/`)
      expect(error?.hintZh).toMatch(/ticket/)
      kit.sandbox.clearFaults()
      expect(await outcome(page, 'ready()')).toHaveProperty('value')
    },
  )

  test.each(['ios', 'devtools'] as const)('a domain that is not bound is said so on %s', async (profile) => {
    const page = await open(profile, '/', { safeDomains: ['h5.example.com'] })
    expect(await outcome(page, 'ready()')).toMatchObject({ error: { code: 'url_domain_not_bound' } })
    expect(await verifications(page)).toBe(1)
  })

  test('a ticket that went stale heals by itself', async () => {
    const page = await open('ios')
    expect(await outcome(page, 'ready()')).toHaveProperty('value')
    kit.sandbox.rotateTicket(builtInAccount.appId, 'jsapi')
    await page.page.reload()
    await page.page.waitForFunction('window.weixin')
    expect(await outcome(page, 'ready()')).toHaveProperty('value')
    expect((await steps(page)).map(({ step, ok }) => `${step} ${ok}`).slice(-5)).toEqual([
      'verify false',
      'rejected true',
      'signature true',
      'verify true',
      'config true',
    ])
  })

  test('a page on an origin that is not allowed is told where to add it', async () => {
    const page = await open('android', '/', { pageOrigins: ['https://h5.example.com'] })
    // The service gives a foreign origin no CORS headers, so the browser hides its answer from the page.
    expect(await outcome(page, 'ready()')).toMatchObject({
      error: { code: 'service_unavailable', step: 'signature', hint: expect.stringContaining('pageOrigins') },
    })
  })

  test('a service that is gone is reported', async () => {
    const page = await open('android')
    await service?.close(0)
    expect(await outcome(page, 'ready()')).toMatchObject({
      error: {
        code: 'service_unavailable',
        step: 'signature',
        hint: expect.stringContaining('options.service'),
      },
    })
  })

  test('outside WeChat everything is refused at once and nothing is asked', async () => {
    const page = await open('android', '/', { bridge: false, userAgent: 'Mozilla/5.0 Chrome/132.0.0.0' })
    for (const expression of ['ready()', `call('scanQRCode')`, `share({ title: 'a', imgUrl: '/a.png' })`])
      expect(await outcome(page, expression)).toMatchObject({ error: { code: 'not_in_wechat' } })
    await page.page.evaluate('void weixin.ready(); void weixin.call("scanQRCode")')
    expect(page.requests.filter((url) => !url.startsWith(site.url))).toEqual([])
    expect(page.requests.some((url) => /weixin-js-sdk|node_modules/.test(url))).toBe(false)
    expect(page.errors).toEqual([])
  })

  test('the signature needs no preflight', async () => {
    const page = await open('android')
    const methods: string[] = []
    page.page.on('request', (request) => methods.push(request.method()))
    expect(await outcome(page, 'ready()')).toHaveProperty('value')
    expect(methods).toContain('POST')
    expect(methods).not.toContain('OPTIONS')
  })
})
