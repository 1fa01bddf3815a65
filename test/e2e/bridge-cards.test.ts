import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BridgeCall, BridgeOptions } from '../../demo/sandbox/bridge/index.ts'
import { frameName, type ToBridge, type ToPhone } from '../../demo/sandbox/bridge/phone-protocol.ts'
import { userAgents } from '../../demo/sandbox/bridge/profiles.ts'
import {
  builtInAccount,
  builtInCards,
  createSandbox,
  type Sandbox,
  type ServedSandbox,
  serveSandbox,
} from '../../demo/sandbox/index.ts'
import { bridgeScript, closeBrowser, hasChromium, openBrowser } from '../support/browser.ts'
import { serveSdkPage, type TestSite } from '../support/browser-page.ts'

// Cards, payment, voices, open tags and mini programs: weixin-js-sdk as published, the bridge, a sandbox over HTTP.

const { appId } = builtInAccount
const [plain, custom, bound, soldOut, once] = builtInCards.map(({ cardId }) => cardId)
const JSAPI_TICKET = 'jsapi-ticket-of-this-test'
const CARD_TICKET = 'card-ticket-of-this-test'
const apis = [
  'addCard',
  'chooseCard',
  'openCard',
  'consumeAndShareCard',
  'chooseWXPay',
  'openEnterpriseRedPacket',
  'openAddress',
  'openProductSpecificView',
  'startSearchBeacons',
  'stopSearchBeacons',
  'onSearchBeacons',
  'startRecord',
  'stopRecord',
  'onVoiceRecordEnd',
  'playVoice',
  'onVoicePlayEnd',
]

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')
const signed = (...values: (string | undefined)[]): string =>
  sha1(
    values
      .filter((value) => value !== undefined)
      .sort()
      .join(''),
  )

let nonces = 0
function extOf(
  cardId: string | undefined,
  more: { code?: string; openid?: string } = {},
  ticket = CARD_TICKET,
) {
  nonces += 1
  const timestamp = '1789617600'
  const nonceStr = `n${nonces}`
  const signature = signed(ticket, cardId, timestamp, nonceStr, more.code, more.openid)
  return { cardId, cardExt: JSON.stringify({ timestamp, nonce_str: nonceStr, ...more, signature }) }
}

interface Opened {
  page: Page
  errors: string[]
  call(name: string, params?: object): Promise<{ outcome: string; result: Record<string, unknown> }>
  /** Configures with every API of this file, and gives the error. */
  configure(openTagList?: string[]): Promise<string | undefined>
  calls(): Promise<BridgeCall[]>
}

type Given = Partial<Omit<BridgeOptions, 'ui'>> & { ui?: Record<string, unknown>; html?: string }

