import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '../../../client/page.ts'

export type Answer = Record<string, unknown>

/** Answers of the fake service and the fake bridge; everything left out succeeds. */
export interface FakeOptions {
  userAgent?: string
  href?: string
  landingUrl?: string
  /** Which address the fake WeChat verifies against. Default: all are right. */
  accepts?: (url: string) => boolean
  /** Raw answers by bridge name; a function that returns undefined never answers. */
  native?: Record<string, (args: Answer) => Answer | undefined>
  service?: Partial<
    Record<'signature' | 'rejected' | 'ext' | 'choose', (fields: Answer) => Response | Promise<Response>>
  >
  /** Whether the browser has the Navigation API. Default false. */
  navigation?: boolean
  bridge?: 'present' | 'late' | 'never'
  /** `global`: the SDK is on the page already; `import`: it comes from npm; `missing`: its file does not load. */
  sdk?: 'global' | 'import' | 'missing'
  /** What this tab has stored; `forbidden` throws at every touch, `full` at every write. */
  storage?: Map<string, string> | 'forbidden' | 'full'
}

export interface FakePage {
  page: Page
  /** What went over the bridge. */
  invoked: { name: string; args: Answer }[]
  /** What the service was asked. */
  requests: { path: string; fields: Answer; init: RequestInit }[]
  goTo(href: string): void
  /** Lets the bridge appear. */
  appear(): void
  /** Pushes an event to the listener of the page. */
  push(event: string, answer: Answer): void
  pageshow(persisted: boolean): void
  /** Lets an event happen, to window or document. */
  fire(type: string, event?: unknown): void
  /** How many listeners there are for an event. */
  listening(type: string): number
  /** Where the page has sent the browser. */
  departures: string[]
  /** Addresses the page has put into the address bar, with the history state of each. */
  replaced: { url: string; state: unknown }[]
  wx: Record<string, (...args: unknown[]) => unknown>
}

export const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x1800323c) NetType/WIFI Language/zh_CN'
export const android =
  'Mozilla/5.0 (Linux; Android 13; SM-S9080; wv) AppleWebKit/537.36 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50.2700(0x28003237) WeChat/arm64 Weixin'
export const harmony =
  'Mozilla/5.0 (Phone; OpenHarmony 5.1) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile MicroMessenger/8.0.10.41(0xf3100a29) Weixin'

const sdkSource = readFileSync(
  fileURLToPath(new URL('../../../node_modules/weixin-js-sdk/index.js', import.meta.url)),
  'utf8',
)

/** Evaluates the unchanged SDK for a window of our own; the npm package makes no global `wx`, so there is none here. */
function evaluateSdk(window: object): FakePage['wx'] {
  const names = ['module', 'window', 'navigator', 'location', 'Image', 'wx', 'alert', 'WeixinJSBridge']
  const live = `with (window) { ${sdkSource} }`
  const run = Function(...names.filter((name) => name !== 'WeixinJSBridge'), live)
  const module: { exports?: FakePage['wx'] } = {}
  const { navigator, location } = window as { navigator: object; location: object }
  run(module, window, navigator, location, Object, undefined, undefined)
  if (module.exports === undefined) throw new Error('weixin-js-sdk exported nothing')
  return module.exports
}

function fakeStorage(stored: NonNullable<FakeOptions['storage']>) {
  if (stored === 'forbidden') throw new DOMException('The operation is insecure.', 'SecurityError')
  const refuse = () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
  return stored === 'full'
    ? { getItem: () => null, setItem: refuse, removeItem: () => undefined }
    : {
        getItem: (name: string) => stored.get(name) ?? null,
        setItem: (name: string, text: string) => void stored.set(name, text),
        removeItem: (name: string) => void stored.delete(name),
      }
}

export const signedAs = (url: string): Answer => ({
  appId: 'wx0123456789abcdef',
  timestamp: 1_414_587_457,
  nonceStr: 'nonce',
  signature: `of ${url}`,
  url,
})

