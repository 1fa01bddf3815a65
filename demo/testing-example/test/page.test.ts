import { existsSync } from 'node:fs'
import type { Hono } from 'hono'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { installWeixin } from 'wx-h5-kit/sandbox'
import { createBackend } from '../src/backend.ts'
import { origin, sandbox, settings, wechat } from './wechat.ts'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

describe.skipIf(!existsSync(executablePath))(
  'the page',
  () => {
    let browser: Browser
    let backend: Hono
    let page: Page

    beforeAll(async () => {
      wechat.listen({ onUnhandledRequest: 'error' })
      backend = await createBackend(settings)
      browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox'] })
    }, 60_000)
    afterEach(() => page.close())
    afterAll(async () => {
      await browser.close()
      wechat.close()
    })

    /** Opens the page in WeChat. Its domain needs no server: the backend answers in this process. */
    const open = async (profile: 'ios' | 'android') => {
      page = await browser.newPage()
      await page.route(`${origin}/**`, async (route) => {
        const request = route.request()
        const answer = await backend.request(request.url(), {
          method: request.method(),
          headers: request.headers(),
          body: request.postData(),
        })
        await route.fulfill({
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: await answer.text(),
        })
      })
      const weixin = await installWeixin(page, { profile, sandbox })
      await page.goto(`${origin}/`)
      return weixin
    }

    test.each(['ios', 'android'] as const)('a friend on %s gets a card of the menu', async (profile) => {
      const weixin = await open(profile)
      await expect
        .poll(() => weixin.share('appMessage'), { timeout: 10_000 })
        .toEqual({
          title: 'Spring menu',
          desc: 'Fresh every day',
          link: `${origin}/`,
          imgUrl: `${origin}/spring.png`,
          from: 'share-data',
        })
      expect(weixin.verdicts.map(({ answer }) => answer.errMsg)).toEqual(['pre_verify_jsapi:ok'])
    })

    test('scanning finds the table, and who cancels has none', async () => {
      const weixin = await open('ios')
      weixin.person({ scan: { text: 'table 12' } })
      await page.click('#scan')
      await page.waitForSelector('text=You sit at table 12')

      weixin.person({ scan: 'cancel' })
      await page.click('#scan')
      await page.waitForSelector('text=No table yet')
    })
  },
  60_000,
)
