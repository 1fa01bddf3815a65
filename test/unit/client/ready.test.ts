import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ReadyStep, WeixinOptions } from '../../../client/index.ts'
import { createWeixinOn } from '../../../client/weixin.ts'
import { userAgents } from '../../../demo/sandbox/bridge/profiles.ts'
import { android, createFakePage, type FakeOptions, iphone, signedAs } from './fake-page.ts'

const service = 'https://mem.example.com/mp/'
const spa = { landingUrl: 'https://h5.example.com/in', href: 'https://h5.example.com/shop' }

function open(options: FakeOptions = {}, settings: Partial<WeixinOptions> = {}) {
  const fake = createFakePage(options)
  const steps: ReadyStep[] = []
  const weixin = createWeixinOn(fake.page, { service, onStep: (step) => void steps.push(step), ...settings })
  const verified = () =>
    fake.invoked
      .filter(({ name }) => name === 'preVerifyJSAPI')
      .map(({ args }) => String(args.verifySignature).replace('of ', ''))
  const paths = () => fake.requests.map(({ path }) => path.replace('/mp/v1/jsapi/', ''))
  return { ...fake, weixin, steps, verified, paths }
}

const problem =
  (status: number, code: string, more: object = {}) =>
  () =>
    Response.json({ type: 'about:blank', title: 'Refused', status, code, ...more }, { status })

afterEach(() => void vi.useRealTimers())

describe('ready', () => {
  it('does nothing before it is asked for', () => {
    const { invoked, requests } = open()
    expect([invoked, requests]).toEqual([[], []])
  })

  it('has the page signed, verified by WeChat and configured', async () => {
    const { weixin, steps, invoked, wx, requests } = open({ href: 'https://h5.example.com/a?b=1#c' })
    let readyCalls = 0
    wx.ready?.(() => readyCalls++)
    const ready = await weixin.ready()
    expect(ready).toMatchObject({
      appId: 'wx0123456789abcdef',
      url: 'https://h5.example.com/a?b=1',
      candidate: 'landing',
      environment: { client: 'wechat', platform: 'ios' },
    })
    expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['environment', true],
      ['bridge', true],
      ['signature', true],
      ['sdk', true],
      ['verify', true],
      ['config', true],
    ])
    expect(ready.steps).toEqual(steps)
    expect(steps.every(({ ms }) => ms > 0)).toBe(true)
    expect(steps[2]).toMatchObject({ url: 'https://h5.example.com/a?b=1', candidate: 'landing' })
    expect(requests[0]?.path).toBe('/mp/v1/jsapi/signature')
    expect(requests[0]?.fields).toEqual({ url: 'https://h5.example.com/a?b=1' })
    expect(invoked.filter(({ name }) => name === 'preVerifyJSAPI')).toHaveLength(1)
    expect(readyCalls).toBe(1)
  })

  it('sends WeChat exactly what the SDK would send', async () => {
    const settings = { jsApiList: ['addCard', 'chooseImage'], openTagList: ['wx-open-launch-app'] } as const
    const { weixin, invoked } = open({}, settings)
    await weixin.ready()
    expect(invoked[0]).toStrictEqual({
      name: 'preVerifyJSAPI',
      args: {
        verifyJsApiList: ['batchAddCard', 'chooseImage'],
        verifyOpenTagList: ['wx-open-launch-app'],
        appId: 'wx0123456789abcdef',
        verifyAppId: 'wx0123456789abcdef',
        verifySignType: 'sha1',
        verifyTimestamp: '1414587457',
        verifyNonceStr: 'nonce',
        verifySignature: 'of https://h5.example.com/',
      },
    })
    expect(settings.jsApiList).toEqual(['addCard', 'chooseImage'])
  })

  it('asks with a form that needs no preflight, without cookies, and names the account', async () => {
    const { weixin, requests } = open({}, { appId: 'wx0123456789abcdef' })
    await weixin.ready()
    const { init, fields } = requests[0] ?? {}
    expect(init).toMatchObject({ method: 'POST', credentials: 'omit' })
    expect(init?.headers).toBeUndefined()
    expect(init?.body).toBeInstanceOf(URLSearchParams)
    expect(fields).toEqual({ url: 'https://h5.example.com/', appId: 'wx0123456789abcdef' })
  })

  it('lets the SDK sign every later call', async () => {
    const { weixin, invoked } = open()
    await weixin.call('hideOptionMenu')
    expect(invoked.at(-1)).toMatchObject({
      name: 'hideOptionMenu',
      args: { verifySignature: 'of https://h5.example.com/', verifyTimestamp: '1414587457' },
    })
  })

  it('is made once for all who ask', async () => {
    const { weixin, requests } = open()
    const [first, second] = await Promise.all([weixin.ready(), weixin.ready()])
    expect(await weixin.ready()).toBe(first)
    expect(second).toBe(first)
    expect(requests).toHaveLength(1)
  })

  it('starts anew after a failure', async () => {
    let failing = true
    const { weixin } = open({
      service: {
        signature: ({ url }) =>
          failing ? problem(503, 'wechat_busy')() : Response.json(signedAs(String(url))),
      },
    })
    await expect(weixin.ready()).rejects.toMatchObject({ code: 'service_unavailable' })
    failing = false
    await expect(weixin.ready()).resolves.toMatchObject({ candidate: 'landing' })
  })

  it.each([
    ['a browser', 'Mozilla/5.0 Safari/605.1.15'],
    ['WeCom', userAgents['wecom-ios']],
  ])('rejects at once in %s and asks nobody', async (_name, userAgent) => {
    const { weixin, requests, invoked, steps } = open({ userAgent })
    await expect(weixin.ready()).rejects.toMatchObject({ code: 'not_in_wechat', step: 'environment' })
    await expect(weixin.call('scanQRCode')).rejects.toMatchObject({ code: 'not_in_wechat' })
    await expect(weixin.call('miniProgram.navigateBack')).rejects.toMatchObject({ code: 'not_in_wechat' })
    await expect(weixin.share({ title: 'a', imgUrl: '/a.png' })).rejects.toMatchObject({
      code: 'not_in_wechat',
    })
    expect([requests, invoked]).toEqual([[], []])
    expect(steps[0]).toMatchObject({ step: 'environment', ok: false, code: 'not_in_wechat' })
  })

  it('rejects where there is no window', async () => {
    const { page } = createFakePage()
    const weixin = createWeixinOn({ ...page, window: undefined }, { service })
    await expect(weixin.ready()).rejects.toMatchObject({ code: 'not_in_wechat' })
    expect(weixin.environment.inWeixin).toBe(false)
  })

  it('survives a listener that throws', async () => {
    const thrown: unknown[] = []
    const keep = (error: unknown) => void thrown.push(error)
    const own = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', keep)
    const { weixin } = open(
      {},
      {
        onStep: () => {
          throw new Error('listener')
        },
      },
    )
    await expect(weixin.ready()).resolves.toMatchObject({ candidate: 'landing' })
    await new Promise(setImmediate)
    process.off('uncaughtException', keep)
    for (const listener of own) process.on('uncaughtException', listener)
    expect(thrown).toHaveLength(6)
  })
})

