import { describe, expectTypeOf, it } from 'vitest'
import {
  type AddCardOptions,
  type AddedCard,
  type AuthInfo,
  type AuthInfoOptions,
  type CallName,
  type CallParams,
  type CallResult,
  type ChosenCard,
  createWeixin,
  type DebugPanel,
  detectEnvironment,
  type Environment,
  type FollowedShare,
  isWeixinError,
  type JsApiName,
  type JsApis,
  parseAuthInfo,
  type Ready,
  type ReadyStep,
  type ShareReport,
  type Weixin,
  WeixinError,
  type WeixinErrorCode,
  type WeixinOptions,
  type WeixinSdk,
} from '../../client/index.ts'
import type { Signature } from '../../client/service.ts'

const weixin: Weixin = createWeixin({ service: 'https://mem.example.com/mp' })

describe('createWeixin', () => {
  it('needs the service and nothing else', () => {
    expectTypeOf(createWeixin).parameters.toEqualTypeOf<[WeixinOptions]>()
    // @ts-expect-error the service is missing
    createWeixin({})
    // @ts-expect-error there is no such API
    createWeixin({ service: '', jsApiList: ['scanQrCode'] })
    // @ts-expect-error there is no such tag
    createWeixin({ service: '', openTagList: ['wx-open'] })
    // @ts-expect-error pages of a mini program need no signature
    createWeixin({ service: '', jsApiList: ['miniProgram.navigateTo'] })
    createWeixin({ service: '', portId: 4, appId: 'wx1', timeouts: { callMs: 1 }, debug: true })
  })

  it('takes lists that cannot be changed', () => {
    const jsApiList = ['scanQRCode', 'addCard'] as const
    const openTagList = ['wx-open-audio'] as const
    createWeixin({ service: '', jsApiList, openTagList })
  })

  it('takes the SDK from npm as it is declared', () => {
    type Declared = typeof import('weixin-js-sdk', { with: { 'resolution-mode': 'require' }})['default']
    expectTypeOf<Declared>().toExtend<WeixinSdk>()
  })
})

describe('ready', () => {
  it('tells what was verified and how', () => {
    expectTypeOf(weixin.ready()).resolves.toEqualTypeOf<Ready>()
    expectTypeOf<Ready['candidate']>().toEqualTypeOf<'landing' | 'current' | 'reported'>()
    expectTypeOf<ReadyStep['code']>().toEqualTypeOf<WeixinErrorCode | undefined>()
    expectTypeOf(weixin.environment).toEqualTypeOf<Environment>()
    // @ts-expect-error the environment cannot be set
    weixin.environment = detectEnvironment()
  })

  it('understands the answer of the service', () => {
    expectTypeOf<Signature>().toEqualTypeOf<{
      appId: string
      timestamp: number
      nonceStr: string
      signature: string
      url: string
    }>()
  })
})

describe('call', () => {
  it('gives each API its own result', () => {
    expectTypeOf(weixin.call('scanQRCode', { needResult: 1 })).resolves.toEqualTypeOf<
      { errMsg: string } & { resultStr?: string }
    >()
    expectTypeOf(weixin.call('chooseImage')).resolves.toHaveProperty('localIds').toEqualTypeOf<string[]>()
    expectTypeOf<CallResult<'addCard'>['cardList']>().toEqualTypeOf<AddedCard[]>()
    expectTypeOf<CallResult<'closeWindow'>['errMsg']>().toEqualTypeOf<string>()
    expectTypeOf<CallResult<'checkJsApi'>['checkResult']['addCard']>().toEqualTypeOf<boolean | undefined>()
    expectTypeOf<CallParams<'scanQRCode'>['needResult']>().toEqualTypeOf<0 | 1 | undefined>()
  })

  it('lets parameters be left out only where nothing is required', () => {
    void weixin.call('closeWindow')
    void weixin.call('closeWindow', {})
    void weixin.call('chooseImage')
    void weixin.call('miniProgram.navigateBack')
    // @ts-expect-error urls are required
    void weixin.call('previewImage')
    // @ts-expect-error url is required
    void weixin.call('miniProgram.navigateTo', {})
    // @ts-expect-error listener is required
    void weixin.call('onVoiceRecordEnd')
    // @ts-expect-error there is nothing to give
    void weixin.call('closeWindow', { delay: 1 })
    // @ts-expect-error there is no such API
    void weixin.call('closewindow')
    // @ts-expect-error there is no such parameter
    void weixin.call('scanQRCode', { success: () => undefined })
    // @ts-expect-error base items cannot be hidden
    void weixin.call('hideMenuItems', { menuList: ['menuItem:profile'] })
  })

  it('tells listeners what they hear', () => {
    void weixin.call('onVoiceRecordEnd', {
      listener: (event) => expectTypeOf(event).toEqualTypeOf<{ localId: string; errMsg: string }>(),
    })
    void weixin.call('onMenuShareTimeline', {
      title: 'T',
      listener: ({ errMsg }) => expectTypeOf(errMsg).toEqualTypeOf<string>(),
    })
  })

  it('covers every API the SDK declares', () => {
    type Sdk = typeof import('weixin-js-sdk', { with: { 'resolution-mode': 'require' }})['default']
    type Machinery = 'config' | 'ready' | 'error' | 'miniProgram' | 'prototype'
    type Declared = Exclude<Extract<keyof Sdk, string>, Machinery | keyof CallableFunction>
    expectTypeOf<Declared>().toExtend<JsApiName>()
    type MiniProgram = Exclude<keyof Sdk['miniProgram'], 'getEnv'>
    expectTypeOf<`miniProgram.${MiniProgram}`>().toExtend<CallName>()
    expectTypeOf<keyof JsApis>().toEqualTypeOf<JsApiName>()
  })
})

