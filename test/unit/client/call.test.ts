import { afterEach, describe, expect, it, vi } from 'vitest'
import type { WeixinOptions } from '../../../client/index.ts'
import { createWeixinOn } from '../../../client/weixin.ts'
import { type Answer, android, createFakePage, type FakeOptions, harmony, iphone } from './fake-page.ts'

function open(
  native: FakeOptions['native'] = {},
  options: FakeOptions = {},
  settings: Partial<WeixinOptions> = {},
) {
  const fake = createFakePage({ native, ...options })
  const weixin = createWeixinOn(fake.page, { service: 'https://mem.example.com', ...settings })
  const sent = (name: string) =>
    fake.invoked
      .filter((call) => call.name === name)
      .map(({ args }) =>
        Object.fromEntries(
          Object.entries(args).filter(([key]) => key !== 'appId' && !key.startsWith('verify')),
        ),
      )
  return { ...fake, weixin, sent }
}

afterEach(() => void vi.useRealTimers())

describe('call', () => {
  it('resolves with the answer and its errMsg', async () => {
    const { weixin } = open({
      uploadImage: () => ({ err_msg: 'uploadImage:ok', serverId: 'm1', mediaUrl: '' }),
    })
    await expect(weixin.call('uploadImage', { localId: 'l1' })).resolves.toStrictEqual({
      errMsg: 'uploadImage:ok',
      serverId: 'm1',
      mediaUrl: '',
    })
  })

  it.each([
    [{ err_msg: 'scanQRCode:cancel' }, 'cancelled', 'scanQRCode:cancel'],
    [{ err_msg: 'system:access_denied' }, 'permission_denied', 'scanQRCode:permission denied'],
    [{ err_msg: 'system:function_not_exist' }, 'not_supported', 'scanQRCode:function not exist'],
    [
      { err_msg: 'scanQRCode:the permission value is offline verifying' },
      'not_verified',
      'scanQRCode:the permission value is offline verifying',
    ],
    [
      { errMsg: 'scanQRCode:fail, the permission value is offline verifying' },
      'not_verified',
      'scanQRCode:fail, the permission value is offline verifying',
    ],
    [{ err_msg: 'scanQRCode:fail_no camera' }, 'failed', 'scanQRCode:no camera'],
  ])('rejects %j as %s', async (answer, code, errMsg) => {
    const { weixin } = open({ scanQRCode: () => answer })
    await expect(weixin.call('scanQRCode')).rejects.toMatchObject({ name: 'WeixinError', code, errMsg })
  })

  it('never throws at once, and says which argument is wrong', async () => {
    const { weixin } = open()
    const cyclic: { urls: string[]; current?: string } = { urls: [] }
    Object.assign(cyclic, { self: cyclic })
    await expect(weixin.call('previewImage', cyclic)).rejects.toMatchObject({ code: 'invalid_argument' })
    const withoutCards = weixin.call as (name: string, params: object) => Promise<unknown>
    await expect(withoutCards('addCard', {})).rejects.toMatchObject({ code: 'invalid_argument' })
    await expect(withoutCards('somethingNew', {})).rejects.toMatchObject({ code: 'not_supported' })
  })

  it('changes nothing of the caller, and is not changed by the caller afterwards', async () => {
    const { weixin, sent } = open({ checkJsApi: () => ({ err_msg: 'checkJsApi:ok', checkResult: '{}' }) })
    const jsApiList = ['addCard', 'scanQRCode'] as ('addCard' | 'scanQRCode' | 'openCard')[]
    const params = Object.freeze({ jsApiList })
    const call = weixin.call('checkJsApi', params)
    jsApiList.push('openCard')
    await call
    expect(sent('checkJsApi')).toEqual([{ jsApiList: ['batchAddCard', 'scanQRCode'] }])
    expect(params).toEqual({ jsApiList: ['addCard', 'scanQRCode', 'openCard'] })
  })

  it.each([
    ['stopRecord', 10_000],
    ['chooseImage', 600_000],
  ] as const)('of %s gives up after %i ms', async (name, ms) => {
    const { weixin } = open({ [name]: () => undefined })
    await weixin.ready()
    vi.useFakeTimers()
    let settled = false
    const outcome = weixin.call(name).catch((error: unknown) => {
      settled = true
      return error
    })
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatchObject({ code: 'timeout', message: expect.stringContaining(name) })
  })

  it('leaves no timer behind', async () => {
    const { weixin } = open()
    vi.useFakeTimers()
    await weixin.call('hideOptionMenu')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('reaches the mini program around the page without any signature', async () => {
    const { weixin, sent, requests } = open({
      invokeMiniProgramAPI: () => ({ err_msg: 'invokeMiniProgramAPI:ok' }),
    })
    await weixin.call('miniProgram.navigateTo', { url: '/pages/a' })
    await weixin.call('miniProgram.postMessage', { data: { a: [1] } })
    expect(sent('invokeMiniProgramAPI')).toEqual([
      { name: 'navigateTo', arg: { url: '/pages/a' } },
      { name: 'postMessage', arg: { a: [1] } },
    ])
    expect(requests).toEqual([])
  })
})

describe('answers of different systems', () => {
  const localIds = ['weixin://resourceid/a', 'weixin://resourceid/b']
  const card = { card_id: 'p1', card_ext: '{}', code: '12', is_succ: 1 }
  const added = { cardId: 'p1', cardExt: '{}', code: '12', isSuccess: true }
  const chosen = [{ card_id: 'p1', encrypt_code: 'x+/=' }]

  it.each([
    ['iOS', iphone, { resultStr: '{"scan_code":{"scan_result":"https://a.b"}}' }, 'https://a.b'],
    ['iOS that answers plainly', iphone, { resultStr: 'EAN_13,6901234' }, 'EAN_13,6901234'],
    ['Android', android, { resultStr: 'https://a.b' }, 'https://a.b'],
    ['Android with a code that is JSON', android, { resultStr: '{"a":1}' }, '{"a":1}'],
    ['Android with a code that is a number', android, { resultStr: '12345' }, '12345'],
    ['HarmonyOS', harmony, { resultStr: '{"scan_code":{"scan_result":"https://a.b"}}' }, 'https://a.b'],
    [
      'Android with a code that is almost a wrapped one',
      android,
      { resultStr: '{"scan_code":null}' },
      '{"scan_code":null}',
    ],
    ['no result', iphone, {}, undefined],
  ])('scanQRCode on %s', async (_name, userAgent, answer, resultStr) => {
    const { weixin } = open({ scanQRCode: () => ({ err_msg: 'scanQRCode:ok', ...answer }) }, { userAgent })
    const result = await weixin.call('scanQRCode', { needResult: 1 })
    expect(result).toStrictEqual({ errMsg: 'scanQRCode:ok', ...(resultStr && { resultStr }) })
  })

  it.each([
    ['iOS', iphone, localIds],
    ['Android', android, JSON.stringify(localIds)],
    ['HarmonyOS', harmony, JSON.stringify(localIds)],
  ])('chooseImage on %s', async (_name, userAgent, ids) => {
    const native = { chooseImage: () => ({ err_msg: 'chooseImage:ok', localIds: ids, sourceType: 'album' }) }
    await expect(open(native, { userAgent }).weixin.call('chooseImage')).resolves.toStrictEqual({
      errMsg: 'chooseImage:ok',
      localIds,
      sourceType: 'album',
    })
  })

  it.each([
    ['iOS', iphone, { geoLocation: true, batchAddCard: false }],
    ['Android', android, '{"geoLocation":true,"batchAddCard":false}'],
    ['HarmonyOS', harmony, '{"geoLocation":true,"batchAddCard":false}'],
  ])('checkJsApi on %s', async (_name, userAgent, checkResult) => {
    const native = { checkJsApi: () => ({ err_msg: 'checkJsApi:ok', checkResult }) }
    const { weixin } = open(native, { userAgent })
    await expect(weixin.call('checkJsApi', { jsApiList: ['getLocation', 'addCard'] })).resolves.toStrictEqual(
      {
        errMsg: 'checkJsApi:ok',
        checkResult: { getLocation: true, addCard: false },
      },
    )
  })

  it.each([
    ['as text', JSON.stringify([card])],
    ['as a list, which makes the SDK throw', [card]],
  ])('addCard %s', async (_name, card_list) => {
    const { weixin } = open({ batchAddCard: () => ({ err_msg: 'batch_add_card:ok', card_list }) })
    const result = await weixin.call('addCard', { cardList: [{ cardId: 'p1', cardExt: '{}' }] })
    expect(result).toEqual({ errMsg: 'addCard:ok', cardList: [added] })
  })

  it.each([
    ['text', JSON.stringify(chosen), [{ cardId: 'p1', encryptCode: 'x+/=' }]],
    ['a list', chosen, [{ cardId: 'p1', encryptCode: 'x+/=' }]],
    ['an empty list', '[]', []],
  ])('chooseCard with %s', async (_name, choose_card_info, cardList) => {
    const { weixin } = open({ chooseCard: () => ({ err_msg: 'choose_card:ok', choose_card_info }) })
    const result = await weixin.call('chooseCard', { timestamp: 5, nonceStr: 'n', cardSign: 's' })
    expect(result).toStrictEqual({ errMsg: 'chooseCard:ok', cardList })
  })

  it.each(['nonsense', undefined, '', '{}', 'null', '[null]', '[1]', 7])(
    'cards in %j are not taken for none',
    async (list) => {
      const { weixin } = open({
        chooseCard: () => ({ err_msg: 'choose_card:ok', choose_card_info: list }),
        batchAddCard: () => ({ err_msg: 'batch_add_card:ok', card_list: list }),
      })
      const choosing = weixin.call('chooseCard', { timestamp: 5, nonceStr: 'n', cardSign: 's' })
      await expect(choosing).rejects.toMatchObject({
        code: 'bad_native_answer',
        hintZh: expect.stringContaining('后端'),
      })
      const adding = weixin.call('addCard', { cardList: [{ cardId: 'p1', cardExt: '{}' }] })
      await expect(adding).rejects.toMatchObject({ code: 'bad_native_answer' })
    },
  )

  it.each([
    [{ err_msg: 'network_type:wifi' }, 'wifi'],
    [{ err_msg: 'network_type:wwan', subtype: '4g' }, '4g'],
  ])('getNetworkType %j', async (answer, networkType) => {
    const { weixin } = open({ getNetworkType: () => answer })
    await expect(weixin.call('getNetworkType')).resolves.toMatchObject({
      errMsg: 'getNetworkType:ok',
      networkType,
    })
  })
})

describe('getLocalImgData', () => {
  it('is asked for one image at a time, without a global wx', async () => {
    let open_ = 0
    let most = 0
    const waiting: (() => void)[] = []
    const { weixin, page } = open()
    await weixin.ready()
    const bridge = page.window?.WeixinJSBridge
    if (bridge === undefined) throw new Error('no bridge')
    bridge.invoke = (_name, args, answer) => {
      most = Math.max(most, ++open_)
      waiting.push(() => {
        open_--
        answer({ err_msg: 'getLocalImgData:ok', localData: `of ${(args as Answer).localId}` })
      })
    }
    const images = ['a', 'b', 'c'].map((localId) => weixin.call('getLocalImgData', { localId }))
    for (let turn = 0; turn < 3; turn++) {
      await vi.waitFor(() => expect(waiting).toHaveLength(1))
      waiting.pop()?.()
    }
    expect((await Promise.all(images)).map(({ localData }) => localData)).toEqual(['of a', 'of b', 'of c'])
    expect(most).toBe(1)
  })

  it('goes on after an image that failed or never came', async () => {
    const answers: (Answer | undefined)[] = [
      { err_msg: 'getLocalImgData:fail' },
      undefined,
      { err_msg: 'getLocalImgData:ok', localData: 'data' },
    ]
    const { weixin } = open({ getLocalImgData: () => answers.shift() }, {}, { timeouts: { callMs: 20 } })
    const images = ['a', 'b', 'c'].map((localId) => weixin.call('getLocalImgData', { localId }))
    const outcomes = await Promise.allSettled(images)
    expect(outcomes).toMatchObject([
      { reason: { code: 'failed', errMsg: 'getLocalImgData:fail' } },
      { reason: { code: 'timeout' } },
      { value: { localData: 'data', errMsg: 'getLocalImgData:ok' } },
    ])
  })
})

describe('listeners', () => {
  it('hear every event, and the call resolves when they are in place', async () => {
    const heard: unknown[] = []
    const { weixin, push } = open()
    const listener = (event: unknown) => void heard.push(event)
    await expect(weixin.call('onVoicePlayEnd', { listener })).resolves.toEqual({
      errMsg: 'onVoicePlayEnd:ok',
    })
    push('onVoicePlayEnd', { err_msg: 'onVoicePlayEnd:ok', localId: 'a' })
    push('onVoicePlayEnd', { err_msg: 'onVoicePlayEnd:ok', localId: 'b' })
    expect(heard).toMatchObject([{ localId: 'a', errMsg: 'onVoicePlayEnd:ok' }, { localId: 'b' }])
  })

  it('hear of beacons under the public name', async () => {
    const heard: unknown[] = []
    const { weixin, push } = open()
    await weixin.call('onSearchBeacons', { listener: (event) => void heard.push(event) })
    push('onBeaconsInRange', { err_msg: 'onBeaconsInRange:ok', beacons: [{ uuid: 'u', major: 1, minor: 2 }] })
    expect(heard).toMatchObject([{ beacons: [{ uuid: 'u' }], errMsg: 'onSearchBeacons:ok' }])
  })

  it('hear that the menu was tapped, and what came of it', async () => {
    const heard: string[] = []
    const outcomes = ['send_app_msg:confirm', 'send_app_msg:cancel']
    const { weixin, push, sent } = open({ sendAppMessage: () => ({ err_msg: outcomes.shift() }) })
    const content = {
      title: 'T',
      desc: 'D',
      link: 'https://h5.example.com/x',
      imgUrl: 'https://h5.example.com/i.png',
    }
    await weixin.call('onMenuShareAppMessage', {
      ...content,
      listener: ({ errMsg }) => void heard.push(errMsg),
    })
    push('menu:share:appmessage', {})
    push('menu:share:appmessage', {})
    await new Promise(setImmediate)
    expect(heard.sort()).toEqual([
      'onMenuShareAppMessage:trigger',
      'onMenuShareAppMessage:trigger',
      'sendAppMessage:cancel',
      'sendAppMessage:ok',
    ])
    expect(sent('sendAppMessage')[0]).toMatchObject({ title: 'T', desc: 'D', img_url: content.imgUrl })
  })
})