describe('the bridge', () => {
  it('may come late', async () => {
    const { weixin, appear, requests } = open({ bridge: 'late' })
    const ready = weixin.ready()
    await new Promise(setImmediate)
    expect(requests).toHaveLength(1)
    appear()
    await expect(ready).resolves.toMatchObject({ candidate: 'landing' })
  })

  it('is waited for five seconds', async () => {
    vi.useFakeTimers()
    const { weixin, steps } = open({ bridge: 'never' })
    const ready = weixin.ready()
    const outcome = expect(ready).rejects.toMatchObject({ code: 'timeout', step: 'bridge' })
    await vi.advanceTimersByTimeAsync(4_999)
    expect(steps.some(({ step }) => step === 'bridge')).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await outcome
  })

  it('has a limit for its verdict', async () => {
    vi.useFakeTimers()
    const { weixin } = open({ native: { preVerifyJSAPI: () => undefined } }, { timeouts: { verifyMs: 300 } })
    const outcome = expect(weixin.ready()).rejects.toMatchObject({ code: 'timeout', step: 'verify' })
    await vi.advanceTimersByTimeAsync(300)
    await outcome
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the SDK', () => {
  it('of the page is used where there is one', async () => {
    const { page, weixin } = open({ sdk: 'global' })
    const importSdk = vi.spyOn(page, 'importSdk')
    await weixin.ready()
    expect(importSdk).not.toHaveBeenCalled()
  })

  it('is taken from the default export, where bundlers add a frozen copy of its parts', async () => {
    const fake = createFakePage()
    const namespace = { ...fake.wx, default: fake.wx }
    const weixin = createWeixinOn({ ...fake.page, importSdk: async () => namespace }, { service })
    await expect(weixin.call('getLocalImgData', { localId: 'a' })).resolves.toHaveProperty('errMsg')
    expect(fake.invoked[0]?.args.verifyJsApiList).not.toContain('default')
  })

  it('can be handed in', async () => {
    const configured: unknown[] = []
    const sdk = { config: (settings: unknown) => void configured.push(settings) }
    const { weixin } = open({ sdk: 'missing' }, { sdk: async () => sdk, jsApiList: ['scanQRCode'] })
    await weixin.ready()
    expect(configured).toMatchObject([{ check: false, debug: false, jsApiList: ['scanQRCode'] }])
  })

  it.each([
    ['does not load', { sdk: 'missing' } as FakeOptions, {}],
    ['is something else', {}, { sdk: async () => ({}) as never }],
    ['is nothing', {}, { sdk: async () => undefined as never }],
  ])('that %s is reported', async (_name, fake, settings) => {
    await expect(open(fake, settings).weixin.ready()).rejects.toMatchObject({
      code: 'sdk_unavailable',
      step: 'sdk',
    })
  })
})

describe('the signed address', () => {
  it.each([
    ['iOS', iphone, 'landing', spa.landingUrl],
    ['Android', android, 'current', spa.href],
  ] as const)('is the right one on %s at the first try', async (_name, userAgent, candidate, url) => {
    const { weixin, verified } = open({ ...spa, userAgent, accepts: (asked) => asked === url })
    await expect(weixin.ready()).resolves.toMatchObject({ candidate, url })
    expect(verified()).toEqual([url])
  })

  it.each([
    ['iOS', iphone, 'current', spa.href, spa.landingUrl],
    ['Android', android, 'landing', spa.landingUrl, spa.href],
  ] as const)(
    'is the other one on %s when the first is refused',
    async (_name, userAgent, candidate, url, first) => {
      const { weixin, verified, paths, steps } = open({
        ...spa,
        userAgent,
        accepts: (asked) => asked === url,
      })
      await expect(weixin.ready()).resolves.toMatchObject({ candidate, url })
      expect(verified()).toEqual([first, url])
      expect(paths()).toEqual(['signature', 'signature'])
      expect(steps.filter(({ step }) => step === 'verify')).toMatchObject([
        { ok: false, url: first, code: 'invalid_signature', errMsg: 'config:invalid signature' },
        { ok: true, url },
      ])
    },
  )

  it('is remembered for the life of the page', async () => {
    const fake = createFakePage({ ...spa, userAgent: android, accepts: (url) => url === spa.landingUrl })
    await createWeixinOn(fake.page, { service }).ready()
    await createWeixinOn(fake.page, { service }).ready()
    expect(fake.requests.map(({ fields }) => fields.url)).toEqual([spa.href, spa.landingUrl, spa.landingUrl])
  })

  it('may be the one WeChat names when it refuses the others', async () => {
    const real = 'https://h5.example.com/first'
    const { weixin, verified } = open({
      ...spa,
      native: {
        preVerifyJSAPI: ({ verifySignature }) =>
          verifySignature === `of ${real}`
            ? { err_msg: 'pre_verify_jsapi:ok' }
            : { errMsg: 'config:invalid signature', realAuthUrl: `${real}#x` },
      },
    })
    await expect(weixin.ready()).resolves.toMatchObject({ candidate: 'reported', url: real })
    expect(verified()).toEqual([spa.landingUrl, spa.href, real])
    await weixin.call('hideOptionMenu')
    expect(verified()).toHaveLength(3)
  })

  it('is never one of another origin, whatever WeChat names', async () => {
    const { weixin, verified } = open({
      native: {
        preVerifyJSAPI: () => ({
          errMsg: 'config:invalid signature',
          realAuthUrl: 'https://evil.example.com/',
        }),
      },
    })
    await expect(weixin.ready()).rejects.toMatchObject({
      code: 'invalid_signature',
      realAuthUrl: 'https://evil.example.com/',
    })
    expect(verified()).toEqual(['https://h5.example.com/'])
  })

  it('is verified again on Android after a route change, and not on iOS', async () => {
    const onAndroid = open({ userAgent: android })
    await onAndroid.weixin.ready()
    onAndroid.goTo('https://h5.example.com/next#/deep')
    await onAndroid.weixin.call('hideOptionMenu')
    onAndroid.goTo('https://h5.example.com/next#/deeper')
    await onAndroid.weixin.call('hideOptionMenu')
    expect(onAndroid.verified()).toEqual(['https://h5.example.com/', 'https://h5.example.com/next'])

    const onIphone = open()
    await onIphone.weixin.ready()
    onIphone.goTo('https://h5.example.com/next')
    await onIphone.weixin.call('hideOptionMenu')
    expect(onIphone.verified()).toEqual(['https://h5.example.com/'])
  })

  it('is verified again when the route changed while WeChat was verifying', async () => {
    const fake = open({ userAgent: android, bridge: 'late' })
    const call = fake.weixin.call('hideOptionMenu')
    await new Promise(setImmediate)
    fake.goTo('https://h5.example.com/next')
    fake.appear()
    await call
    expect(fake.verified()).toEqual(['https://h5.example.com/', 'https://h5.example.com/next'])
  })

  it('is verified again when the page comes back from the back/forward cache', async () => {
    const { weixin, pageshow, verified } = open()
    await weixin.ready()
    pageshow(false)
    await weixin.ready()
    expect(verified()).toHaveLength(1)
    pageshow(true)
    await weixin.ready()
    expect(verified()).toHaveLength(2)
  })
})

describe('a refused signature', () => {
  it('is reported once, and tried again when the service has a new ticket', async () => {
    let ticketIsStale = true
    const fields: unknown[] = []
    const { weixin, paths, steps } = open({
      accepts: () => !ticketIsStale,
      service: {
        rejected: (given) => {
          ticketIsStale = false
          fields.push(given)
          return Response.json({ refreshed: true })
        },
      },
    })
    await expect(weixin.ready()).resolves.toMatchObject({ candidate: 'landing' })
    expect(paths()).toEqual(['signature', 'rejected', 'signature'])
    expect(fields).toEqual([
      {
        url: 'https://h5.example.com/',
        timestamp: '1414587457',
        nonceStr: 'nonce',
        signature: 'of https://h5.example.com/',
      },
    ])
    expect(steps.find(({ step }) => step === 'rejected')).toMatchObject({ ok: true })
  })

  it.each([
    ['no new ticket', () => Response.json({ refreshed: false })],
    ['a refusal', problem(404, 'signature_unknown')],
    ['nonsense', () => new Response('<html>')],
  ])('stays refused when the service has %s', async (_name, rejected) => {
    const { weixin, paths } = open({ accepts: () => false, service: { rejected } })
    await expect(weixin.ready()).rejects.toMatchObject({
      code: 'invalid_signature',
      step: 'verify',
      url: 'https://h5.example.com/',
      errMsg: 'config:invalid signature',
    })
    expect(paths()).toEqual(['signature', 'rejected'])
  })

  it('stays refused when a new ticket does not help, after one more round', async () => {
    const { weixin, paths } = open({
      accepts: () => false,
      service: { rejected: () => Response.json({ refreshed: true }) },
    })
    await expect(weixin.ready()).rejects.toMatchObject({ code: 'invalid_signature' })
    expect(paths()).toEqual(['signature', 'rejected', 'signature'])
  })

  it.each([
    ['pre_verify_jsapi:fail_invalid url domain', 'url_domain_not_bound'],
    ['pre_verify_jsapi:fail', 'invalid_config'],
    ['pre_verify_jsapi:require subscribe', 'require_subscribe'],
    ['system:access_denied', 'permission_denied'],
  ])('is not tried again after %j', async (said, code) => {
    const { weixin, paths, wx } = open({
      ...spa,
      native: { preVerifyJSAPI: () => ({ err_msg: said }) },
    })
    let readyCalls = 0
    wx.ready?.(() => readyCalls++)
    await expect(weixin.ready()).rejects.toMatchObject({ code, step: 'verify' })
    expect(paths()).toEqual(['signature'])
    expect(readyCalls).toBe(0)
  })

  it('is what an empty API list is', async () => {
    const native = { preVerifyJSAPI: () => ({ err_msg: 'checkJsApi:param is empty' }) }
    await expect(open({ native }, { jsApiList: [] }).weixin.ready()).rejects.toMatchObject({
      code: 'invalid_config',
    })
  })
})

describe('the service', () => {
  const named = { 'x-request-id': 'from-the-header' }
  const outcome = (signature: NonNullable<NonNullable<FakeOptions['service']>['signature']>, settings = {}) =>
    open({ href: 'https://h5.example.com/a?x=1&y=2', service: { signature } }, settings).weixin.ready()

  it.each([
    [problem(403, 'origin_not_allowed'), 'origin_not_allowed'],
    [problem(400, 'unknown_account'), 'service_refused'],
    [problem(400, 'invalid_url'), 'service_refused'],
    [problem(429, 'rate_limited'), 'service_unavailable'],
    [problem(502, 'wechat_refused'), 'service_unavailable'],
    [() => new Response('<html>', { status: 404 }), 'service_unavailable'],
    [() => new Response('<html>'), 'service_unavailable'],
    [() => new Response('null'), 'service_unavailable'],
    [() => Response.json({}), 'service_unavailable'],
    [() => Response.json({ ...signedAs('x'), nonceStr: undefined }), 'service_unavailable'],
    [() => Promise.reject(new TypeError('Failed to fetch')), 'service_unavailable'],
  ] as const)('that fails is explained (%#)', async (signature, code) => {
    await expect(outcome(signature)).rejects.toMatchObject({ code, step: 'signature' })
  })

  it('has the first word on what to do', async () => {
    const more = { hint: 'Add 1.2.3.4 to the white list.', detail: 'WeChat answered 40164.', requestId: 'r1' }
    await expect(outcome(problem(502, 'wechat_refused', more))).rejects.toMatchObject({
      hint: 'Add 1.2.3.4 to the white list.',
      problem: { status: 502, code: 'wechat_refused', requestId: 'r1' },
      requestId: 'r1',
      message: expect.stringContaining('WeChat answered 40164.'),
    })
  })

  it.each([
    [() => new Response('<html>', { status: 502, headers: named }), 'service_unavailable'],
    [() => Response.json({}, { headers: named }), 'service_unavailable'],
    [() => Response.json(signedAs('https://else.example.com/'), { headers: named }), 'signed_url_mismatch'],
  ])('names the request that failed by the header of its answer (%#)', async (signature, code) => {
    await expect(outcome(signature)).rejects.toMatchObject({ code, requestId: 'from-the-header' })
  })

  it('is named with the signature that WeChat refused', async () => {
    const signature = ({ url }: Record<string, unknown>) =>
      Response.json(signedAs(String(url)), { headers: named })
    const { weixin } = open({ accepts: () => false, service: { signature } })
    await expect(weixin.ready()).rejects.toMatchObject({
      code: 'invalid_signature',
      step: 'verify',
      requestId: 'from-the-header',
    })
  })

  it('that gave no id leaves none', async () => {
    const error = await outcome(() => new Response('<html>', { status: 502 })).catch((thrown) => thrown)
    expect(error.requestId).toBeUndefined()
  })

  it.each([
    [
      'https://h5.example.com/a?x=1&amp;y=2',
      'character 30: sent "e.com/a?x=1&y=2", signed "e.com/a?x=1&amp;y=2"',
    ],
    ['https://h5.example.com/a?x=1', 'character 29: sent "le.com/a?x=1&y=2", signed "le.com/a?x=1"'],
    ['http://h5.example.com/a?x=1&y=2', 'character 5: sent "https://h5.example.com/a?x=1", signed "http:'],
  ])('that signs %j instead is found out', async (url, difference) => {
    const ready = outcome(() => Response.json(signedAs(url)))
    await expect(ready).rejects.toMatchObject({ code: 'signed_url_mismatch' })
    await expect(ready).rejects.toThrow(difference)
  })

  it('has a limit, and is told to stop', async () => {
    vi.useFakeTimers()
    let signal: AbortSignal | null | undefined
    const fake = createFakePage()
    const page = {
      ...fake.page,
      fetch: (_url: string, init: RequestInit) => {
        signal = init.signal
        return new Promise<Response>(() => undefined)
      },
    }
    const ready = createWeixinOn(page, { service, timeouts: { serviceMs: 200 } }).ready()
    const expected = expect(ready).rejects.toMatchObject({ code: 'timeout', step: 'signature' })
    await vi.advanceTimersByTimeAsync(200)
    await expected
    expect(signal?.aborted).toBe(true)
  })
})

describe('promises nobody looks at', () => {
  it('raise no unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const keep = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', keep)
    const outside = open({ userAgent: 'Safari' }).weixin
    const refused = open({ accepts: () => false }).weixin
    const broken = open({ sdk: 'missing', service: { signature: problem(500, 'internal_error') } }).weixin
    for (const weixin of [outside, refused, broken]) {
      void weixin.ready()
      void weixin.call('scanQRCode')
      void weixin.call('getLocalImgData', { localId: 'a' })
      void weixin.share({ title: '', imgUrl: '' })
    }
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    process.off('unhandledRejection', keep)
    expect(unhandled).toEqual([])
  })
})
