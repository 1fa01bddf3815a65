import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { VerifyAnswer, VerifyRequest } from '../../demo/sandbox/bridge/index.ts'
import { frameName, type ToPhone } from '../../demo/sandbox/bridge/phone-protocol.ts'
import { builtInAccount, createSandbox, serveSandbox } from '../../demo/sandbox/index.ts'
import {
  bridgeScript,
  closeBrowser,
  hasChromium,
  type OpenedPage,
  type OpenPageOptions,
  openPage,
} from '../support/browser.ts'
import { serveSdkPage, type TestSite } from '../support/browser-page.ts'

// weixin-js-sdk as published, against the bridge: what it does here is what it does on a phone.

interface Outcome {
  order: string[]
  error?: Record<string, unknown>
}

const accepted: VerifyAnswer = { errMsg: 'pre_verify_jsapi:ok' }
const refused: VerifyAnswer = { errMsg: 'pre_verify_jsapi:fail_invalid signature' }

describe.skipIf(!hasChromium)('weixin-js-sdk on the bridge', () => {
  let site: TestSite
  let opened: OpenedPage | undefined

  beforeAll(async () => {
    site = await serveSdkPage(await bridgeScript())
  })
  afterEach(async () => {
    await opened?.close()
    opened = undefined
  })
  afterAll(async () => {
    await closeBrowser()
    await site.close()
  })

  const open = async (options: Partial<OpenPageOptions> = {}): Promise<OpenedPage> => {
    opened = await openPage({
      profile: 'android',
      url: `${site.url}/?a=1#top`,
      verify: () => accepted,
      ...options,
    })
    return opened
  }

  // Gives the order in which ready and error fired, once the SDK has sent or skipped its beacon.
  const configure = async ({ page }: OpenedPage, config: Record<string, unknown> = {}): Promise<Outcome> =>
    page.evaluate(
      (extra) =>
        new Promise((resolve) => {
          const outcome: Outcome = { order: [] }
          const wx = Reflect.get(window, 'wx')
          wx.config({
            appId: 'wx0000000000000001',
            timestamp: 1414587457,
            nonceStr: 'Wm3WZYTPz0wzccnW',
            signature: 'a'.repeat(40),
            jsApiList: ['scanQRCode', 'chooseImage', 'getLocation'],
            ...extra,
          })
          wx.error((result: Record<string, unknown>) => {
            outcome.order.push('error')
            outcome.error = result
          })
          wx.ready(() => {
            outcome.order.push('ready')
            setTimeout(() => resolve(outcome), 50)
          })
        }),
      config,
    )

  const call = async ({ page }: OpenedPage, name: string, params: Record<string, unknown> = {}) =>
    page.evaluate(
      ([api, given]) =>
        new Promise<{ outcome: string; result: Record<string, unknown> }>((resolve) => {
          const answer = (outcome: string) => (result: Record<string, unknown>) =>
            resolve({ outcome, result })
          const wx = Reflect.get(window, 'wx')
          wx[api]({ ...given, success: answer('success'), cancel: answer('cancel'), fail: answer('fail') })
        }),
      [name, params] as const,
    )

  const beacons = (it: OpenedPage) =>
    it.calls().then((calls) => calls.filter(({ kind }) => kind === 'beacon'))

  test('a refused configuration fires error, and then ready', async () => {
    const it = await open({ verify: () => refused })
    expect(await configure(it)).toEqual({
      order: ['error', 'ready'],
      error: { errMsg: 'config:invalid signature' },
    })
    expect(it.errors).toEqual([])
  })

  test.each([
    ['pre_verify_jsapi:ok', undefined],
    ['pre_verify_jsapi:fail', 'config:fail'],
    ['pre_verify_jsapi:fail_invalid signature', 'config:invalid signature'],
    ['pre_verify_jsapi:fail_invalid url domain', 'config:invalid url domain'],
    ['pre_verify_jsapi:fail_invalid_args', 'config:invalid args'],
    ['checkJsApi:param is empty', 'config:param is empty'],
    ['system:access_denied', 'config:permission denied'],
    ['system:function_not_exist', undefined],
    ['', undefined],
  ])('the verdict %j gives the page %j', async (errMsg, seen) => {
    const it = await open({ verify: () => ({ errMsg }) })
    const outcome = await configure(it)
    expect(outcome.error?.errMsg).toBe(seen)
    expect(outcome.order.at(-1)).toBe('ready')
  })

  test('an answer without err_msg counts as ok', async () => {
    const it = await open({ answers: { preVerifyJSAPI: {} } })
    expect((await configure(it)).order).toEqual(['ready'])
  })

  test('a verdict in the style of DevTools reaches the page unchanged', async () => {
    const errMsg = 'config:fail,Error: System error, error code:63002,invalid signature [20200205 18:43:18][]'
    const it = await open({ profile: 'devtools', verify: () => ({ errMsg, devtools: true }) })
    expect((await configure(it)).error).toEqual({ errMsg })
  })

  test('ready handlers registered late run at once', async () => {
    const it = await open()
    await configure(it)
    expect(
      await it.page.evaluate(() => {
        let ran = false
        Reflect.get(window, 'wx').ready(() => {
          ran = true
        })
        return ran
      }),
    ).toBe(true)
  })

  test('of several error handlers only the last one is kept', async () => {
    const it = await open({ verify: () => refused })
    const heard = await it.page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const heardBy: string[] = []
          const wx = Reflect.get(window, 'wx')
          wx.config({ appId: 'wxa', timestamp: 1, nonceStr: 'n', signature: 's', jsApiList: ['scanQRCode'] })
          wx.error(() => heardBy.push('first'))
          wx.error(() => heardBy.push('second'))
          wx.ready(() => {
            wx.error(() => heardBy.push('late'))
            setTimeout(() => resolve(heardBy), 20)
          })
        }),
    )
    expect(heard).toEqual(['second'])
  })

  test('a late error handler hears the failure when nobody listened before', async () => {
    const it = await open({ verify: () => refused })
    const heard = await it.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const wx = Reflect.get(window, 'wx')
          wx.config({ appId: 'wxa', timestamp: 1, nonceStr: 'n', signature: 's', jsApiList: ['scanQRCode'] })
          wx.ready(() => wx.error((result: { errMsg: string }) => resolve(result.errMsg)))
        }),
    )
    expect(heard).toBe('config:invalid signature')
  })

  const firedWithin50Ms = ({ page }: OpenedPage, debug: boolean) =>
    page.evaluate(
      (isDebug) =>
        new Promise<string[]>((resolve) => {
          const fired: string[] = []
          const wx = Reflect.get(window, 'wx')
          wx.config({
            debug: isDebug,
            appId: 'wxa',
            timestamp: 1,
            nonceStr: 'n',
            signature: 's',
            jsApiList: [],
          })
          wx.error(() => fired.push('error'))
          wx.ready(() => fired.push('ready'))
          setTimeout(() => resolve(fired), 50)
        }),
      debug,
    )

  test('outside WeChat neither ready nor error fires, and with debug only ready does', async () => {
    const it = await open({ userAgent: 'Mozilla/5.0 (Linux; Android 13) Chrome/116.0.0.0', bridge: false })
    expect(await firedWithin50Ms(it, false)).toEqual([])
    expect(await firedWithin50Ms(it, true)).toEqual(['ready'])
  })

  test('error handlers are for clients whose version is text-wise at least 6.0.2', async () => {
    for (const version of ['5.4', '10.0.1']) {
      const it = await open({ verify: () => refused, userAgent: `Android MicroMessenger/${version}` })
      expect((await configure(it)).order).toEqual(['ready'])
      await it.close()
    }
  })

  test("the caller's jsApiList is changed in place to bridge names", async () => {
    const it = await open()
    const list = await it.page.evaluate(() => {
      const jsApiList = ['addCard', 'getLocation', 'onMenuShareAppMessage', 'scanQRCode']
      Reflect.get(window, 'wx').config({
        appId: 'wxa',
        timestamp: 1,
        nonceStr: 'n',
        signature: 's',
        jsApiList,
      })
      return jsApiList
    })
    expect(list).toEqual(['batchAddCard', 'geoLocation', 'menu:share:appmessage', 'scanQRCode'])
  })

  test('check: false skips the verification, and then nothing is allowed', async () => {
    const it = await open()
    expect((await configure(it, { check: false })).order).toEqual(['ready'])
    expect((await it.calls()).map(({ name }) => name)).not.toContain('preVerifyJSAPI')
    expect(await call(it, 'scanQRCode')).toMatchObject({
      result: { errMsg: 'scanQRCode:the permission value is offline verifying' },
    })
  })

  test.each([
    ['accepted', accepted, '0'],
    ['refused', refused, '1'],
  ])(
    'after an %s configuration the SDK sends its beacon, and it stays on the machine',
    async (_, verdict, o) => {
      const it = await open({ verify: () => verdict })
      await configure(it)
      const [beacon] = await beacons(it)
      expect(beacon?.args).toMatchObject({
        v: '1',
        o,
        s: '2',
        c: '8.0.50',
        a: 'wx0000000000000001',
        n: 'wifi',
        u: `${site.url}/?a=1#top`,
        jsapi_name: '',
      })
      expect(it.requests.filter((url) => !url.startsWith(site.url))).toEqual([])
    },
  )

  test('iOS is marked in the beacon, and payment sends one more', async () => {
    const it = await open({ profile: 'ios' })
    await configure(it)
    await call(it, 'chooseWXPay', { timestamp: 1, nonceStr: 'n', package: 'p', paySign: 's' })
    await expect
      .poll(async () => (await beacons(it)).map(({ args }) => [args.s, args.jsapi_name]))
      .toEqual([
        ['1', ''],
        ['1', 'chooseWXPay'],
      ])
  })

  test.each([
    ['desktop', { profile: 'windows' }],
    ['a system that is neither iOS nor Android', { profile: 'harmony' }],
    ['wxdebugger', { userAgent: 'Android MicroMessenger/8.0.50 wxdebugger' }],
  ] as const)('no beacon on %s', async (_, options) => {
    const it = await open(options)
    await configure(it)
    expect(await beacons(it)).toEqual([])
  })

  test('debug alerts every result and sends no beacon', async () => {
    const it = await open()
    const alerts: string[] = []
    it.page.on('dialog', (dialog) => {
      alerts.push(dialog.message())
      void dialog.accept()
    })
    await configure(it, { debug: true })
    await call(it, 'scanQRCode')
    expect(alerts).toEqual(['{"errMsg":"config:ok"}', '{"errMsg":"scanQRCode:ok"}'])
    expect(await beacons(it)).toEqual([])
  })

  test('on iOS the SDK throws when a scan result or a card list is not JSON text', async () => {
    const it = await open({
      profile: 'ios',
      answers: {
        scanQRCode: { err_msg: 'scanQRCode:ok', resultStr: 'plain text' },
        batchAddCard: { err_msg: 'batch_add_card:ok', card_list: [{ card_id: 'p', is_succ: 1 }] },
      },
    })
    await configure(it)
    await it.page.evaluate(() => Reflect.get(window, 'wx').scanQRCode({ needResult: 1 }))
    await it.page.evaluate(() => Reflect.get(window, 'wx').addCard({ cardList: [] }))
    await expect.poll(() => it.errors.length).toBe(2)
    expect(it.errors.join()).toMatch(/JSON/)
  })

  test('before a configuration every call is refused, and getNetworkType is not', async () => {
    const it = await open()
    expect(await call(it, 'scanQRCode')).toEqual({
      outcome: 'fail',
      result: { errMsg: 'scanQRCode:the permission value is offline verifying' },
    })
    expect(await call(it, 'getNetworkType')).toMatchObject({ result: { networkType: 'wifi' } })
  })

  test('outside the verified list phones and DevTools refuse in their own words', async () => {
    const phone = await open()
    await configure(phone, { jsApiList: ['scanQRCode'] })
    expect((await call(phone, 'getLocation')).result).toEqual({
      errMsg: 'getLocation:the permission value is offline verifying',
    })
    await phone.close()
    const devtools = await open({ profile: 'devtools' })
    await configure(devtools, { jsApiList: ['scanQRCode'] })
    expect((await call(devtools, 'getLocation')).result).toEqual({
      errMsg: 'geoLocation:fail, the permission value is offline verifying',
    })
  })

  test('a function the client lacks does not exist, verified or not', async () => {
    const it = await open()
    await configure(it, { jsApiList: ['openEnterpriseChat'] })
    expect((await call(it, 'openEnterpriseChat', { userIds: '' })).result.errMsg).toBe(
      'openEnterpriseChat:function not exist',
    )
  })

  test('a denied call is permission denied, and a cancelled one is cancelled', async () => {
    const denied = await open({ ui: { denies: true } })
    await configure(denied)
    expect((await call(denied, 'scanQRCode')).result.errMsg).toBe('scanQRCode:permission denied')
    await denied.close()
    const cancelled = await open({ ui: { scan: 'cancel', chooseImages: 'cancel', location: 'cancel' } })
    await configure(cancelled)
    for (const name of ['scanQRCode', 'chooseImage', 'getLocation'])
      expect(await call(cancelled, name)).toEqual({ outcome: 'cancel', result: { errMsg: `${name}:cancel` } })
  })

  test('a denied location is permission denied', async () => {
    const it = await open({ ui: { location: 'deny' } })
    await configure(it)
    expect((await call(it, 'getLocation')).result.errMsg).toBe('getLocation:permission denied')
  })

  const images = [{ dataUrl: 'data:image/png;base64,QUJD' }]

  test.each([
    ['ios', /^wxLocalResource:\/\/imageid\d+$/],
    ['android', /^weixin:\/\/resourceid\/[0-9a-f]{32}$/],
  ] as const)('on %s the SDK understands results, local ids and checks', async (profile, localId) => {
    const it = await open({
      profile,
      ui: { scan: { text: 'hello' }, chooseImages: { images, source: 'camera' } },
    })
    await configure(it)
    expect(await call(it, 'scanQRCode', { needResult: 1 })).toEqual({
      outcome: 'success',
      result: { resultStr: 'hello', errMsg: 'scanQRCode:ok' },
    })
    const { result } = await call(it, 'chooseImage')
    expect(result).toEqual({
      localIds: [expect.stringMatching(localId)],
      sourceType: 'camera',
      errMsg: 'chooseImage:ok',
    })
    expect(
      await call(it, 'checkJsApi', { jsApiList: ['getLocation', 'openEnterpriseChat', 'addCard'] }),
    ).toEqual({
      outcome: 'success',
      result: {
        checkResult: { getLocation: true, openEnterpriseChat: false, addCard: true },
        errMsg: 'checkJsApi:ok',
      },
    })
    expect((await call(it, 'getLocation')).result).toEqual({
      latitude: 23.12911,
      longitude: 113.264385,
      speed: 0,
      accuracy: 30,
      errMsg: 'getLocation:ok',
    })
    expect(it.errors).toEqual([])
  })

  test('on HarmonyOS results stay JSON text, because the SDK parses neither way', async () => {
    const it = await open({ profile: 'harmony', ui: { chooseImages: { images, source: 'album' } } })
    await configure(it)
    expect((await call(it, 'chooseImage')).result.localIds).toMatch(/^\["weixin:\/\/resourceid\//)
    expect((await call(it, 'checkJsApi', { jsApiList: ['scanQRCode'] })).result.checkResult).toBe(
      '{"scanQRCode":true}',
    )
  })

  test('a chosen picture can be shown, uploaded and downloaded', async () => {
    const it = await open({ profile: 'ios', ui: { chooseImages: { images, source: 'album' } } })
    await configure(it, { jsApiList: ['chooseImage', 'getLocalImgData', 'uploadImage', 'downloadImage'] })
    const [localId] = (await call(it, 'chooseImage')).result.localIds as string[]
    expect((await call(it, 'getLocalImgData', { localId })).result.localData).toBe(images[0]?.dataUrl)
    const { serverId } = (await call(it, 'uploadImage', { localId })).result
    expect(serverId).toMatch(/^[\w-]{43}$/)
    expect((await call(it, 'downloadImage', { serverId })).result.localId).toMatch(/^wxLocalResource/)
    expect((await call(it, 'uploadImage', { localId: 'unknown' })).result.errMsg).toBe('uploadImage:fail')
  })

  test('an image tag with a local id shows the picture: Android by itself, iOS through the SDK', async () => {
    for (const profile of ['android', 'ios'] as const) {
      const it = await open({ profile })
      await configure(it, { jsApiList: ['chooseImage', 'getLocalImgData'] })
      const [localId] = (await call(it, 'chooseImage')).result.localIds as string[]
      await it.page.evaluate((src) => {
        document.body.innerHTML = `<img alt="" src="${src}">`
      }, localId)
      await expect.poll(() => it.page.evaluate(() => document.images[0]?.naturalWidth)).toBe(8)
      await it.close()
    }
  })

  test('mobile networks are told by their subtype, airplane mode fails', async () => {
    const mobile = await open({ ui: { networkType: '4g' } })
    expect((await call(mobile, 'getNetworkType')).result).toEqual({
      networkType: '4g',
      errMsg: 'getNetworkType:ok',
    })
    await mobile.close()
    const airplane = await open({ ui: { networkType: 'none' } })
    expect((await call(airplane, 'getNetworkType')).result.errMsg).toBe('getNetworkType:fail')
  })

  test.each(['confirm', 'cancel'] as const)(
    'a menu share that ends with %s answers under the name of the share call',
    async (end) => {
      const it = await open({ ui: { share: end } })
      await configure(it, { jsApiList: ['onMenuShareAppMessage', 'onMenuShareTimeline'] })
      const results = await it.page.evaluate(
        () =>
          new Promise<unknown[]>((resolve) => {
            const heard: unknown[] = []
            const bridge = Reflect.get(window, 'sandboxBridge')
            const complete = (result: unknown) => {
              heard.push(result)
              if (heard.length === 2) resolve(heard)
              else bridge.share('timeline')
            }
            const wx = Reflect.get(window, 'wx')
            wx.onMenuShareAppMessage({
              title: 'T',
              desc: 'D',
              link: location.href,
              imgUrl: '/i.png',
              complete,
            })
            wx.onMenuShareTimeline({ title: 'T', link: location.href, imgUrl: '/i.png', complete })
            bridge.share('appMessage')
          }),
      )
      const word = end === 'confirm' ? 'ok' : 'cancel'
      expect(results).toEqual([{ errMsg: `sendAppMessage:${word}` }, { errMsg: `shareTimeline:${word}` }])
    },
  )

  test.each([
    ['onMenuShareQQ', 'qq', 'shareQQ'],
    ['onMenuShareWeibo', 'weibo', 'shareWeiboApp'],
    ['onMenuShareQZone', 'qZone', 'shareQZone'],
  ] as const)('%s answers the button %s under the name %s', async (api, button, name) => {
    for (const end of ['confirm', 'cancel'] as const) {
      const it = await open({ ui: { share: end } })
      await configure(it, { jsApiList: [api] })
      const result = await it.page.evaluate(
        ([method, target]) =>
          new Promise((resolve) => {
            const content = { title: 'T', desc: 'D', link: location.href, imgUrl: '/i.png' }
            Reflect.get(window, 'wx')[method]({ ...content, complete: resolve })
            Reflect.get(window, 'sandboxBridge').share(target)
          }),
        [api, button] as const,
      )
      expect(result).toEqual({ errMsg: `${name}:${end === 'confirm' ? 'ok' : 'cancel'}` })
      await it.close()
    }
  })

  test('favorites take the card for friends, and the page hears nothing of it', async () => {
    const it = await open()
    await configure(it, { jsApiList: ['onMenuShareAppMessage'] })
    const heard = await it.page.evaluate(
      () =>
        new Promise((resolve) => {
          const results: unknown[] = []
          const trigger = (event: { shareTo?: string; scene?: string }) => results.push(event)
          const complete = (result: unknown) => {
            results.push(result)
            resolve(results)
          }
          Reflect.get(window, 'wx').onMenuShareAppMessage({ title: 'T', link: '/', trigger, complete })
          const bridge = Reflect.get(window, 'sandboxBridge')
          bridge.share('favorite')
          setTimeout(() => bridge.share('appMessage'), 30)
        }),
    )
    expect(heard).toMatchObject([
      { shareTo: 'favorite', scene: 'favorite' },
      { shareTo: 'appMessage', scene: 'friend' },
      { errMsg: 'sendAppMessage:ok' },
    ])
    const sent = (await it.calls()).filter(({ name }) => name === 'sendAppMessage')
    expect(sent.map(({ args }) => args.title)).toEqual(['T', 'T'])
  })

  test('menus, maps and share data answer ok', async () => {
    const it = await open()
    const calls: [string, Record<string, unknown>][] = [
      ['updateAppMessageShareData', { title: 'T', desc: 'D', link: site.url, imgUrl: '' }],
      ['updateTimelineShareData', { title: 'T', link: site.url, imgUrl: '' }],
      ['hideMenuItems', { menuList: ['menuItem:share:timeline'] }],
      ['showMenuItems', { menuList: ['menuItem:share:timeline'] }],
      ['hideAllNonBaseMenuItem', {}],
      ['showAllNonBaseMenuItem', {}],
      ['hideOptionMenu', {}],
      ['showOptionMenu', {}],
      ['previewImage', { current: '/a.png', urls: ['/a.png'] }],
      ['openLocation', { latitude: 23.1, longitude: 113.2 }],
      ['closeWindow', {}],
    ]
    await configure(it, { jsApiList: calls.map(([name]) => name) })
    for (const [name, params] of calls)
      expect(await call(it, name, params)).toEqual({ outcome: 'success', result: { errMsg: `${name}:ok` } })
  })

  test('a bridge that appears late is announced by its event', async () => {
    const it = await open({ bridgeDelayMs: 40 })
    expect((await configure(it)).order).toEqual(['ready'])
  })

  test('the client itself knows landing and current address, also after pushState', async () => {
    const asked: VerifyRequest[] = []
    const it = await open({
      profile: 'ios',
      verify: (request) => {
        asked.push(request)
        return accepted
      },
    })
    await it.page.evaluate(() => history.pushState(null, '', '/next?b=2'))
    await configure(it)
    expect(asked).toEqual([
      {
        profile: 'ios',
        landingUrl: `${site.url}/?a=1#top`,
        currentUrl: `${site.url}/next?b=2`,
        appId: 'wx0000000000000001',
        timestamp: '1414587457',
        nonceStr: 'Wm3WZYTPz0wzccnW',
        signature: 'a'.repeat(40),
        signType: 'sha1',
        jsApiList: ['scanQRCode', 'chooseImage', 'geoLocation'],
      },
    ])
    expect(await it.page.evaluate(() => Reflect.get(window, '__wxjs_is_wkwebview'))).toBe(true)
  })

  test('results arrive after the call has returned', async () => {
    const it = await open()
    const order = await it.page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const steps: string[] = []
          Reflect.get(window, 'wx').getNetworkType({
            success: () => {
              steps.push('answered')
              resolve(steps)
            },
          })
          steps.push('returned')
        }),
    )
    expect(order).toEqual(['returned', 'answered'])
  })

  test('a sandbox over HTTP verifies by the rule of the platform, and keeps the log and the beacon', async () => {
    const sandbox = createSandbox()
    const served = await serveSandbox(sandbox, { port: 0 })
    sandbox.seedTicket(builtInAccount.appId, 'jsapi', 'ticket-of-this-test')
    const signatureOf = (url: string) =>
      createHash('sha1')
        .update(`jsapi_ticket=ticket-of-this-test&noncestr=n1&timestamp=1414587457&url=${url}`)
        .digest('hex')
    const outcomeOf = async (profile: 'ios' | 'android', signed: string) => {
      const it = await openPage({ profile, url: `${site.url}/?a=1`, sandboxUrl: served.url })
      await it.page.evaluate(() => history.pushState(null, '', '/next'))
      const { order, error } = await configure(it, {
        appId: builtInAccount.appId,
        nonceStr: 'n1',
        signature: signatureOf(`${site.url}${signed}`),
      })
      await it.close()
      return error?.errMsg ?? order.join()
    }
    try {
      expect(await outcomeOf('ios', '/?a=1')).toBe('ready')
      expect(await outcomeOf('ios', '/next')).toBe('config:invalid signature')
      expect(await outcomeOf('android', '/next')).toBe('ready')
      expect(await outcomeOf('android', '/?a=1')).toBe('config:invalid signature')
      await expect.poll(() => sandbox.calls('sdk/report').length).toBe(4)
      const log = await fetch(`${served.url}/__sandbox/bridge/log`).then((response) => response.text())
      expect(log).toMatch(/preVerifyJSAPI/)
      expect(log).toMatch(/getNetworkType/)
    } finally {
      await served.close()
    }
  })

  test('a sandbox that cannot be reached fails the configuration, and the page lives', async () => {
    const it = await openPage({ profile: 'android', url: site.url, sandboxUrl: 'http://127.0.0.1:9' })
    expect(await configure(it)).toEqual({ order: ['error', 'ready'], error: { errMsg: 'config:fail' } })
    expect(it.errors).toEqual([])
    await it.close()
  })

  test('in a frame with the name of the phone the script installs itself, and says hello to the phone alone', async () => {
    const it = await open({ bridge: false, userAgent: 'an ordinary browser' })
    const name = frameName({ profile: 'ios', sandbox: site.url, language: 'en' })
    const seen = await it.page.evaluate(
      (frame) =>
        new Promise<{ hello: unknown; userAgent: string; language: string; bridge: string }>((resolve) => {
          window.addEventListener('message', ({ data }) => {
            if (data.message?.type !== 'hello') return
            const inside = document.querySelector('iframe')?.contentWindow
            const own = inside?.navigator
            resolve({
              hello: data.message,
              userAgent: own?.userAgent ?? '',
              language: own?.language ?? '',
              bridge: typeof (inside && Reflect.get(inside, 'WeixinJSBridge')),
            })
          })
          const element = document.createElement('iframe')
          element.name = frame
          element.src = '/framed'
          document.body.append(element)
        }),
      name,
    )
    expect(seen.userAgent).toMatch(/iPhone.*MicroMessenger.*Language\/en$/)
    expect(seen.language).toBe('en')
    expect(seen.bridge).toBe('object')
    const hello = seen.hello as ToPhone
    expect(hello).toMatchObject({ type: 'hello', profile: 'ios', page: { landingUrl: `${site.url}/framed` } })
  })

  test('without that name the script leaves the page alone', async () => {
    const it = await open({ bridge: false, url: `${site.url}/framed` })
    expect(await it.page.evaluate(() => [typeof Reflect.get(window, 'WeixinJSBridge'), window.name])).toEqual(
      ['undefined', ''],
    )
  })
})