describe('share', () => {
  it('needs a title and an image', () => {
    expectTypeOf(weixin.share({ title: '', imgUrl: '' })).resolves.toEqualTypeOf<ShareReport>()
    // @ts-expect-error the image is missing
    void weixin.share({ title: '' })
    expectTypeOf<ShareReport['timeline']['api']>().toEqualTypeOf<JsApiName>()
  })

  it('makes the link itself when it follows the route, and can be stopped', () => {
    const content = { title: '', imgUrl: '' }
    expectTypeOf(weixin.share(content, { followRoute: true })).resolves.toEqualTypeOf<FollowedShare>()
    expectTypeOf(weixin.share(content, { followRoute: false })).resolves.toEqualTypeOf<ShareReport>()
    expectTypeOf(weixin.share(content, {})).resolves.toEqualTypeOf<ShareReport>()
    // @ts-expect-error the link is the address
    void weixin.share({ ...content, link: '/' }, { followRoute: true })
    void weixin.share(content, {
      followRoute: true,
      onFollowed: (outcome) => expectTypeOf(outcome).toEqualTypeOf<ShareReport | WeixinError>(),
    })
  })
})

describe('cards', () => {
  it('are wishes, or finished by a backend', () => {
    expectTypeOf(weixin.addCard([{ cardId: 'p1', outerStr: 'a' }])).resolves.toEqualTypeOf<AddedCard[]>()
    void weixin.addCard([{ cardId: 'p1' }], { grant: 'g' })
    void weixin.addCard([{ cardId: 'p1', cardExt: '{}' }] as const)
    // @ts-expect-error WeChat takes only text
    void weixin.addCard([{ cardId: 'p1', cardExt: { timestamp: '1' } }])
    // @ts-expect-error a page does not choose the code
    void weixin.addCard([{ cardId: 'p1', code: '12' }])
    // @ts-expect-error a card has an id
    void weixin.addCard([{ outerStr: 'a' }])
    expectTypeOf<AddCardOptions>().toEqualTypeOf<{ grant?: string }>()
    expectTypeOf<AddedCard['code']>().toEqualTypeOf<string | undefined>()
  })

  it('are chosen and shown', () => {
    expectTypeOf(weixin.chooseCard()).resolves.toEqualTypeOf<ChosenCard[]>()
    void weixin.chooseCard({ cardId: 'p1', cardType: 'GIFT', shopId: '1' })
    // @ts-expect-error the service makes the signature
    void weixin.chooseCard({ cardSign: 's' })
    expectTypeOf(weixin.openCard([{ cardId: 'p1', code: '1' }])).resolves.toEqualTypeOf<void>()
    // @ts-expect-error the code is missing
    void weixin.openCard([{ cardId: 'p1' }])
  })
})

describe('open tags and the debug panel', () => {
  it('tell what is known', () => {
    expectTypeOf(weixin.onOpenTagError).parameters.toEqualTypeOf<[(error: WeixinError) => void]>()
    expectTypeOf(weixin.onOpenTagError(() => undefined)).toEqualTypeOf<() => void>()
    expectTypeOf(weixin.debug()).resolves.toEqualTypeOf<DebugPanel>()
  })
})

describe('authInfo', () => {
  it('gives ids as strings, and only openid for certain', () => {
    expectTypeOf(weixin.authInfo()).resolves.toEqualTypeOf<AuthInfo>()
    expectTypeOf(parseAuthInfo).toEqualTypeOf<(url: string) => AuthInfo>()
    expectTypeOf<AuthInfo['openid']>().toEqualTypeOf<string>()
    expectTypeOf<AuthInfo['userid']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<AuthInfo['unionidAbsentBecause']>().toEqualTypeOf<'scope' | 'not_bound' | undefined>()
  })

  it('takes two scopes and no others', () => {
    void weixin.authInfo({ scope: 'snsapi_base', cookieDays: 1, force: true, cleanUrl: false, redirectMs: 1 })
    // @ts-expect-error there is no such scope
    void weixin.authInfo({ scope: 'snsapi_login' })
    // @ts-expect-error there is no way to use it outside WeChat
    void weixin.authInfo({ allowOutside: true })
    expectTypeOf<AuthInfoOptions['scope']>().toEqualTypeOf<'snsapi_base' | 'snsapi_userinfo' | undefined>()
  })
})

describe('WeixinError', () => {
  it('is known by the guard', () => {
    const error: unknown = new WeixinError('failed', 'test')
    if (!isWeixinError(error)) return
    expectTypeOf(error).toEqualTypeOf<WeixinError>()
    expectTypeOf(error.code).toEqualTypeOf<WeixinErrorCode>()
    expectTypeOf(error.hintZh).toEqualTypeOf<string>()
    expectTypeOf(error.step).toEqualTypeOf<ReadyStep['step'] | undefined>()
  })
})
