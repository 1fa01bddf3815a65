import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { texts } from '../../demo/page/texts.ts'
import type { BridgeProfile } from '../../demo/sandbox/bridge/index.ts'
import { type RunningDemo, startDemo } from '../../demo/start.ts'
import { createLogger } from '../../server/observability/logger.ts'
import { closeBrowser, hasChromium, openBrowser } from '../support/browser.ts'

// The page as `npm start` serves it, built, with the service and the sandbox behind it.

interface Visit {
  page: Page
  /** Uncaught errors, and whatever the browser's policy blocked. */
  errors: string[]
  /** Hosts of all requests. */
  hosts: Set<string>
}

interface VisitOptions {
  /** Which WeChat the page is in; none is an ordinary browser. */
  profile?: BridgeProfile
  locale?: 'zh-CN' | 'en-US'
}

const strictPolicy = (sandboxUrl: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${sandboxUrl}`,
    "style-src 'self'",
    "img-src 'self' data: weixin: wxlocalresource:",
    `connect-src 'self' ${sandboxUrl}`,
  ].join('; ')

describe.skipIf(!hasChromium)('the demo page', () => {
  let folder: string
  let demo: RunningDemo
  let sandboxUrl: string
  let contexts: BrowserContext[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-page-'))
    demo = await startDemo({
      port: 0,
      sandboxPort: 0,
      databaseFile: join(folder, 'demo.db'),
      logger: createLogger({ level: 'silent' }),
    })
    sandboxUrl = demo.phoneUrl ?? ''
  })
  beforeEach(() => {
    // Past the pause that the service makes after a failure in the test before.
    demo.sandbox?.clearFaults()
    demo.sandbox?.clock.advance(60_000)
  })
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    contexts = []
  })
  afterAll(async () => {
    await closeBrowser()
    await demo?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const visit = async ({ profile, locale = 'zh-CN' }: VisitOptions): Promise<Visit> => {
    const browser = await openBrowser()
    const context = await browser.newContext({ locale, viewport: { width: 390, height: 844 } })
    contexts.push(context)
    const page = await context.newPage()
    const errors: string[] = []
    const hosts = new Set<string>()
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) errors.push(message.text())
    })
    page.on('request', (request) => {
      if (request.url().startsWith('http')) hosts.add(new URL(request.url()).hostname)
    })
    // As early as a header would: as soon as there is a head to put it in.
    await context.addInitScript((policy) => {
      const meta = document.createElement('meta')
      meta.httpEquiv = 'Content-Security-Policy'
      meta.content = policy
      new MutationObserver((_, observer) => {
        if (document.head === null) return
        observer.disconnect()
        document.head.prepend(meta)
      }).observe(document, { childList: true, subtree: true })
    }, strictPolicy(sandboxUrl))
    // The phone names its frame so; the bridge script of the sandbox installs itself only there.
    if (profile !== undefined) {
      const name = JSON.stringify({ wxSandbox: { profile, sandbox: sandboxUrl } })
      await context.addInitScript((given) => {
        window.name = given
      }, name)
    }
    await page.goto(demo.pageUrl)
    return { page, errors, hosts }
  }

  const becomesReady = (page: Page): Promise<unknown> => page.waitForSelector('.hero-state .dot-ready')

  const faultOutcome = async (page: Page): Promise<string> => {
    await page.waitForSelector('.fault-result :is(.box-failed, .box-ready)')
    return page.innerText('.fault-result')
  }

  test.each(['ios', 'android', 'harmony', 'windows', 'mac', 'devtools'] as const)(
    'becomes ready in WeChat on %s under a strict policy, and asks nobody outside this machine',
    async (profile) => {
      const { page, errors, hosts } = await visit({ profile })
      await becomesReady(page)
      expect(await page.locator('.step-done').count()).toBe(6)
      expect(await page.innerText('#signature .fact-code')).toBe(demo.pageUrl)
      expect(errors).toEqual([])
      expect([...hosts]).toEqual(['localhost'])
    },
  )

  test.each([
    ['zh-CN', texts.zh],
    ['en-US', texts.en],
  ] as const)('takes, chooses and opens a card in %s, and says it in plain words', async (locale, words) => {
    const { page, errors } = await visit({ profile: 'android', locale })
    await becomesReady(page)
    await page.click('[data-card=take]')
    await page.waitForSelector(`#cards .box-ready:has-text("${words.cards.taken}")`)
    await page.click('[data-card=choose]')
    await page.waitForSelector(`#cards .box-ready:has-text("${words.cards.chosen(1)}")`)
    await page.click('[data-card=open]')
    await page.waitForSelector(`#cards .box-ready:has-text("${words.cards.opened}")`)
    await page.click('[data-card=gone]')
    await page.waitForSelector(`#cards .box-failed:has-text("${words.failure.codes.card_failed.what}")`)
    expect(errors).toEqual([])
  })

  test.each([
    ['zh-CN', texts.zh],
    ['en-US', texts.en],
  ] as const)('each fault is told in plain words in %s, and clearing heals', async (locale, words) => {
    const { page } = await visit({ profile: 'ios', locale })
    await becomesReady(page)
    const { codes, problems } = words.failure
    const expected = {
      wrong_ticket: [codes.invalid_signature.what, codes.invalid_signature.why, 'invalid_signature'],
      busy: [problems.wechat_busy.what, problems.wechat_busy.why, problems.wechat_busy.fix, 'wechat_busy'],
      domain_not_bound: [codes.url_domain_not_bound.what, codes.url_domain_not_bound.why],
    }
    for (const [fault, sentences] of Object.entries(expected)) {
      await page.click(`[data-fault=${fault}]`)
      const said = await faultOutcome(page)
      for (const sentence of sentences) expect(said, fault).toContain(sentence)
      // The same words stand where the signature failed.
      expect(await page.innerText('#signature .box-failed')).toContain(sentences[0])

      await page.click('[data-clear-faults]')
      await page.waitForSelector('.fault-result .box-ready')
      expect(await page.innerText('.fault-result'), fault).toContain(words.faults.healed.why)
      expect(await page.locator('#signature .box-failed').count()).toBe(0)
    }
  })

  test('a slow WeChat delays one visitor, and the page says so', async () => {
    const { page } = await visit({ profile: 'android', locale: 'en-US' })
    await becomesReady(page)
    await page.click('[data-fault=slow]')
    expect(await faultOutcome(page)).toContain(texts.en.faults.survived.why)
    const slowPaths = demo.sandbox
      ?.calls()
      .flatMap(({ path, faults }) => (faults?.includes('slow') ? [path] : []))
    expect(slowPaths).toContain('cgi-bin/ticket/getticket')
  })

  test('a fault outlives a reload, and so does the way to clear it', async () => {
    const { page } = await visit({ profile: 'ios' })
    await becomesReady(page)
    await page.click('[data-fault=wrong_ticket]')
    await faultOutcome(page)
    await page.reload()
    await page.waitForSelector('[data-fault=wrong_ticket][aria-checked=true]')
    expect(await faultOutcome(page)).toContain(texts.zh.failure.codes.invalid_signature.what)
    await page.click('[data-fault=wrong_ticket]')
    await becomesReady(page)
    expect(demo.sandbox?.snapshot().faults).toEqual([])
  })

  test('sets the share data that was typed, and shows which APIs took it', async () => {
    const { page } = await visit({ profile: 'ios', locale: 'en-US' })
    await page.fill('input[name=title]', "Tom's table")
    await page.click('#share button[type=submit]')
    const report = await page.innerText('#share .box-ready')
    expect(report).toContain('updateAppMessageShareData')
    expect(report).toContain('updateTimelineShareData')
    expect(await page.textContent('#share .code-text')).toContain("title: 'Tom\\'s table'")
  })

  test('shows what a call gave, and keeps it in the log', async () => {
    const { page } = await visit({ profile: 'android', locale: 'en-US' })
    await page.click('.tile:has-text("getNetworkType")')
    expect(await page.innerText('.call-result .box-ready')).toContain('wifi')
    expect(await page.innerText('.log-entry:first-child')).toContain('getNetworkType:ok')
  })

  test('outside WeChat it says so, links to the phone, and its buttons tell the same', async () => {
    const { page, errors } = await visit({ locale: 'en-US' })
    expect(await page.innerText('.box-notice')).toContain(texts.en.outside.title)
    expect(await page.getAttribute('.box-notice a', 'href')).toBe(sandboxUrl)
    await page.click('.tile:has-text("scanQRCode")')
    expect(await page.innerText('.call-result .box-outside')).toContain('not_in_wechat')
    expect(errors).toEqual([])
  })

  test('the chosen language is kept, and typed words stay', async () => {
    const { page } = await visit({ profile: 'ios' })
    expect(await page.innerText('h1')).toBe(texts.zh.hero.title)
    await page.fill('input[name=desc]', '今天的菜单')
    await page.click('.language:has-text("EN")')
    expect(await page.innerText('h1')).toBe(texts.en.hero.title)
    expect(await page.inputValue('input[name=title]')).toBe(texts.en.share.suggested.title)
    expect(await page.inputValue('input[name=desc]')).toBe('今天的菜单')
    await page.reload()
    expect(await page.innerText('h1')).toBe(texts.en.hero.title)
    expect(await page.getAttribute('html', 'lang')).toBe('en')
  })

  test.each([
    ['ios', true],
    ['android', false],
  ] as const)(
    'on %s a landing with identity is signed, and cleaned from the address',
    async (profile, told) => {
      const { page, errors } = await visit({ profile, locale: 'en-US' })
      await becomesReady(page)
      const [landing] = await Promise.all([
        page.waitForRequest((request) => request.url().startsWith(`${demo.pageUrl}?`)),
        page.click('#who [data-who=snsapi_base]'),
      ])
      const identity = demo.sandbox?.identityOf('follower')
      expect(landing.url()).toContain(`openid=${identity?.openid}`)
      await page.waitForSelector(`#who [data-verified="${identity?.openid}"]`)
      await becomesReady(page)
      // Each platform verifies the address it goes by: iOS the one of the first load, Android the one of now.
      const signed = await page.innerText('#signature .fact-code')
      expect(signed.includes('openid=')).toBe(told)
      expect(await page.locator('.step-failed').count()).toBe(0)
      expect(page.url()).not.toMatch(/openid|ticket|unionid/)
      expect(await page.inputValue('#share input[name=link]')).not.toMatch(/openid|ticket|unionid/)
      expect(errors).toEqual([])
    },
  )

  test.each([
    ['zh-CN', texts.zh],
    ['en-US', texts.en],
  ] as const)('without a port it says in %s what to configure', async (locale, words) => {
    const { page } = await visit({ profile: 'ios', locale })
    await page.route('**/demo/config.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace('portId:4', 'portId:null') })
    })
    await page.reload()
    const said = await page.innerText('#who .box-outside')
    expect(said).toContain(words.who.unconfigured.what)
    expect(said).toContain('"portIds": [4]')
    expect(await page.locator('#who [data-who]').count()).toBe(0)
    await becomesReady(page)
  })

  test('where there is no backend it says that nobody verifies, and outside WeChat that nobody can ask', async () => {
    const { page, errors } = await visit({ locale: 'en-US' })
    await page.click('#who [data-who=snsapi_base]')
    expect(await page.innerText('#who .box-outside')).toContain('not_in_wechat')
    await page.route('**/demo/api/session', (route) =>
      route.fulfill({ status: 404, json: { code: 'not_found' } }),
    )
    await page.reload()
    expect(await page.innerText('#who [data-no-backend]')).toBe(texts.en.who.noBackend)
    expect(errors).toEqual([])
  })

  test('fits a narrow phone and has touch targets of 44 pixels', async () => {
    const { page } = await visit({ profile: 'ios', locale: 'en-US' })
    await page.setViewportSize({ width: 360, height: 740 })
    await becomesReady(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    const heights = await page
      .locator('button:visible:not(.language), summary:visible, input:visible')
      .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().height))
    expect(heights.length).toBeGreaterThan(20)
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
  })
})
