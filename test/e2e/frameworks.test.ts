import { readFile } from 'node:fs/promises'
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
import type { MountOptions, Seen } from './frameworks/page.ts'
import { type Framework, serveDemoPages, serveFrameworkPages } from './frameworks/site.ts'

// The bindings as shipped, with the real frameworks, against the real service and a simulated WeChat that verifies.

const spring = { title: 'Spring', imgUrl: '/spring.png' }

describe.skipIf(!hasChromium)('useWeixin in Chromium', () => {
  let site: TestSite
  let demo: TestSite
  let kit: TestService
  let service: Listener | undefined
  let opened: OpenedPage | undefined
  let warnings: string[] = []

  beforeAll(async () => {
    site = await serveFrameworkPages(() => service?.url ?? '')
    demo = await serveDemoPages(() => service?.url ?? '')
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
    await demo.close()
  })

  const open = async (
    framework: Framework,
    profile: OpenPageOptions['profile'],
    path = '/',
    options: Partial<OpenPageOptions> = {},
  ): Promise<OpenedPage> => {
    kit = await createTestService({
      account: { pageOrigins: [site.url, demo.url] },
      sandbox: { accounts: [{ ...builtInAccount, safeDomains: ['127.0.0.1'] }] },
    })
    service = await listen(kit.service.app.fetch, { host: '127.0.0.1', port: 0 })
    opened = await openPage({
      profile,
      url: `${site.url}${path}?${framework}`,
      verify: (request) => kit.sandbox.verifyConfig(request),
      ...options,
    })
    warnings = []
    opened.page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) warnings.push(message.text())
    })
    if (options.url?.startsWith(demo.url) !== true) await opened.page.waitForFunction('window.app')
    return opened
  }

  const mount = ({ page }: OpenedPage, options: MountOptions = {}): Promise<void> =>
    page.evaluate(`app.mount(${JSON.stringify(options)})`)
  const now = ({ page }: OpenedPage): Promise<Seen> => page.evaluate('app.now()')
  const seen = ({ page }: OpenedPage): Promise<Seen[]> => page.evaluate('app.seen')
  const go = ({ page }: OpenedPage, to: string): Promise<void> =>
    page.evaluate(`app.go(${JSON.stringify(to)})`)
  const until = (page: OpenedPage, state: Partial<Seen>): Promise<void> =>
    expect.poll(() => now(page)).toMatchObject(state)
  const callsOf = async (page: OpenedPage, name: string) =>
    (await page.calls()).filter((call) => call.name === name)
  const verifications = async (page: OpenedPage) => (await callsOf(page, 'preVerifyJSAPI')).length
  const sharedTitles = async (page: OpenedPage) =>
    (await callsOf(page, 'updateAppMessageShareData')).map(({ args }) => args.title)
  const isQuiet = (page: OpenedPage) => expect([...page.errors, ...warnings]).toEqual([])

  /** WeChat takes its time with the first verdict: until `decide` is called. */
  const openUndecided = async (framework: Framework, profile: OpenPageOptions['profile']) => {
    let decide = (): void => undefined
    const decided = new Promise<void>((resolve) => {
      decide = resolve
    })
    const verify: OpenPageOptions['verify'] = async (request) => {
      await decided
      return kit.sandbox.verifyConfig(request)
    }
    return { page: await open(framework, profile, '/', { verify }), decide }
  }

  describe.each(['vue', 'react'] as const)('%s', (framework) => {
    test.each([
      ['ios', 'ios'],
      ['android', 'android'],
    ] as const)('a mounted component on %s becomes ready once and shares', async (profile, platform) => {
      const page = await open(framework, profile, '/shop')
      expect(await verifications(page)).toBe(0)
      await mount(page, { share: spring })
      const url = `${site.url}/shop?${framework}`
      await until(page, { status: 'ready', platform, url, link: url })
      const statuses = (await seen(page)).map(({ status }) => status)
      expect([...new Set(statuses)]).toEqual(['idle', 'verifying', 'ready'])
      expect(await seen(page)).toContainEqual({ status: 'idle', platform: 'unknown' })
      expect(await verifications(page)).toBe(1)
      expect(await sharedTitles(page)).toEqual(['Spring'])
      isQuiet(page)
    })

    test.each([
      ['ios', 1],
      ['android', 3],
    ] as const)('routes on %s are followed', async (profile, verified) => {
      const page = await open(framework, profile, '/shop')
      await mount(page, { share: spring })
      await until(page, { link: `${site.url}/shop?${framework}` })
      await go(page, '/dish?id=2#part')
      await until(page, { status: 'ready', link: `${site.url}/dish?id=2` })
      await go(page, '/dish?id=3#/reviews')
      await until(page, { link: `${site.url}/dish?id=3#/reviews` })
      expect(await page.page.evaluate(`app.weixin.call('scanQRCode', { needResult: 1 })`)).toMatchObject({
        resultStr: 'https://weixin.qq.com/r/sandbox',
      })
      expect(await verifications(page)).toBe(verified)
      // A page that was ready is ready for whoever looks, also while it verifies the next route.
      const statuses = (await seen(page)).map(({ status }) => status)
      expect(statuses.slice(statuses.indexOf('ready'))).not.toContain('verifying')
      isQuiet(page)
    })

    test('what is shared follows what the component shows', async () => {
      const page = await open(framework, 'ios')
      await mount(page, { share: spring })
      await until(page, { status: 'ready', link: `${site.url}/?${framework}` })
      await page.page.evaluate(`app.rename('Summer')`)
      await expect.poll(() => sharedTitles(page)).toEqual(['Spring', 'Summer'])
      await page.page.evaluate(`app.rename('Summer')`)
      await go(page, '/two')
      await expect.poll(() => sharedTitles(page)).toEqual(['Spring', 'Summer', 'Summer'])
      isQuiet(page)
    })

    test('a route that changes while WeChat verifies is the one that is shared', async () => {
      const { page, decide } = await openUndecided(framework, 'android')
      await mount(page, { share: spring })
      await expect.poll(() => verifications(page)).toBe(1)
      await go(page, '/two')
      decide()
      await until(page, { status: 'ready', link: `${site.url}/two` })
      expect((await callsOf(page, 'updateAppMessageShareData')).map(({ args }) => args.link)).toEqual([
        `${site.url}/two`,
      ])
      isQuiet(page)
    })

    test('a component that is gone follows nothing any more', async () => {
      const page = await open(framework, 'android')
      await page.page.evaluate(`
        window.listening = 0
        for (const [name, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
          const original = window[name]
          window[name] = (type, ...rest) => {
            if (type === 'pageshow') listening += step
            return original.call(window, type, ...rest)
          }
        }`)
      await mount(page, { share: spring })
      await until(page, { status: 'ready', link: `${site.url}/?${framework}` })
      expect(await page.page.evaluate('listening')).toBe(1)
      await page.page.evaluate('app.unmount()')
      expect(await page.page.evaluate('listening')).toBe(0)
      await go(page, '/two')
      await page.page.evaluate(`app.weixin.call('getNetworkType')`)
      expect(await sharedTitles(page)).toEqual(['Spring'])
      isQuiet(page)
    })

    test('a component that goes before WeChat has verified shares nothing', async () => {
      const { page, decide } = await openUndecided(framework, 'ios')
      await mount(page, { share: spring })
      await expect.poll(() => verifications(page)).toBe(1)
      await page.page.evaluate('app.unmount()')
      decide()
      await page.page.evaluate(`app.weixin.call('getNetworkType')`)
      expect(await sharedTitles(page)).toEqual([])
      isQuiet(page)
    })

    test('a page that comes back from the cache verifies and shares again', async () => {
      const page = await open(framework, 'ios')
      await mount(page, { share: spring })
      await until(page, { status: 'ready', link: `${site.url}/?${framework}` })
      await page.page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
      await expect.poll(() => sharedTitles(page)).toEqual(['Spring', 'Spring'])
      expect(await verifications(page)).toBe(2)
    })

    test('components that bring the same options share one verification', async () => {
      const page = await open(framework, 'android')
      await mount(page, { by: 'options', components: 3 })
      await until(page, { status: 'ready' })
      expect(await verifications(page)).toBe(1)
      expect(await sharedTitles(page)).toEqual([])
      isQuiet(page)
    })

    test('a failure is shown, and the next try is a new one', async () => {
      const page = await open(framework, 'ios')
      kit.sandbox.addFault({ kind: 'wrong_ticket' })
      await mount(page, { share: spring })
      await until(page, { status: 'failed', error: 'invalid_signature' })
      expect(await sharedTitles(page)).toEqual([])
      kit.sandbox.clearFaults()
      await page.page.evaluate('app.retry()')
      await until(page, { status: 'ready', error: undefined })
      expect((await seen(page)).map(({ status, error }) => `${status} ${error}`)).toContain(
        'verifying undefined',
      )
      expect(page.errors).toEqual([])
    })

    test('a share that WeChat would refuse is told apart from a page that is not ready', async () => {
      const page = await open(framework, 'ios')
      await mount(page, { share: { ...spring, link: 'https://example.org/' } })
      await until(page, { status: 'ready', shareError: 'invalid_argument' })
      isQuiet(page)
    })

    test('outside WeChat it says so, asks nobody and reports no error', async () => {
      const page = await open(framework, 'android', '/', {
        bridge: false,
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/132.0.0.0',
      })
      await mount(page, { share: spring })
      await until(page, { status: 'failed', error: 'not_in_wechat' })
      await page.page.evaluate('app.retry()')
      await go(page, '/two')
      await until(page, { status: 'failed', error: 'not_in_wechat' })
      expect(page.requests.filter((url) => !url.startsWith(site.url))).toEqual([])
      isQuiet(page)
    })

    test('what a server has rendered is taken over as it is', async () => {
      const page = await open(framework, 'ios', '/', { url: `${site.url}/?${framework}&rendered` })
      await page.page.evaluate(`window.before = document.querySelector('p')`)
      await mount(page, { hydrate: true })
      await until(page, { status: 'ready' })
      expect(await page.page.evaluate(`before === document.querySelector('p')`)).toBe(true)
      expect(await page.page.evaluate(`before.textContent`)).toBe('ready on ios')
      isQuiet(page)
    })
  })

  test('a vue component that is only kept alive leaves the share to the one that is seen', async () => {
    const page = await open('vue', 'android', '/kept')
    await mount(page)
    await expect.poll(() => sharedTitles(page)).toEqual(['/one'])
    await go(page, '/two')
    await expect.poll(() => sharedTitles(page)).toEqual(['/one', '/two'])
    await go(page, '/two?id=2')
    await expect.poll(() => sharedTitles(page)).toEqual(['/one', '/two', '/two'])
    await go(page, '/kept')
    await expect.poll(() => sharedTitles(page)).toEqual(['/one', '/two', '/two', '/one'])
    isQuiet(page)
  })

  test.each([
    ['vue', 'ios', 'zh-CN', '微信已接受签名'],
    ['react', 'android', 'en-US', 'WeChat accepted the signature'],
  ] as const)('the demo page of %s works on %s', async (framework, profile, locale, accepted) => {
    const start = `${demo.url}/demo/${framework}/`
    const page = await open(framework, profile, '/', { url: start, context: { locale } })
    const text = (selector: string) => page.page.locator(selector).textContent()
    await expect.poll(() => text('.menu-status')).toBe(accepted)
    await expect.poll(() => text('.menu-shared')).toBe(start)
    await page.page.locator('.menu-dish').nth(1).click()
    await expect.poll(() => text('.menu-shared')).toBe(`${start}?dish=shrimp`)
    await page.page.locator('.menu-card button').click()
    await expect.poll(() => text('.menu-scanned')).toContain('https://weixin.qq.com/r/sandbox')
    await page.page.goBack()
    await expect.poll(() => text('.menu-shared')).toBe(start)
    expect((await sharedTitles(page)).map((title) => String(title).slice(-3))).toEqual(['¥18', '¥88', '¥18'])
    isQuiet(page)
  })

  test.each(['vue', 'react'] as const)('the page of %s holds one copy of the client', async (framework) => {
    const page = await open(framework, 'ios')
    const scripts = page.requests.filter((url) => url.endsWith('.js'))
    const code = await page.page.evaluate(
      `Promise.all(${JSON.stringify(scripts)}.map((url) => fetch(url).then((file) => file.text())))`,
    )
    const capture = 'landingUrl = typeof location'
    const own = await readFile(new URL('../../dist/client/landing-url.js', import.meta.url), 'utf8')
    expect(own).toContain(capture)
    expect(String(code).split(capture)).toHaveLength(2)
  })
})
