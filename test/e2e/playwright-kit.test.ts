import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  builtInAccount,
  type InstallWeixinOptions,
  installWeixin,
  type Sandbox,
  serveSandbox,
  type WeixinInPage,
} from '../../demo/sandbox/index.ts'
import { type Listener, listen } from '../../server/http/listen.ts'
import { closeBrowser, hasChromium, openBrowser } from '../support/browser.ts'
import type { TestSite } from '../support/browser-page.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { serveClientPage } from './client-site.ts'

// `installWeixin` as users of Playwright call it, with a page that uses the client and a real service behind it.

describe.skipIf(!hasChromium)('installWeixin', () => {
  let site: TestSite
  let kit: TestService
  let service: Listener
  let context: BrowserContext | undefined

  beforeAll(async () => {
    site = await serveClientPage(() => service.url)
    kit = await createTestService({
      account: { pageOrigins: [site.url] },
      sandbox: { accounts: [{ ...builtInAccount, safeDomains: ['127.0.0.1'] }] },
    })
    service = await listen(kit.service.app.fetch, { host: '127.0.0.1', port: 0 })
  })
  afterEach(async () => {
    await context?.close()
    context = undefined
    kit.sandbox.clearFaults()
  })
  afterAll(async () => {
    await closeBrowser()
    await service.close(0)
    await kit.service.close()
    await site.close()
  })

  const newPage = async (): Promise<Page> => {
    context = await (await openBrowser()).newContext()
    return context.newPage()
  }
  const open = async (
    options: Partial<InstallWeixinOptions> = {},
    path = '/',
  ): Promise<{ page: Page; weixin: WeixinInPage; sandbox: Sandbox }> => {
    const page = await newPage()
    const weixin = await installWeixin(page, { profile: 'ios', sandbox: kit.sandbox, ...options })
    await page.goto(site.url + path)
    await page.waitForFunction('window.weixin')
    return { page, weixin, sandbox: kit.sandbox }
  }
  const outcome = (page: Page, expression: string): Promise<unknown> =>
    page.evaluate(`weixin.${expression}.then((value) => ({ value }), ({ code }) => ({ code }))`)
  const scan = (page: Page): Promise<unknown> => outcome(page, `call('scanQRCode', { needResult: 1 })`)

  test.each([
    ['ios', 'iPhone', '/landed?code=1'],
    ['android', 'Linux aarch64', '/now'],
  ] as const)('puts the WeChat of %s around a page', async (profile, platform, verified) => {
    const { page, weixin } = await open({ profile }, '/landed?code=1')
    await page.evaluate(`history.replaceState({}, '', '/now')`)
    expect(await outcome(page, 'ready()')).toMatchObject({ value: { url: site.url + verified } })
    expect(await page.evaluate('navigator.platform')).toBe(platform)
    expect((await weixin.calls()).map(({ name }) => name)).toContain('preVerifyJSAPI')
    expect(weixin.verdicts).toMatchObject([
      { request: { profile, appId: builtInAccount.appId }, answer: { errMsg: 'pre_verify_jsapi:ok' } },
    ])
  })

  test('requests carry the user agent that scripts see', async () => {
    const heard: (string | undefined)[] = []
    const server = createServer(({ headers }, response) => {
      heard.push(headers['user-agent'])
      response.end('<!doctype html><title>Echo</title><link rel="icon" href="data:,">')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const page = await newPage()
    await installWeixin(page, { profile: 'android', sandbox: kit.sandbox })
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(heard).toEqual([await page.evaluate('navigator.userAgent')])
    expect(heard[0]).toContain('MicroMessenger/')
    server.closeAllConnections()
    server.close()
  })

  test('verifies at a sandbox that runs elsewhere', async () => {
    const served = await serveSandbox(kit.sandbox, { port: 0 })
    try {
      const { page, weixin } = await open({ sandbox: `${served.url}/` })
      expect(await outcome(page, 'ready()')).toHaveProperty('value')
      expect(weixin.verdicts).toHaveLength(1)
    } finally {
      await served.close()
    }
  })

  test('the person answers as told, and agrees to what nobody spoke about', async () => {
    let asked = 0
    const { page, weixin } = await open({
      person: {
        scan: ({ scanType }) => {
          asked += 1
          return { text: `table ${asked} of ${scanType.join()}` }
        },
      },
    })
    expect(await scan(page)).toMatchObject({ value: { resultStr: 'table 1 of qrCode,barCode' } })
    expect(await scan(page)).toMatchObject({ value: { resultStr: 'table 2 of qrCode,barCode' } })
    expect(await outcome(page, `call('getNetworkType')`)).toMatchObject({ value: { networkType: 'wifi' } })

    weixin.person({ scan: 'cancel', networkType: '4g', location: 'deny' })
    expect(await scan(page)).toEqual({ code: 'cancelled' })
    expect(await outcome(page, `call('getNetworkType')`)).toMatchObject({ value: { networkType: '4g' } })
    expect(await outcome(page, `call('getLocation')`)).toEqual({ code: 'permission_denied' })

    weixin.person({ denies: (name) => name === 'scanQRCode' })
    expect(await scan(page)).toEqual({ code: 'permission_denied' })
    expect(await outcome(page, `call('chooseImage')`)).toHaveProperty('value.localIds')
  })

  test('sharing gives the card that others would see', async () => {
    const { page, weixin } = await open()
    await outcome(page, 'ready()')
    expect(await weixin.share('appMessage')).toMatchObject({ title: 'Client page', from: 'page' })
    await outcome(page, `share({ title: 'Spring', desc: 'New', imgUrl: '/spring.png' })`)
    expect(await weixin.share('appMessage')).toEqual({
      title: 'Spring',
      desc: 'New',
      link: `${site.url}/`,
      imgUrl: `${site.url}/spring.png`,
      from: 'share-data',
    })
    expect(await weixin.share('timeline')).toMatchObject({ title: 'Spring', from: 'share-data' })
  })

  test('sharing from an old client asks the page, and says so when the page is silent', async () => {
    const missing = { err_msg: 'system:function_not_exist' }
    const { page, weixin } = await open({
      profile: 'android',
      answers: { updateAppMessageShareData: missing, updateTimelineShareData: missing },
    })
    await outcome(page, `share({ title: 'Spring', imgUrl: '/spring.png' })`)
    expect(await weixin.share('appMessage')).toMatchObject({ title: 'Spring', from: 'menu-event' })
    await page.evaluate(`WeixinJSBridge.on('menu:share:timeline', () => undefined)`)
    await expect(weixin.share('timeline', 30)).rejects.toThrow(/no card for timeline within 30 ms/)
  })

  test('events of the client reach the page', async () => {
    const { page, weixin } = await open()
    await outcome(page, `call('onVoiceRecordEnd', { listener: ({ localId }) => { window.heard = localId } })`)
    await weixin.push('onVoiceRecordEnd', { localId: 'weixin://voice', err_msg: 'onVoiceRecordEnd:ok' })
    await expect.poll(() => page.evaluate('window.heard')).toBe('weixin://voice')
  })

  test.each(['in this process', 'elsewhere'])('cards are kept by a sandbox %s', async (where) => {
    const served = where === 'elsewhere' ? await serveSandbox(kit.sandbox, { port: 0 }) : undefined
    const [card] = kit.sandbox.snapshot().accounts[0]?.cards ?? []
    const cardId = String(card?.cardId)
    expect(cardId).toMatch(/^p/)
    const { page, weixin } = await open({ sandbox: served?.url ?? kit.sandbox, profile: 'android' })
    const cardExt = JSON.stringify({ timestamp: '1', nonce_str: 'n', signature: 'forged' })
    const cardList = [{ cardId, cardExt }]
    await outcome(page, `call('addCard', ${JSON.stringify({ cardList })})`)
    await expect.poll(() => weixin.cardVerdicts).toMatchObject([{ call: 'batchAddCard' }])
    expect(JSON.stringify(weixin.cardVerdicts)).toContain(cardId)
    await served?.close()
  })

  test('a refusal explains itself to the test', async () => {
    const { page, weixin, sandbox } = await open()
    sandbox.addFault({ kind: 'wrong_ticket' })
    expect(await outcome(page, 'ready()')).toEqual({ code: 'invalid_signature' })
    expect(weixin.verdicts.at(-1)?.answer.explanation).toMatchObject({
      verifiedUrl: `${site.url}/`,
      fix: expect.stringMatching(/fault/),
    })
  })

  test('it lasts for every document, and leaves frames alone', async () => {
    const { page, weixin } = await open()
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '/frame' }))`,
    )
    await expect.poll(() => page.frames().length).toBe(2)
    await page.frames()[1]?.waitForFunction('window.weixin')
    expect(await page.frames()[1]?.evaluate('typeof WeixinJSBridge')).toBe('undefined')
    await outcome(page, 'ready()')
    await page.goto(`${site.url}/second`)
    await page.waitForFunction('window.weixin')
    expect(await weixin.calls()).toEqual([])
    await outcome(page, 'ready()')
    expect(weixin.verdicts.map(({ request }) => request.landingUrl)).toEqual([
      `${site.url}/`,
      `${site.url}/second`,
    ])
  })

  test('what is wrong is said at once', async () => {
    const page = await newPage()
    const nobody = 'http://127.0.0.1:9'
    await expect(installWeixin(page, { profile: 'ios', sandbox: nobody })).rejects.toThrow(
      /no sandbox at http:\/\/127\.0\.0\.1:9\. Start one with "npx wx-h5 sandbox"/,
    )
    await expect(installWeixin(page, { profile: 'ios', sandbox: site.url })).rejects.toThrow(/no sandbox at/)
    await expect(installWeixin(page, { profile: 'ios', sandbox: kit.sandbox })).resolves.toBeDefined()
  })

  test('before the page is opened there is nothing to ask', async () => {
    const page = await newPage()
    const weixin = await installWeixin(page, { profile: 'ios', sandbox: kit.sandbox })
    await expect(weixin.calls()).rejects.toThrow(/call installWeixin before page\.goto/)
    await expect(installWeixin(page, { profile: 'ios', sandbox: kit.sandbox })).rejects.toThrow(/twice/)
  })
})
