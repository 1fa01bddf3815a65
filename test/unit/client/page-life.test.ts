import { describe, expect, it } from 'vitest'
import { createWeixinOn } from '../../../client/weixin.ts'
import { createFakePage, type FakeOptions, signedAs } from './fake-page.ts'

function open(options: FakeOptions = {}) {
  const fake = createFakePage(options)
  return { ...fake, weixin: createWeixinOn(fake.page, { service: 'https://mem.example.com' }) }
}

describe('a page that is left', () => {
  it('rejects what WeChat has not answered, and nothing else', async () => {
    const { weixin, fire, invoked } = open({ native: { scanQRCode: () => undefined } })
    await weixin.call('hideOptionMenu')
    const scan = weixin.call('scanQRCode').catch((error: unknown) => error)
    while (!invoked.some(({ name }) => name === 'scanQRCode')) await new Promise(setImmediate)
    fire('pagehide', { persisted: true })
    expect(await scan).toMatchObject({
      name: 'WeixinError',
      code: 'page_left',
      hint: expect.stringMatching(/^[A-Z].*\.$/),
      hintZh: expect.stringMatching(/。$/),
    })
    await expect(weixin.call('hideOptionMenu')).resolves.toEqual({ errMsg: 'hideOptionMenu:ok' })
  })

  it('does not lose a call because a route changed meanwhile', async () => {
    const { weixin, goTo, fire } = open()
    const call = weixin.call('hideOptionMenu')
    goTo('https://h5.example.com/b')
    fire('popstate')
    await expect(call).resolves.toEqual({ errMsg: 'hideOptionMenu:ok' })
  })
})

describe('a client that wants another address than it took', () => {
  const landing = 'https://h5.example.com/'
  const refusing = (url: () => string): NonNullable<FakeOptions['native']> => ({
    scanQRCode: ({ verifySignature }) =>
      verifySignature === signedAs(url()).signature
        ? { err_msg: 'scanQRCode:ok', resultStr: 'x' }
        : { err_msg: 'scanQRCode:the permission value is offline verifying' },
  })

  it('gets the current one, once, when it refuses a call after the route changed', async () => {
    let url = landing
    const { weixin, goTo, invoked } = open({ native: refusing(() => url) })
    await weixin.call('scanQRCode')
    url = 'https://h5.example.com/b'
    goTo(url)
    await expect(weixin.call('scanQRCode')).resolves.toMatchObject({ resultStr: 'x' })
    expect((await weixin.ready()).candidate).toBe('current')
    expect(invoked.filter(({ name }) => name === 'preVerifyJSAPI')).toHaveLength(2)
  })

  it('is not asked again where the route is the same', async () => {
    const { weixin, invoked } = open({ native: refusing(() => 'https://h5.example.com/other') })
    await expect(weixin.call('scanQRCode')).rejects.toMatchObject({ code: 'not_verified' })
    expect(invoked.filter(({ name }) => name === 'scanQRCode')).toHaveLength(1)
  })

  it('that refuses again is believed', async () => {
    const { weixin, goTo, invoked } = open({ native: refusing(() => landing) })
    await weixin.call('scanQRCode')
    goTo('https://h5.example.com/b')
    const refused = open({ native: refusing(() => 'https://h5.example.com/other') })
    await refused.weixin.ready()
    refused.goTo('https://h5.example.com/b')
    await expect(refused.weixin.call('scanQRCode')).rejects.toMatchObject({ code: 'not_verified' })
    expect(refused.invoked.filter(({ name }) => name === 'scanQRCode')).toHaveLength(2)
    await expect(weixin.call('scanQRCode')).resolves.toMatchObject({ resultStr: 'x' })
    expect(invoked.filter(({ name }) => name === 'preVerifyJSAPI')).toHaveLength(1)
  })
})

describe('open tags', () => {
  it('are verified and configured, and their errors are heard until it ends', async () => {
    const fake = createFakePage({ sdk: 'global' })
    const weixin = createWeixinOn(fake.page, {
      service: 'https://mem.example.com',
      openTagList: ['wx-open-launch-weapp', 'wx-open-subscribe'],
    })
    const heard: unknown[] = []
    const stop = weixin.onOpenTagError((error) => void heard.push(error))
    await weixin.ready()
    expect(fake.invoked.find(({ name }) => name === 'preVerifyJSAPI')?.args.verifyOpenTagList).toEqual([
      'wx-open-launch-weapp',
      'wx-open-subscribe',
    ])
    fake.fire('WeixinOpenTagsError', { detail: { errMsg: 'system version is too low' } })
    stop()
    fake.fire('WeixinOpenTagsError', { detail: { errMsg: 'unheard' } })
    expect(heard).toMatchObject([
      {
        name: 'WeixinError',
        code: 'not_supported',
        errMsg: 'system version is too low',
        hintZh: '请升级微信。',
      },
    ])
  })

  it('can be listened for where there is no page', () => {
    const { page } = createFakePage()
    const weixin = createWeixinOn({ ...page, window: undefined }, { service: 'https://mem.example.com' })
    expect(weixin.onOpenTagError(() => undefined)).toBeTypeOf('function')
  })
})

describe('debug', () => {
  it('says that there is no page where there is none', async () => {
    const { page } = createFakePage()
    const weixin = createWeixinOn({ ...page, window: undefined }, { service: 'https://mem.example.com' })
    await expect(weixin.debug()).rejects.toMatchObject({ code: 'not_in_wechat' })
  })
})