describe.skipIf(!hasChromium)('cards on the bridge', () => {
  let site: TestSite
  let sandbox: Sandbox
  let served: ServedSandbox
  let closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    site = await serveSdkPage(await bridgeScript())
  })
  beforeEach(async () => {
    sandbox = createSandbox()
    sandbox.seedTicket(appId, 'jsapi', JSAPI_TICKET)
    sandbox.seedTicket(appId, 'wx_card', CARD_TICKET)
    served = await serveSandbox(sandbox, { port: 0 })
  })
  afterEach(async () => {
    for (const close of closers) await close()
    closers = []
    await served.close()
  })
  afterAll(async () => {
    await closeBrowser()
    await site.close()
  })

  const open = async ({ ui = {}, html = '', ...given }: Given = {}): Promise<Opened> => {
    const profile = given.profile ?? 'ios'
    const context = await (await openBrowser()).newContext({ userAgent: userAgents[profile] })
    closers.push(() => context.close())
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    const settings = { sandbox: served.url, overrideUserAgent: true, ...given, profile }
    await context.addInitScript(
      `{
        const WeixinSandbox = (() => { ${await bridgeScript()}; return WeixinSandbox })()
        const ui = ${JSON.stringify(ui)}
        window.cardVerdicts = []
        window.sandboxBridge = WeixinSandbox.installWeixinBridge({
          ...${JSON.stringify(settings)},
          ui: Object.fromEntries(Object.entries(ui).map(([name, answer]) => [name, () => answer])),
          onCardVerdict: (verdict) => window.cardVerdicts.push(verdict),
        })
      }`,
    )
    await page.goto(`${site.url}/`)
    if (html !== '') await page.evaluate((text) => document.body.insertAdjacentHTML('beforeend', text), html)
    return {
      page,
      errors,
      calls: () => page.evaluate('JSON.parse(JSON.stringify(window.sandboxBridge.calls))'),
      configure: (openTagList = []) =>
        page.evaluate(
          ([account, list, tags, signature]) =>
            new Promise<string | undefined>((resolve) => {
              const wx = Reflect.get(window, 'wx')
              const config = { appId: account, timestamp: 1, nonceStr: 'n', signature }
              let refusal: string | undefined
              wx.config({ ...config, jsApiList: [...list], openTagList: [...tags] })
              wx.error(({ errMsg }: { errMsg: string }) => {
                refusal = errMsg
              })
              wx.ready(() => resolve(refusal))
            }),
          [
            appId,
            apis,
            openTagList,
            sha1(`jsapi_ticket=${JSAPI_TICKET}&noncestr=n&timestamp=1&url=${site.url}/`),
          ] as const,
        ),
      call: (name, params = {}) =>
        page.evaluate(
          ([api, fields]) =>
            new Promise((resolve) => {
              const answer = (outcome: string) => (result: Record<string, unknown>) =>
                resolve({ outcome, result })
              const wx = Reflect.get(window, 'wx')
              wx[api]({
                ...fields,
                success: answer('success'),
                cancel: answer('cancel'),
                fail: answer('fail'),
              })
            }),
          [name, params] as const,
        ),
    }
  }
  const configured = async (given: Given = {}): Promise<Opened> => {
    const it = await open(given)
    expect(await it.configure()).toBeUndefined()
    return it
  }
  const takenOf = (cardId: string | undefined) =>
    sandbox.cards().find((card) => card.cardId === cardId)?.taken ?? []
  const reasons = (it: Opened): Promise<string[]> =>
    it.page.evaluate(() =>
      Reflect.get(window, 'cardVerdicts').flatMap(
        ({
          answer,
        }: {
          answer: { cards: { explanation?: { reason: string } }[]; explanation?: { reason: string } }
        }) => [answer, ...answer.cards].flatMap(({ explanation }) => explanation?.reason ?? []),
      ),
    )

  test.each(['ios', 'android', 'harmony'] as const)(
    'on %s cards are added, and each tells how it went',
    async (profile) => {
      const it = await configured({ profile })
      const good = extOf(plain)
      const bad = extOf(soldOut)
      const { outcome, result } = await it.call('addCard', { cardList: [good, bad] })
      expect({ outcome, result }).toEqual({
        outcome: 'success',
        result: {
          errMsg: 'addCard:ok',
          cardList: [
            { ...good, isSuccess: true, code: takenOf(plain)[0]?.code },
            { ...bad, isSuccess: false },
          ],
        },
      })
      expect(it.errors).toEqual([])
    },
  )

  test('custom codes and bound cards go to whom they are for', async () => {
    const it = await configured({ visitor: 'stranger' })
    const { openid } = sandbox.identityOf('stranger')
    const cardList = [extOf(custom, { code: 'SANDBOX0002' }), extOf(bound, { openid })]
    const { result } = await it.call('addCard', { cardList })
    expect(result.cardList).toMatchObject([{ isSuccess: true, code: 'SANDBOX0002' }, { isSuccess: true }])
    expect(takenOf(bound)).toMatchObject([{ visitor: 'stranger', openid }])
    const again = await it.call('addCard', { cardList: [extOf(custom, { code: 'SANDBOX0002' })] })
    expect(again).toEqual({ outcome: 'fail', result: { errMsg: 'addCard:fail' } })
  })

  test('whatever the reason, the page hears fail, and only the phone hears why', async () => {
    const it = await configured()
    const first = extOf(once)
    expect((await it.call('addCard', { cardList: [first] })).outcome).toBe('success')
    const wrong: [object, RegExp][] = [
      [first, /already taken with this nonce_str/],
      [extOf(once), /as many as one person may have/],
      [extOf(soldOut), /out of stock/],
      [extOf('pAbCdE0000000000000000000000'), /has no card/],
      [extOf(custom), /no code/],
      [extOf(plain, {}, JSAPI_TICKET), /jsapi ticket was used/],
      [{ ...extOf(plain), cardExt: extOf(once).cardExt }, /card_id has a value|fits none/],
      [{ cardId: plain, cardExt: JSON.parse(extOf(plain).cardExt) }, /not a text/],
    ]
    for (const [card, reason] of wrong) {
      expect(await it.call('addCard', { cardList: [card] })).toEqual({
        outcome: 'fail',
        result: { errMsg: 'addCard:fail' },
      })
      expect((await reasons(it)).at(-1)).toMatch(reason)
    }
  })

  test('an addCard that a person cancels, denies, or that is not allowed', async () => {
    const cardList = [extOf(plain)]
    const seen: unknown[] = []
    const ends: Given[] = [
      { ui: { addCard: 'cancel' } },
      { ui: { addCard: 'fail' } },
      { ui: { denies: true } },
    ]
    for (const given of ends) {
      const it = await configured(given)
      const { outcome, result } = await it.call('addCard', { cardList })
      seen.push([outcome, result.errMsg])
    }
    const other = await configured({ addCardRefusal: 'cancel' })
    expect((await other.call('addCard', { cardList: [extOf(soldOut)] })).outcome).toBe('cancel')
    const unverified = await open()
    seen.push((await unverified.call('addCard', { cardList })).result.errMsg)
    expect(seen).toEqual([
      ['cancel', 'addCard:cancel'],
      ['fail', 'addCard:fail'],
      ['fail', 'addCard:permission denied'],
      'addCard:the permission value is offline verifying',
    ])
    expect(takenOf(plain)).toEqual([])
  })

  test('a card_list that is an array makes the SDK throw, and the page hears nothing', async () => {
    const it = await configured({ cardListShape: 'array' })
    const card = extOf(plain)
    await it.page.evaluate((given) => {
      const heard = () => Reflect.set(window, 'heard', true)
      Reflect.get(window, 'wx').addCard({ cardList: [given], complete: heard })
    }, card)
    await expect.poll(() => it.errors.join()).toMatch(/JSON/)
    expect(await it.page.evaluate(() => Reflect.get(window, 'heard'))).toBeUndefined()
    expect(takenOf(plain)).toHaveLength(1)
  })

  const chooseParams = (cardType = '', ticket = CARD_TICKET) => ({
    shopId: '',
    cardType,
    cardId: '',
    timestamp: 1789617600,
    nonceStr: 'choose',
    signType: 'SHA1',
    cardSign: signed(ticket, appId, '1789617600', 'choose', cardType === '' ? undefined : cardType),
  })

  test('a chosen card comes as JSON text with an encrypted code that the merchant can decrypt', async () => {
    const it = await configured()
    await it.call('addCard', { cardList: [extOf(plain)] })
    const { outcome, result } = await it.call('chooseCard', chooseParams())
    expect([outcome, result.errMsg]).toEqual(['success', 'chooseCard:ok'])
    const [taken] = takenOf(plain)
    expect(JSON.parse(String(result.cardList))).toEqual([
      { card_id: plain, encrypt_code: taken?.encryptCode, app_id: appId },
    ])
    sandbox.seedToken(appId, 'stable', 'token')
    const decrypted = await fetch(`${served.url}/card/code/decrypt?access_token=token`, {
      method: 'POST',
      body: JSON.stringify({ encrypt_code: taken?.encryptCode }),
    })
    const { code } = (await decrypted.json()) as { code: string }
    expect(code).toBe(taken?.code)
    expect((await it.call('openCard', { cardList: [{ cardId: plain, code }] })).result).toEqual({
      errMsg: 'openCard:ok',
    })
    expect((await it.call('openCard', { cardList: [{ cardId: plain, code: '1' }] })).outcome).toBe('fail')
    const shared = { cardId: plain, code }
    expect((await it.call('consumeAndShareCard', shared)).result.errMsg).toBe('consumeAndShareCard:fail')
    await fetch(`${served.url}/card/code/consume?access_token=token`, {
      method: 'POST',
      body: JSON.stringify({ code }),
    })
    expect((await it.call('consumeAndShareCard', shared)).result.errMsg).toBe('consumeAndShareCard:ok')
  })

  test('a bad signature and a tight filter show an empty list, which is cancelled', async () => {
    const it = await configured()
    await it.call('addCard', { cardList: [extOf(plain)] })
    const cancelled = { outcome: 'cancel', result: { errMsg: 'chooseCard:cancel' } }
    for (const params of [chooseParams('', JSAPI_TICKET), chooseParams('MOVIE_TICKET')])
      expect(await it.call('chooseCard', params)).toMatchObject(cancelled)
    expect(await reasons(it)).toEqual([
      expect.stringMatching(/jsapi ticket was used/),
      expect.stringMatching(/no card that fits cardType MOVIE_TICKET/),
    ])
  })

  test('payment is cancelled by default, and ends as the person wants', async () => {
    const params = { timestamp: 1, nonceStr: 'n', package: 'prepay_id=1', paySign: 's' }
    for (const [ui, end] of [
      [{}, 'cancel'],
      [{ pay: 'ok', redPacket: 'ok' }, 'ok'],
      [{ pay: 'fail', redPacket: 'fail' }, 'fail'],
    ] as const) {
      const it = await configured({ profile: 'harmony', ui })
      expect((await it.call('chooseWXPay', params)).result).toEqual({ errMsg: `chooseWXPay:${end}` })
      expect((await it.call('openEnterpriseRedPacket', params)).result.errMsg).toBe(
        `openEnterpriseRedPacket:${end}`,
      )
    }
  })

  test('an address arrives under the names of the SDK, a product opens, beacons are found', async () => {
    const it = await configured()
    expect((await it.call('openAddress')).result).toMatchObject({
      errMsg: 'openAddress:ok',
      userName: '张三',
      provinceName: '广东省',
      cityName: '广州市',
      detailInfo: '新港中路397号',
      postalCode: '510000',
    })
    expect((await it.call('openProductSpecificView', { productId: 'p1' })).result.errMsg).toBe(
      'openProductSpecificView:ok',
    )
    const found = it.page.evaluate(
      () => new Promise((resolve) => Reflect.get(window, 'wx').onSearchBeacons({ complete: resolve })),
    )
    expect((await it.call('startSearchBeacons', { ticket: '' })).result.errMsg).toBe('startSearchBeacons:ok')
    expect(await found).toMatchObject({ errMsg: 'onSearchBeacons:ok', beacons: [{ major: 10001 }] })
    expect((await it.call('stopSearchBeacons')).result.errMsg).toBe('stopSearchBeacons:ok')
    const cancelled = await configured({ ui: { address: 'cancel' } })
    expect((await cancelled.call('openAddress')).outcome).toBe('cancel')
  })

  test('the clock of the sandbox ends a recording, and a tap ends what plays', async () => {
    const it = await configured()
    const event = (name: string) =>
      it.page.evaluate(
        (listen) => new Promise((resolve) => Reflect.get(window, 'wx')[listen]({ complete: resolve })),
        name,
      ) as Promise<{ localId: string; errMsg: string }>
    const ended = event('onVoiceRecordEnd')
    expect((await it.call('startRecord')).outcome).toBe('success')
    sandbox.clock.advance(60_000)
    const { localId, errMsg } = await ended
    expect(errMsg).toBe('onVoiceRecordEnd:ok')
    const played = event('onVoicePlayEnd')
    expect((await it.call('playVoice', { localId })).outcome).toBe('success')
    expect(await it.page.evaluate('window.sandboxBridge.endPlaying()')).toBe(true)
    expect(await played).toMatchObject({ localId, errMsg: 'onVoicePlayEnd:ok' })
    const refused = await configured({ ui: { record: 'cancel' } })
    expect((await refused.call('startRecord')).outcome).toBe('cancel')
  })

  const tags = `
    <wx-open-launch-weapp username="gh_1" path="pages/index">
      <template><button style="width:99px;height:44px">Open</button></template>
    </wx-open-launch-weapp>
    <wx-open-launch-app appid="wx1"><script type="text/wxtag-template"><b>App</b></script></wx-open-launch-app>`

  /** Taps every tag and gives the events they fire. */
  const tapAll = async (it: Opened): Promise<string[]> => {
    return it.page.evaluate(async () => {
      const heard: string[] = []
      for (const tag of document.querySelectorAll('body > *'))
        for (const name of ['launch', 'error', 'ready', 'success'])
          tag.addEventListener(name, (event) => {
            const { errMsg = '' } = (event as CustomEvent<{ errMsg?: string }>).detail
            heard.push(`${tag.localName} ${name} ${errMsg}`.trim())
          })
      for (const tag of document.querySelectorAll<HTMLElement>('body > *')) tag.click()
      await new Promise((resolve) => setTimeout(resolve))
      return heard
    })
  }

  test('a tag on the list is shown and launches, another one stays inert', async () => {
    const it = await open({ html: tags })
    expect(await tapAll(it)).toEqual([])
    expect(await it.configure(['wx-open-launch-weapp'])).toBeUndefined()
    expect(await it.page.locator('wx-open-launch-weapp button').innerText()).toBe('Open')
    expect(await it.page.evaluate("document.querySelector('wx-open-launch-app').shadowRoot")).toBeNull()
    expect(await tapAll(it)).toEqual(['wx-open-launch-weapp launch'])
    await it.configure(['wx-open-launch-app'])
    await it.page.locator('wx-open-launch-app b').waitFor()
    expect(await tapAll(it)).toEqual(['wx-open-launch-app launch'])
    expect(it.errors).toEqual([])
  })

  test('a tag that comes later is shown too, and a tap can go wrong', async () => {
    const it = await open({ ui: { openTag: 'error' } })
    await it.configure(['wx-open-launch-weapp', 'wx-open-launch-app'])
    await it.page.evaluate((html) => {
      document.body.innerHTML = html
    }, tags)
    await it.page.locator('wx-open-launch-app b').waitFor()
    expect(await tapAll(it)).toEqual([
      'wx-open-launch-weapp error launch:fail',
      'wx-open-launch-app error launch:fail',
    ])
  })

  test('a tag without its target is an error, without asking anybody', async () => {
    const it = await open({ html: '<wx-open-launch-weapp></wx-open-launch-weapp>' })
    await it.configure(['wx-open-launch-weapp'])
    expect(await tapAll(it)).toEqual(['wx-open-launch-weapp error launch:fail'])
  })

  test('unknown and denied tags are told to the document, and the developer tools show none', async () => {
    const told = async (given: Given, list: string[]) => {
      const it = await open({ html: tags, ...given })
      await it.page.evaluate(() =>
        document.addEventListener('WeixinOpenTagsError', (event) =>
          Reflect.set(window, 'told', (event as CustomEvent<{ errMsg: string }>).detail.errMsg),
        ),
      )
      await it.configure(list)
      return [await it.page.evaluate(() => Reflect.get(window, 'told') ?? ''), await tapAll(it)]
    }
    expect(await told({}, ['wx-open-launch-app', 'wx-open-launch'])).toEqual([
      'wx-open-launch:function not exist',
      ['wx-open-launch-app launch'],
    ])
    expect(await told({ ui: { denies: true } }, ['wx-open-launch-app'])).toEqual([
      'wx-open-launch-app:permission denied',
      [],
    ])
    expect(await told({ profile: 'devtools' }, ['wx-open-launch-app'])).toEqual(['', []])
  })

  test('in a mini program the page may ask it without a configuration; elsewhere it may not', async () => {
    const ask = (it: Opened) =>
      it.page.evaluate(
        () =>
          new Promise((resolve) =>
            Reflect.get(window, 'wx').miniProgram.navigateTo({
              url: '/pages/a',
              complete: ({ errMsg }: { errMsg: string }) => resolve(errMsg),
            }),
          ),
      )
    const marks = (it: Opened) =>
      it.page.evaluate(() => [
        Reflect.get(window, '__wxjs_environment'),
        /miniProgram\/wx/.test(navigator.userAgent),
      ])
    const inside = await open({ miniProgram: { appId: 'wx00000000000000aa' } })
    expect([await ask(inside), await marks(inside)]).toEqual([
      'invokeMiniProgramAPI:ok',
      ['miniprogram', true],
    ])
    const outside = await open()
    expect([await ask(outside), await marks(outside)]).toEqual([
      'invokeMiniProgramAPI:the permission value is offline verifying',
      [undefined, false],
    ])
  })

  test('a phone with an add-card screen is asked, hears why, and its answer counts', async () => {
    const context = await (await openBrowser()).newContext()
    closers.push(() => context.close())
    const page = await context.newPage()
    await page.goto(`${site.url}/`)
    const name = frameName({ profile: 'ios', sandbox: served.url, phone: site.url, visitor: 'stranger' })
    const welcome: ToBridge = {
      type: 'welcome',
      switches: { networkType: 'wifi', denied: [] },
      sheets: ['add-card'],
    }
    const signature = sha1(`jsapi_ticket=${JSAPI_TICKET}&noncestr=n&timestamp=1&url=${site.url}/framed`)
    const seen = await page.evaluate(
      ([frame, hello, account, sign, cardList]) =>
        new Promise<{ result: unknown; said: ToPhone[] }>((resolve) => {
          const said: ToPhone[] = []
          const element = document.createElement('iframe')
          const send = (message: unknown) =>
            element.contentWindow?.postMessage({ wxSandbox: 1, message }, location.origin)
          window.addEventListener('message', ({ data }) => {
            const message = data.message as ToPhone
            said.push(message)
            if (message.type === 'hello') send(hello)
            if (message.type === 'sheet') send({ type: 'answer', id: message.id, answer: 'add' })
          })
          element.name = frame
          element.src = '/framed'
          element.addEventListener('load', () => {
            const wx = Reflect.get(element.contentWindow ?? window, 'wx')
            wx.config({
              appId: account,
              timestamp: 1,
              nonceStr: 'n',
              signature: sign,
              jsApiList: ['addCard'],
            })
            wx.ready(() => wx.addCard({ cardList, complete: (result: unknown) => resolve({ result, said }) }))
          })
          document.body.append(element)
        }),
      [name, welcome, appId, signature, [extOf(plain), extOf(soldOut)]] as const,
    )
    expect(seen.result).toMatchObject({ errMsg: 'addCard:ok' })
    expect(seen.said.find(({ type }) => type === 'sheet')).toMatchObject({
      sheet: {
        kind: 'add-card',
        cards: [
          { cardId: plain, ok: true, face: { title: '拿铁第二杯半价', brandName: '沙箱公众号' } },
          { cardId: soldOut, ok: false, nativeText: '已领完(addcard)' },
        ],
      },
    })
    expect(seen.said).toContainEqual(
      expect.objectContaining({
        type: 'notice',
        notice: expect.objectContaining({ kind: 'card-verdict' }),
      }),
    )
    expect(takenOf(plain)).toMatchObject([{ visitor: 'stranger' }])
  })
})
