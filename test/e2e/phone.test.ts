import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { texts } from '../../demo/page/texts.ts'
import { words } from '../../demo/phone/words.ts'
import type { VisitorIdentity } from '../../demo/sandbox/index.ts'
import { type RunningDemo, startDemo } from '../../demo/start.ts'
import { createLogger } from '../../server/observability/logger.ts'
import { closeBrowser, hasChromium, openBrowser } from '../support/browser.ts'

// The phone as `npm start` serves it, built, with the demo page in its frame and everything behind it.

interface Phone {
  page: Page
  /** The document inside the phone, whichever it is now. */
  inside: FrameLocator
  /** Uncaught errors, of the phone and of what is inside. */
  errors: string[]
}

interface PhoneOptions {
  profile?: 'ios' | 'android'
  language?: 'zh' | 'en'
  /** Opened in the phone instead of the demo page. */
  open?: string
}

const en = (word: keyof typeof words): string => words[word][1]

describe.skipIf(!hasChromium)('the phone', () => {
  let folder: string
  let demo: RunningDemo
  let phoneUrl: string
  let contexts: BrowserContext[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-phone-'))
    demo = await startDemo({
      port: 0,
      sandboxPort: 0,
      databaseFile: join(folder, 'demo.db'),
      logger: createLogger({ level: 'silent' }),
    })
    phoneUrl = demo.phoneUrl ?? ''
  })
  beforeEach(() => {
    demo.sandbox?.clearFaults()
    demo.sandbox?.setOAuth({ doubleCallback: false, refusal: 'stays', cookiesLost: false })
    // Past the pause that the service makes after a failure in the test before.
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

  const openPhone = async (options: PhoneOptions = {}): Promise<Phone> => {
    const { profile = 'ios', language = 'en', open } = options
    const browser = await openBrowser()
    const context = await browser.newContext({
      // The phone tells the page light or dark itself; an emulated scheme would reach into the frame.
      colorScheme: null,
      locale: language === 'zh' ? 'zh-CN' : 'en-US',
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
    })
    contexts.push(context)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    const query = new URLSearchParams({ profile, language, theme: 'light' })
    if (open !== undefined) query.set('page', open)
    await page.goto(`${phoneUrl}/?${query}`)
    return { page, inside: page.frameLocator('.page iframe'), errors }
  }

  const becomesReady = ({ inside }: Phone): Promise<void> =>
    inside.locator('.hero-state .dot-ready').waitFor()

  const lookAs = async ({ page, inside }: Phone, visitor: string): Promise<void> => {
    await page.click('.visitor-button')
    // The page opens anew: what was drawn in the old one is no answer.
    await inside.locator('body').evaluate((body) => body.setAttribute('data-old', ''))
    await page.click(`[data-visitor=${visitor}]`)
    await inside.locator('body:not([data-old]) #who [data-phase]:not([data-phase=asking])').waitFor()
  }

  const identity = (visitor: string): VisitorIdentity => {
    const found = demo.sandbox?.identityOf(visitor)
    if (found === undefined) throw new Error('This demo has no sandbox.')
    return found
  }

  /** What the page's own backend says, asked from inside the page. */
  const session = ({ inside }: Phone): Promise<{ person: Record<string, unknown> | null }> =>
    inside.locator('body').evaluate(async () => (await fetch('api/session')).json())

  const isGreeted = async (phone: Phone, visitor: string): Promise<string> => {
    const { openid } = identity(visitor)
    const box = phone.inside.locator(`#who [data-verified="${openid}"]`)
    await box.waitFor()
    expect((await session(phone)).person).toMatchObject({ openid })
    return box.innerText()
  }

  const press = ({ inside }: Phone, name: string): Promise<void> =>
    inside.locator(`#who [data-who=${name}]`).click()

  const barTitle = async ({ page }: Phone, title: string): Promise<void> => {
    await page.locator('.nav-title', { hasText: title }).waitFor()
  }

  describe('around a page', () => {
    test.each(['ios', 'android'] as const)('shows it ready on %s, under its title', async (profile) => {
      const phone = await openPhone({ profile })
      await becomesReady(phone)
      await barTitle(phone, texts.en.title)
      expect(await phone.page.inputValue('.address')).toBe(demo.pageUrl)
      expect(await phone.inside.locator('.step-done').count()).toBe(6)
      expect(phone.errors).toEqual([])
    })

    test.each(['ios', 'android'] as const)('shows on %s the card that the page has set', async (profile) => {
      const phone = await openPhone({ profile })
      const { page, inside } = phone
      await inside.locator('input[name=title]').fill('Three tables left')
      await inside.locator('input[name=desc]').fill('Tonight, by the window')
      await inside.locator('#share button[type=submit]').click()
      await inside.locator('#share .box-ready').waitFor()
      await page.click('.nav-menu')
      await page.click(`.tile:has-text("${en('sendToFriend')}")`)
      expect(await page.innerText('.share-sheet .bubble-title')).toBe('Three tables left')
      expect(await page.innerText('.share-sheet .bubble-desc')).toBe('Tonight, by the window')
      expect(await page.innerText('.share-origin')).toContain(en('fromShareData'))
      expect(await page.innerText('.share-origin')).toContain(demo.pageUrl)
      await page.click(`.share-sheet .green-button`)
      await page.waitForSelector(`.toast:has-text("${en('sent')}")`)
    })

    test('hands a picked code to the page, and tells cancelling from failing', async () => {
      const phone = await openPhone()
      const { page, inside } = phone
      await becomesReady(phone)
      const scan = inside.locator('.tile', { hasText: 'scanQRCode' })
      await scan.click()
      await page.click('.scan-code:has-text("COUPON-2026-8888")')
      expect(await inside.locator('.call-result .box-ready').innerText()).toContain('COUPON-2026-8888')
      await scan.click()
      await page.click('.scan-head button')
      expect(await inside.locator('.call-result .box-outside').innerText()).toContain(
        texts.en.failure.codes.cancelled.what,
      )
    })

    test('explains a refused signature: why, and the string WeChat hashes', async () => {
      const phone = await openPhone()
      const { page, inside } = phone
      await becomesReady(phone)
      await page.click('#tab-faults')
      await page.click(`.switch-row:has-text("${en('wrong_ticket')}")`)
      await page.waitForSelector(`[data-key="${en('wrong_ticket')}"]:checked`, { state: 'attached' })
      await page.click(`.address-line button`)
      const why = await page.innerText('.why')
      expect(why).toContain('invalid signature')
      expect(why).toContain(en('fix'))
      expect(why).toContain('jsapi_ticket=')
      expect(why).toContain(`url=${demo.pageUrl}`)
      expect(why).toContain(en('signed'))
      await inside.locator('#signature .box-failed').waitFor()
    })

    test.each(['ios', 'android'] as const)(
      'shows on %s a card to take, the cards one has, and the card taken',
      async (profile) => {
        const phone = await openPhone({ profile })
        const { page, inside } = phone
        await becomesReady(phone)
        expect(await inside.locator('[data-card=open]').isDisabled()).toBe(true)
        await inside.locator('[data-card=take]').click()
        const face = await page.innerText('.card-offer .card-face')
        for (const text of ['沙箱公众号', '拿铁第二杯半价', 'Group-buying coupon'])
          expect(face).toContain(text)
        await page.click(`.card-sheet .green-button`)
        expect(await inside.locator('#cards .box-ready').innerText()).toContain(texts.en.cards.taken)
        const code = demo.sandbox?.cards()[0]?.taken.at(-1)?.code ?? ''
        expect(code).toMatch(/^\d{12}$/)

        await inside.locator('[data-card=choose]').click()
        await page.click(`.card-choice:has-text("${code}")`)
        await page.click('.card-sheet .green-button')
        await inside.getByText(texts.en.cards.chosen(1)).waitFor()

        await inside.locator('[data-card=open]').click()
        expect(await page.innerText('.card-view .card-code')).toBe(code)
        await page.click('.card-view .round-button')
        await inside.getByText(texts.en.cards.opened).waitFor()
        expect(phone.errors).toEqual([])
      },
    )

    test('tells cancelling a card from failing', async () => {
      const phone = await openPhone()
      const { page, inside } = phone
      await becomesReady(phone)
      await inside.locator('[data-card=take]').click()
      await page.click(`.card-sheet .text-button:has-text("${en('cancel')}")`)
      await inside.locator('#cards', { hasText: texts.en.failure.codes.cancelled.what }).waitFor()
      await inside.locator('[data-card=take]').click()
      await page.click(`.card-sheet .text-button:has-text("${en('makeFail')}")`)
      await inside.locator('#cards', { hasText: texts.en.failure.codes.card_failed.what }).waitFor()
      await inside.locator('[data-card=choose]').click()
      await page.waitForSelector('.card-sheet')
      await page.keyboard.press('Escape')
      await inside.locator('#cards', { hasText: texts.en.failure.codes.cancelled.what }).waitFor()
    })

    test("a card that is gone shows WeChat's own words, and the sandbox says why", async () => {
      const phone = await openPhone()
      const { page, inside } = phone
      await becomesReady(phone)
      await inside.locator('[data-card=gone]').click()
      expect(await page.innerText('.card-offer.refused .card-text')).toBe('已领完(addcard)')
      expect(await page.innerText('.card-offer.refused .card-why')).toContain('out of stock')
      expect(await page.innerText('.panel .why')).toContain('out of stock')
      await page.click('.card-sheet .green-button')
      await inside.locator('#cards', { hasText: texts.en.failure.codes.card_failed.what }).waitFor()
    })

    test('a card signed with another ticket shows what was put together and where the signature differs', async () => {
      const phone = await openPhone({ language: 'zh' })
      const { page, inside } = phone
      await becomesReady(phone)
      await inside.locator('[data-card=take]').click()
      await page.click('.card-sheet .green-button')
      await inside.locator('#cards .box-ready').waitFor()
      // Somebody else asks for a ticket: the one the service holds is worth nothing from now on.
      demo.sandbox?.rotateTicket(demo.sandbox.snapshot().accounts[0]?.appId ?? '', 'wx_card')
      await inside.locator('[data-card=take]').click()
      expect(await page.innerText('.card-offer.refused .card-text')).toBe('签名错误(addcard)')
      const why = page.locator('.card-offer.refused .card-why')
      for (const name of ['api_ticket', 'timestamp', 'nonce_str', 'card_id'])
        expect(await why.locator('.values').innerText()).toContain(name)
      expect(await why.locator('.string1').nth(1).innerText()).toContain(demo.sandbox?.cards()[0]?.cardId)
      const [expected = '', given = ''] = await why.locator('.signatures dd').allInnerTexts()
      expect(expected).toMatch(/^[0-9a-f]{40}$/)
      expect(given).not.toBe(expected)
      expect(await why.locator('mark').innerText()).not.toBe('')
    })

    test.each([
      [en('pay'), 'ok'],
      [en('cancel'), 'cancel'],
      [en('makeFail'), 'fail'],
    ])('a payment ends as the person decides: %s', async (button, end) => {
      const phone = await openPhone()
      const { page, inside } = phone
      await becomesReady(phone)
      const answered = inside.locator('body').evaluate(
        () =>
          new Promise<string>((resolve) => {
            const payment = {
              timeStamp: '1',
              nonceStr: 'n',
              package: 'prepay_id=1',
              signType: 'MD5',
              paySign: 's',
            }
            const bridge = Reflect.get(window, 'WeixinJSBridge')
            bridge.invoke('getBrandWCPayRequest', payment, (answer: { err_msg: string }) =>
              resolve(answer.err_msg),
            )
          }),
      )
      await page.waitForSelector('.pay-sheet:has-text("prepay_id=1")')
      await page.click(`.pay-sheet button:text-is("${button}")`)
      expect(await answered).toMatch(new RegExp(`:${end}$`))
    })

    test.each([
      [en('addressUse'), 'ok'],
      [en('cancel'), 'cancel'],
      [en('deny'), 'access_denied'],
      [en('makeFail'), 'fail'],
    ])('an address is given as the person decides: %s', async (button, end) => {
      const phone = await openPhone()
      await becomesReady(phone)
      const answered = phone.inside
        .locator('body')
        .evaluate(
          () =>
            new Promise<string>((resolve) =>
              Reflect.get(window, 'WeixinJSBridge').invoke('editAddress', {}, (answer: { err_msg: string }) =>
                resolve(answer.err_msg),
              ),
            ),
        )
      await phone.page.click(`.pay-sheet button:text-is("${button}")`)
      expect(await answered).toMatch(new RegExp(`:${end}$`))
    })

    test('what has no screen of its own ends as the switches say, and any API can be denied', async () => {
      const phone = await openPhone()
      await becomesReady(phone)
      const invoke = (name: string, args: object) =>
        phone.inside
          .locator('body')
          .evaluate(
            (_, [api, parameters]) =>
              new Promise<string>((resolve) =>
                Reflect.get(window, 'WeixinJSBridge').invoke(api, parameters, (answer: { err_msg: string }) =>
                  resolve(answer.err_msg),
                ),
              ),
            [name, args] as const,
          )
      const choose = (word: 'endBeacons' | 'denyOther', value: string) =>
        phone.page.selectOption(`select[data-key="${en(word)}"]`, value)
      await phone.page.click(`.panel [role=tab]:has-text("${en('faults')}")`)
      expect(await invoke('startMonitoringBeacons', { ticket: '' })).toMatch(/:ok$/)
      await invoke('stopMonitoringBeacons', {})
      await choose('endBeacons', 'off')
      expect(await invoke('startMonitoringBeacons', { ticket: '' })).not.toMatch(/:ok$/)
      await choose('denyOther', 'editAddress')
      expect(await invoke('editAddress', {})).toBe('system:access_denied')
    })

    test('moves to the host its page is on, or the page would get no cookies', async () => {
      const phone = await openPhone()
      await phone.page.goto(`${phoneUrl.replace('localhost', '127.0.0.1')}/?profile=android`)
      await phone.page.waitForURL(`${phoneUrl}/?profile=android`)
      await becomesReady(phone)
    })
  })

  describe('with somebody looking', () => {
    test.each(['ios', 'android'] as const)('greets a follower on %s without a question', async (profile) => {
      const phone = await openPhone({ profile })
      await becomesReady(phone)
      await press(phone, 'snsapi_userinfo')
      const greeting = await isGreeted(phone, 'follower')
      expect(greeting).toContain(texts.en.who.verified)
      expect(greeting).toContain(identity('follower').unionid)
      expect(await phone.inside.locator('#who .step-done').count()).toBe(3)
      // No identity is left in the address, and the signature of the new page load holds.
      await becomesReady(phone)
      expect(await phone.page.inputValue('.address')).not.toMatch(/openid|ticket/)
      expect(phone.errors).toEqual([])
    })

    test('asked silently, says why there is no unionid', async () => {
      const phone = await openPhone()
      await press(phone, 'snsapi_base')
      expect(await isGreeted(phone, 'follower')).toContain(texts.en.who.absent.scope)
      await lookAs(phone, 'no-unionid')
      await phone.inside.locator('.again summary').click()
      await press(phone, 'snsapi_userinfo')
      expect(await isGreeted(phone, 'no-unionid')).toContain(texts.en.who.absent.not_bound)
    })

    test.each(['ios', 'android'] as const)('shows a stranger on %s the consent page', async (profile) => {
      const phone = await openPhone({ profile })
      const { page, inside } = phone
      await lookAs(phone, 'stranger')
      expect(await page.innerText('.visitor-button')).toBe('Ada')
      await press(phone, 'snsapi_userinfo')
      await barTitle(phone, 'WeChat authorization')
      expect(await page.inputValue('.address')).toMatch(/\/connect\/oauth2\/authorize\?appid=/)
      expect(await page.isVisible('.nav-menu')).toBe(false)
      // Loaded again, it is still the consent page.
      const asked = () => demo.sandbox?.calls('connect/oauth2/authorize').length ?? 0
      const askedBefore = asked()
      await page.click('.address-line button')
      await expect.poll(asked).toBe(askedBefore + 1)
      await inside.locator('button[value=allow]').click()
      await isGreeted(phone, 'stranger')
      // Back on the page everything is as before: bars, bridge, signature.
      await barTitle(phone, texts.en.title)
      await becomesReady(phone)
      expect(await page.isVisible('.nav-menu')).toBe(true)
      expect(phone.errors).toEqual([])
    })

    test('a visitor who refuses stays with WeChat; the next one is told about it and gets in', async () => {
      const phone = await openPhone({ language: 'zh' })
      await lookAs(phone, 'refuser')
      await press(phone, 'snsapi_userinfo')
      await barTitle(phone, '你已拒绝授权')
      expect(phone.page.frames().some((frame) => frame.url().startsWith(demo.pageUrl))).toBe(false)
      await lookAs(phone, 'follower')
      expect(await session(phone)).toEqual({ person: null })
      // The way that was begun brought nobody: the page does not go again by itself, but when asked to.
      await press(phone, 'snsapi_base')
      const failure = phone.inside.locator('#who .box-failed')
      expect(await failure.innerText()).toContain(texts.zh.failure.codes.login_loop.what)
      await press(phone, 'snsapi_base')
      await isGreeted(phone, 'follower')
    })

    test('a refusal that comes back is told in plain words, and opens no session', async () => {
      demo.sandbox?.setOAuth({ refusal: 'state-only' })
      const phone = await openPhone()
      await lookAs(phone, 'refuser')
      await press(phone, 'snsapi_userinfo')
      const said = await phone.inside.locator('#who .box-failed').innerText()
      expect(said).toContain(texts.en.failure.codes.access_denied.what)
      expect(said).toContain(texts.en.failure.codes.access_denied.why)
      expect(await session(phone)).toEqual({ person: null })
      await becomesReady(phone)
    })

    test('a snapshot page is told in plain words, and opens no session', async () => {
      const phone = await openPhone({ language: 'zh' })
      await lookAs(phone, 'snapshot')
      await press(phone, 'snsapi_userinfo')
      const said = await phone.inside.locator('#who .box-failed').innerText()
      expect(said).toContain(texts.zh.failure.codes.snapshot_user.what)
      expect(said).toContain('使用完整服务')
      expect(await session(phone)).toEqual({ person: null })
      await becomesReady(phone)
    })

    test.each(['same-code', 'new-code'] as const)(
      'a callback opened twice with a %s greets once',
      async (kind) => {
        demo.sandbox?.setOAuth({ doubleCallback: kind })
        const phone = await openPhone({ profile: 'android' })
        await press(phone, 'snsapi_base')
        await isGreeted(phone, 'follower')
      },
    )

    test('a web view that loses its cookies is stopped after the second try, on a page that says why', async () => {
      demo.sandbox?.setOAuth({ cookiesLost: true })
      const phone = await openPhone()
      await press(phone, 'snsapi_base')
      await phone.inside.getByText('login_loop').waitFor()
      expect(await phone.inside.locator('h1').innerText()).toContain('多次授权未能完成')
      // The phone goes back to the page, not to the page that failed.
      await phone.page.click('.address-line button')
      await becomesReady(phone)
    })

    test('the session outlives a reload and another visitor, until it is signed out', async () => {
      const phone = await openPhone()
      await press(phone, 'snsapi_base')
      await isGreeted(phone, 'follower')
      await lookAs(phone, 'stranger')
      expect(await isGreeted(phone, 'follower')).toContain(texts.en.who.known)
      await press(phone, 'sign-out')
      await phone.inside.getByText(texts.en.who.signedOut).first().waitFor()
      expect(await session(phone)).toEqual({ person: null })
    })

    test('a ticket handed in twice is refused, and the session stays', async () => {
      const phone = await openPhone()
      await press(phone, 'snsapi_base')
      await isGreeted(phone, 'follower')
      await press(phone, 'redeem-again')
      const said = await phone.inside.locator('#who .box-failed').innerText()
      expect(said).toContain(texts.en.who.refusals.ticket_invalid.what)
      await isGreeted(phone, 'follower')
    })

    test('a link somebody has made up is shown as a hint, and nobody is verified', async () => {
      const { openid } = identity('follower')
      const link = `${demo.pageUrl}?portid=4&openid=${openid}`
      const phone = await openPhone({ open: link })
      await phone.inside.getByText(texts.en.who.noTicket).waitFor()
      expect(await phone.inside.locator('#who [data-step=hint]').innerText()).toContain(openid)
      expect(await phone.inside.locator('[data-verified]').count()).toBe(0)
      const forged = await openPhone({ open: `${link}&ticket=${'A'.repeat(32)}` })
      const said = await forged.inside.locator('#who .box-failed').innerText()
      expect(said).toContain(texts.en.who.refusals.ticket_invalid.what)
      expect(await session(forged)).toEqual({ person: null })
    })

    test('the panel shows the calls, the code that is used up, and switches that work', async () => {
      const phone = await openPhone()
      const { page } = phone
      await press(phone, 'snsapi_userinfo')
      await isGreeted(phone, 'follower')
      await page.click('#tab-http')
      await page.waitForSelector('.row-name:has-text("/sns/oauth2/access_token")')
      await page.waitForSelector('.row-name:has-text("/sns/userinfo")')
      await page.click('#tab-credentials')
      await page.waitForSelector(`.credential.ended:has-text("林小满"):has-text("${en('used')}")`)
      await page.click('#tab-faults')
      await page.selectOption(`select[aria-label="${en('doubleCallback')}"]`, 'same-code')
      await page.click(`.switch-row:has-text("${en('refusalReturns')}")`)
      await page.waitForSelector(`[data-key="${en('refusalReturns')}"]:checked`, { state: 'attached' })
      expect(demo.sandbox?.snapshot().oauth).toMatchObject({
        doubleCallback: 'same-code',
        refusal: 'state-only',
      })
    })
  })
})