/** A page in a fake WeChat: fake bridge, fake service, unchanged SDK. */
export function createFakePage(options: FakeOptions = {}): FakePage {
  const { userAgent = iphone, href = 'https://h5.example.com/', accepts = () => true } = options
  const invoked: FakePage['invoked'] = []
  const requests: FakePage['requests'] = []
  const events = new Map<string, (answer: Answer) => void>()
  const listeners = new Map<string, Set<(event: never) => void>>()
  const addEventListener = (type: string, listener: (event: never) => void) => {
    listeners.set(type, (listeners.get(type) ?? new Set()).add(listener))
  }
  const removeEventListener = (type: string, listener: (event: never) => void) => {
    listeners.get(type)?.delete(listener)
  }
  const fire = (type: string, event: unknown = {}) => {
    for (const listener of listeners.get(type) ?? []) listener(event as never)
  }

  const verify = ({ verifySignature }: Answer): Answer =>
    accepts(String(verifySignature).replace('of ', ''))
      ? { err_msg: 'pre_verify_jsapi:ok' }
      : { err_msg: 'pre_verify_jsapi:fail_invalid signature' }
  const native: NonNullable<FakeOptions['native']> = { preVerifyJSAPI: verify, ...options.native }
  const bridge = {
    invoke(name: string, args: Answer, callback?: (answer: Answer) => void) {
      invoked.push({ name, args: structuredClone(args) })
      const answer = name in native ? native[name]?.(args) : { err_msg: `${name}:ok` }
      if (answer !== undefined) queueMicrotask(() => callback?.(answer))
    },
    on: (event: string, callback: (answer: Answer) => void) => {
      events.set(event, callback)
    },
  }

  const storage = options.storage ?? new Map<string, string>()
  const departures: string[] = []
  const replaced: FakePage['replaced'] = []
  const locationAt = (at: string) => ({ href: at, replace: (to: string) => void departures.push(to) })
  const window: Record<string, unknown> = {
    location: locationAt(href),
    history: {
      state: { router: 'state' },
      replaceState: (state: unknown, _title: string, url: string) => {
        replaced.push({ url, state })
        window.location = locationAt(url)
      },
    },
    get sessionStorage() {
      return fakeStorage(storage)
    },
    navigator: { userAgent, platform: 'iPhone' },
    document: { title: 'Title', addEventListener, removeEventListener },
    addEventListener,
    removeEventListener,
    ...(options.navigation && { navigation: { addEventListener, removeEventListener } }),
    WeixinJSBridge: undefined,
  }
  const appear = () => {
    window.WeixinJSBridge = bridge
    fire('WeixinJSBridgeReady', {})
  }
  if ((options.bridge ?? 'present') === 'present') appear()
  const wx = evaluateSdk(window)
  if (options.sdk === 'global') window.wx = wx

  const service = {
    signature: (fields: Answer) => Response.json(signedAs(String(fields.url))),
    rejected: () => Response.json({ refreshed: false }),
    ext: ({ cards }: Answer) =>
      Response.json({
        cardList: (cards as { cardId: string }[]).map(({ cardId }) => ({
          cardId,
          cardExt: `ext of ${cardId}`,
        })),
      }),
    choose: (fields: Answer) =>
      Response.json({
        shopId: '',
        cardId: '',
        cardType: '',
        ...fields,
        timestamp: 1_414_587_457,
        nonceStr: 'nonce',
        signType: 'SHA1',
        cardSign: 'sign',
      }),
    ...options.service,
  }
  let now = 0
  return {
    invoked,
    requests,
    wx,
    appear,
    departures,
    replaced,
    goTo: (to) => {
      window.location = locationAt(to)
    },
    push: (event, answer) => events.get(event)?.(answer),
    pageshow: (persisted) => fire('pageshow', { persisted }),
    fire,
    listening: (type) => listeners.get(type)?.size ?? 0,
    page: {
      window: window as unknown as Page['window'],
      landingUrl: options.landingUrl ?? href,
      now: () => ++now,
      fetch: async (url, init) => {
        const { body } = init
        const fields =
          body instanceof Blob
            ? JSON.parse(await body.text())
            : Object.fromEntries(new URLSearchParams(String(body)))
        const path = new URL(url).pathname
        requests.push({ path, fields, init })
        return service[path.replace(/.*\//, '') as keyof typeof service](fields)
      },
      importSdk: () =>
        options.sdk === 'missing'
          ? Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
          : Promise.resolve({ default: wx }),
    },
  }
}
