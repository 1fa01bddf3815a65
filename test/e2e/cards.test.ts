import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtInAccount, builtInCards, type ServedSandbox, serveSandbox } from '../../demo/sandbox/index.ts'
import { buildCardExt } from '../../server/cards/card-ext.ts'
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

// Cards in Chromium, from the page over the real service to a simulated WeChat that checks every signature.

interface Outcome {
  value?: unknown
  error?: { code: string; errMsg?: string; hint: string; hintZh: string; problem?: { code: string } }
}

const [plain = '', , bound = '', gone = '', once = ''] = builtInCards.map(({ cardId }) => cardId)
const unknown = 'pAAAAAAAAAAAAAAAAAAAAAAAAAAA'

describe.skipIf(!hasChromium)('cards in Chromium', () => {
  let site: TestSite
  let kit: TestService
  let wechat: ServedSandbox | undefined
  let service: Listener | undefined
  let opened: OpenedPage | undefined

  beforeAll(async () => {
    site = await serveClientPage(() => service?.url ?? '')
  })
  afterEach(async () => {
    await opened?.close()
    await service?.close(0)
    await wechat?.close()
    await kit.service.close()
    opened = undefined
    service = undefined
    wechat = undefined
  })
  afterAll(async () => {
    await closeBrowser()
    await site.close()
  })

  const open = async (
    profile: OpenPageOptions['profile'],
    options: Partial<OpenPageOptions> = {},
  ): Promise<OpenedPage> => {
    kit = await createTestService({
      account: { pageOrigins: [site.url], publicCards: [plain, bound, gone, once, unknown] },
      sandbox: { accounts: [{ ...builtInAccount, safeDomains: ['127.0.0.1'] }] },
    })
    wechat = await serveSandbox(kit.sandbox, { port: 0 })
    service = await listen(kit.service.app.fetch, { host: '127.0.0.1', port: 0 })
    opened = await openPage({ profile, url: `${site.url}/`, sandboxUrl: wechat.url, ...options })
    await opened.page.waitForFunction('window.weixin')
    return opened
  }

  const outcome = ({ page }: OpenedPage, expression: string): Promise<Outcome> =>
    page.evaluate(`(async () => {
      try {
        return { value: await weixin.${expression} }
      } catch (error) {
        if (!kit.isWeixinError(error)) throw error
        const { code, errMsg, hint, hintZh, problem } = error
        return { error: { code, errMsg, hint, hintZh, problem } }
      }
    })()`)
  const add = (page: OpenedPage, ...cardIds: string[]) =>
    outcome(page, `addCard(${JSON.stringify(cardIds.map((cardId) => ({ cardId })))})`)
  const stockOf = (cardId: string) => kit.sandbox.cards().find((card) => card.cardId === cardId)?.taken

  test.each(['ios', 'android', 'harmony'] as const)('are added, chosen and shown on %s', async (profile) => {
    const page = await open(profile)
    const added = await outcome(page, `addCard([{ cardId: '${plain}', outerStr: '货架 7' }])`)
    expect(added).toEqual({
      value: [
        {
          cardId: plain,
          cardExt: expect.any(String),
          isSuccess: true,
          code: expect.stringMatching(/^\d{12}$/),
        },
      ],
    })
    const [taken] = stockOf(plain) ?? []
    expect(taken).toMatchObject({ outerStr: '货架 7' })
    const chosen = await outcome(page, `chooseCard({ cardId: '${plain}' })`)
    expect(chosen).toEqual({
      value: [{ cardId: plain, encryptCode: taken?.encryptCode, appId: builtInAccount.appId }],
    })
    expect(await outcome(page, `openCard([{ cardId: '${plain}', code: '${taken?.code}' }])`)).toEqual({})
    expect(page.errors).toEqual([])
  })

  test.each(['ios', 'android', 'harmony'] as const)(
    'that WeChat refuses on %s have one code and all causes',
    async (profile) => {
      const page = await open(profile)
      const failed = {
        error: {
          code: 'card_failed',
          errMsg: 'addCard:fail',
          hint: expect.stringContaining('签名错误'),
          hintZh: expect.stringContaining('已领完'),
        },
      }
      expect(await add(page, gone)).toMatchObject(failed)
      expect(await add(page, unknown)).toMatchObject(failed)
      expect(await add(page, bound)).toMatchObject(failed)
      expect(await add(page, once)).toMatchObject({ value: [{ isSuccess: true }] })
      expect(await add(page, once)).toMatchObject(failed)
      expect(stockOf(once)).toHaveLength(1)
    },
  )

  test('that a backend has finished are added once, and not when they were tampered with or are for another', async () => {
    const page = await open('android')
    await add(page, plain)
    const ticket = kit.sandbox.snapshot().accounts[0]?.tickets.wx_card.at(-1)?.value ?? ''
    const finished = (cardId: string, nonceStr: string, openid?: string) =>
      buildCardExt(
        { ticket, timestamp: Math.floor(kit.sandbox.clock.now() / 1_000), nonceStr },
        { cardId, ...(openid === undefined ? {} : { openid }) },
      )
    const addFinished = (cardId: string, cardExt: string) =>
      outcome(page, `addCard(${JSON.stringify([{ cardId, cardExt }])})`)

    const mine = finished(plain, 'nonceA')
    expect(await addFinished(plain, mine)).toMatchObject({ value: [{ isSuccess: true, cardExt: mine }] })
    const refused = { error: { code: 'card_failed' } }
    expect(await addFinished(plain, mine)).toMatchObject(refused)
    expect(await addFinished(plain, finished(plain, 'nonceB').replace('nonceB', 'nonceC'))).toMatchObject(
      refused,
    )
    expect(await addFinished(once, finished(plain, 'nonceD'))).toMatchObject(refused)
    expect(await addFinished(bound, finished(bound, 'nonceE', 'oSomebodyElse00000000000000'))).toMatchObject(
      refused,
    )
    const visitor = kit.sandbox.visitors().current
    const { openid } = kit.sandbox.identityOf(visitor)
    expect(await addFinished(bound, finished(bound, 'nonceF', openid))).toMatchObject({
      value: [{ isSuccess: true }],
    })
  })

  test('of several some may be given', async () => {
    const page = await open('ios')
    const { value } = await add(page, plain, gone)
    expect(value).toMatchObject([
      { cardId: plain, isSuccess: true },
      { cardId: gone, isSuccess: false },
    ])
  })

  test('that the person does not want are cancelled', async () => {
    const page = await open('ios', { ui: { addCard: 'cancel', chooseCard: 'cancel' } })
    expect(await add(page, plain)).toMatchObject({ error: { code: 'cancelled' } })
    expect(await outcome(page, `chooseCard({ cardId: '${plain}' })`)).toMatchObject({
      error: { code: 'cancelled' },
    })
    expect(stockOf(plain)).toEqual([])
  })

  test('that are not public are refused by the service, which says what to do', async () => {
    const page = await open('android')
    expect(await add(page, 'pSomethingPrivate00000000000')).toMatchObject({
      error: {
        code: 'service_refused',
        problem: { code: 'card_not_public' },
        hint: expect.stringContaining('publicCards'),
      },
    })
    expect(await outcome(page, 'chooseCard()')).toMatchObject({
      error: { problem: { code: 'card_not_public' } },
    })
    expect(await outcome(page, `addCard([{ cardId: '${plain}' }], { grant: 'unheard-of' })`)).toMatchObject({
      error: { code: 'service_refused' },
    })
  })

  test.each(['ios', 'android', 'harmony'] as const)(
    'in an answer on %s that is no list are an error, in an array they are read',
    async (profile) => {
      const nonsense = await open(profile, {
        answers: {
          batchAddCard: { err_msg: 'batch_add_card:ok', card_list: '<html>' },
          chooseCard: { err_msg: 'choose_card:ok', choose_card_info: '{"a":1' },
        },
      })
      expect(await add(nonsense, plain)).toMatchObject({ error: { code: 'bad_native_answer' } })
      expect(await outcome(nonsense, `chooseCard({ cardId: '${plain}' })`)).toMatchObject({
        error: { code: 'bad_native_answer' },
      })
      await nonsense.page.evaluate(`{
      const { invoke } = WeixinJSBridge
      WeixinJSBridge.invoke = (name, args, answer) =>
        name === 'batchAddCard'
          ? answer({ err_msg: 'batch_add_card:ok', card_list: [{ card_id: 'p', card_ext: '{}', is_succ: 1 }] })
          : invoke.call(WeixinJSBridge, name, args, answer)
    }`)
      expect(await add(nonsense, plain)).toMatchObject({ value: [{ cardId: 'p', isSuccess: true }] })
    },
  )
})
