import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthInfoOptions, WeixinOptions } from '../../../client/index.ts'
import { createWeixinOn } from '../../../client/weixin.ts'
import { android, createFakePage, type FakeOptions } from './fake-page.ts'

const service = 'https://mem.example.com/mp'
const openid = 'oK3mZt-aBcDeFgHiJkLmNoPqRsTu'
const unionid = 'oU9wXyZaBcDeFgHiJkLmNoPqRsTv'
const ticket = 'abcdefghijklmnopqrstuvwxyzABCD12'
const appid = 'wx0f1e2d3c4b5a6978'
const page = 'https://h5.example.com/shop?id=7&q=%E4%B8%AD+%20#/cart?step=2'
const landing = `https://h5.example.com/shop?id=7&q=%E4%B8%AD+%20&portid=4&appid=${appid}&openid=${openid}&userid=42&unionid=${unionid}&ticket=${ticket}#/cart?step=2`
const identity = { openid, userid: '42', unionid, portid: '4', appid }
const onBase = landing.replace(`unionid=${unionid}`, 'unionidabsent=scope')
const cookieName = 'wxh5_mem.example.com_mp_4'

/** A cookie jar as `document.cookie` shows it, and every text that was written. */
function createJar() {
  const jar = new Map<string, string>()
  const written: string[] = []
  const document = {
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    },
    set cookie(text: string) {
      written.push(text)
      const [name = '', value = ''] = text.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    },
  }
  return { jar, written, document }
}

let cookies = createJar()
let storage = new Map<string, string>()
beforeEach(() => {
  cookies = createJar()
  storage = new Map()
  vi.stubGlobal('document', cookies.document)
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A new document of the same tab, with the cookies and the storage it has by now. */
function load(href: string, settings: Partial<WeixinOptions> = {}, fake: FakeOptions = {}) {
  const opened = createFakePage({ href, storage, ...fake })
  const weixin = createWeixinOn(opened.page, { service, portId: 4, ...settings })
  /** Where the page sends the browser, when it does. */
  const departure = async (options?: AuthInfoOptions) => {
    const outcome = weixin.authInfo(options)
    await vi.waitFor(() => expect(opened.departures).not.toEqual([]))
    return { outcome, url: new URL(opened.departures[0] ?? '') }
  }
  return { ...opened, weixin, departure }
}

describe('authInfo from the landing address', () => {
  it('tells who came, with the ticket, and cleans the address bar', async () => {
    const { weixin, replaced, departures, requests } = load(landing)
    await expect(weixin.authInfo()).resolves.toStrictEqual({ ...identity, ticket })
    expect(replaced).toEqual([{ url: page, state: { router: 'state' } }])
    expect([departures, requests]).toEqual([[], []])
  })

  it('reads it where a router has changed the address meanwhile', async () => {
    const { weixin, goTo, replaced } = load(landing)
    goTo('https://h5.example.com/other')
    await expect(weixin.authInfo()).resolves.toMatchObject({ openid })
    expect(replaced).toEqual([])
  })

  it('cleans before anything is loaded or asked', () => {
    const { weixin, replaced } = load(landing)
    void weixin.authInfo()
    expect(replaced).toHaveLength(1)
  })

  it('leaves the address bar alone on request, and where there is nothing of ours', async () => {
    const kept = load(landing)
    await kept.weixin.authInfo({ cleanUrl: false })
    expect(kept.replaced).toEqual([])
    const own = load('https://h5.example.com/?portid=4&ticket=42&code=1&state=2')
    await own.weixin.authInfo()
    expect(own.replaced).toEqual([])
  })

  it('gives the page its own portid back', async () => {
    const own = 'https://h5.example.com/?portid=4&x=1#/r'
    await load(own).departure()
    const landed = load(`https://h5.example.com/?x=1&portid=4&appid=${appid}&openid=${openid}#/r`)
    await landed.weixin.authInfo()
    expect(landed.replaced.at(-1)?.url).toBe(own)
  })

  it('keeps signing the landing address on iOS and the clean one on Android', async () => {
    const ios = load(landing)
    await ios.weixin.authInfo()
    await expect(ios.weixin.ready()).resolves.toMatchObject({
      url: landing.split('#')[0],
      candidate: 'landing',
    })
    const other = load(landing, {}, { userAgent: android })
    await other.weixin.authInfo()
    await expect(other.weixin.ready()).resolves.toMatchObject({
      url: page.split('#')[0],
      candidate: 'current',
    })
  })

  it.each(['snapshot_user', 'access_denied'] as const)(
    'rejects with %s, and a reload asks anew',
    async (code) => {
      const url = `https://h5.example.com/?portid=4&appid=${appid}&autherror=${code}`
      const { weixin, replaced, departures } = load(url)
      await expect(weixin.authInfo()).rejects.toMatchObject({ code, hintZh: /。$/ })
      expect(departures).toEqual([])
      expect(replaced.at(-1)?.url).toBe('https://h5.example.com/')
      await load(replaced.at(-1)?.url ?? '').departure()
    },
  )

  it('rejects what is no identity and stores nothing of it', async () => {
    const { weixin, departures } = load(`https://h5.example.com/?openid=${openid}%3B%20Domain%3Devil.com`)
    await expect(weixin.authInfo()).rejects.toMatchObject({ code: 'auth_info_invalid' })
    expect([cookies.written, departures]).toEqual([[], []])
  })

  it.each([
    ['port', { portId: 5 }],
    ['account', { appId: 'wx0123456789abcdef' }],
  ])('takes no identity of another %s', async (_name, settings) => {
    const { departure } = load(landing, settings)
    await departure()
    expect(cookies.written).toEqual([])
  })
})

describe('authInfo and the cookie', () => {
  it('is kept for seven days, without the ticket, for this host alone', async () => {
    await load(landing).weixin.authInfo()
    expect(cookies.written).toHaveLength(1)
    const [pair = '', ...attributes] = cookies.written[0]?.split('; ') ?? []
    expect(attributes).toEqual(['path=/', 'expires=Thu, 08 Jan 2026 00:00:00 GMT', 'sameSite=Lax', 'secure'])
    const [name, value = ''] = pair.split('=')
    expect(name).toBe(cookieName)
    expect(JSON.parse(decodeURIComponent(value))).toStrictEqual(identity)
  })

  it('is not Secure on http, and lives as long as it is told', async () => {
    await load(landing.replace('https:', 'http:')).weixin.authInfo({ cookieDays: 1 })
    expect(cookies.written[0]).toMatch(/; expires=Fri, 02 Jan 2026 00:00:00 GMT; sameSite=Lax$/)
    await load(landing).weixin.authInfo({ cookieDays: 0 })
    expect(cookies.written).toHaveLength(1)
  })

  it('tells who is looking on the next page, without a ticket and without a trip', async () => {
    await load(landing).weixin.authInfo()
    const { weixin, departures } = load(page)
    await expect(weixin.authInfo()).resolves.toStrictEqual(identity)
    expect(departures).toEqual([])
  })

  it('remembers why there is no unionid', async () => {
    await load(onBase).weixin.authInfo({ scope: 'snsapi_base' })
    const { unionid: _, ...rest } = identity
    await expect(load(page).weixin.authInfo({ scope: 'snsapi_base' })).resolves.toStrictEqual({
      ...rest,
      unionidAbsentBecause: 'scope',
    })
  })

  it.each([
    ['is no JSON', '{'],
    ['is empty', '""'],
    ['is null', 'null'],
    ['has an openid of another shape', JSON.stringify({ openid: '<script>' })],
    ['has another value of another shape', JSON.stringify({ openid, userid: { toString: 1 } })],
    ['has no openid', JSON.stringify({ userid: '42' })],
    ['is of another port', JSON.stringify({ openid, portid: '5' })],
  ])('that %s counts for nothing', async (_name, text) => {
    cookies.jar.set(cookieName, encodeURIComponent(text))
    await load(page).departure()
  })

  it('gives only what is validated', async () => {
    cookies.jar.set(
      cookieName,
      encodeURIComponent(JSON.stringify({ openid, ticket, admin: 'yes', __proto__: 1 })),
    )
    await expect(load(page).weixin.authInfo()).resolves.toStrictEqual({ openid })
  })

  it('of another port or another service is not read', async () => {
    await load(landing).weixin.authInfo()
    await load(page, { portId: 5 }).departure()
    await load(page, { service: 'https://other.example.com/mp' }).departure()
  })
})

describe('authInfo through WeChat', () => {
  it('leaves for the service with the page to come back to', async () => {
    const { departure, requests } = load(page)
    const { url } = await departure({ scope: 'snsapi_base' })
    expect(url.origin + url.pathname).toBe(`${service}/wx/api/fans/authInfo`)
    expect([...url.searchParams]).toEqual([
      ['portid', '4'],
      ['redirectPath', page],
      ['authType', 'snsapi_base'],
    ])
    expect(requests).toEqual([])
  })

  it('asks for snsapi_userinfo by default, and forgives slashes', async () => {
    const { url } = await load(page, { service: `${service}//` }).departure()
    expect(url.href).toContain(`${service}/wx/api/fans/authInfo?portid=4&`)
    expect(url.searchParams.get('authType')).toBe('snsapi_userinfo')
  })

  it.each([
    [
      `https://h5.example.com/a?openid=${openid}&x=1&portid=9&code=1&state=2#/r?userid=1&y=%2F`,
      'https://h5.example.com/a?x=1#/r?y=%2F',
    ],
    ['https://h5.example.com/#!/r', 'https://h5.example.com/#!/r'],
    ['https://h5.example.com/?a=1&b=#top', 'https://h5.example.com/?a=1&b=#top'],
  ])('comes back to %s without identity', async (href, redirectPath) => {
    const { url } = await load(href).departure({ force: true, cleanUrl: false })
    expect(url.searchParams.get('redirectPath')).toBe(redirectPath)
  })

  it('leaves once, however often it is asked', async () => {
    const { weixin, departure, departures } = load(page)
    await departure()
    void weixin.authInfo()
    void weixin.authInfo({ scope: 'snsapi_base' })
    await vi.advanceTimersByTimeAsync(10)
    expect(departures).toHaveLength(1)
  })

  it('stays open while the page goes away, and gives up after 30 seconds', async () => {
    const { weixin, departure, departures } = load(page)
    const { outcome } = await departure()
    let settled = false
    outcome
      .finally(() => {
        settled = true
      })
      .catch(() => undefined)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1_100)
    await expect(outcome).rejects.toMatchObject({ code: 'timeout' })
    void weixin.authInfo()
    await vi.waitFor(() => expect(departures).toHaveLength(2))
  })

  it('never goes twice in a row', async () => {
    await load(page).departure()
    const back = load(page)
    await expect(back.weixin.authInfo()).rejects.toMatchObject({ code: 'login_loop', hint: /reload/ })
    await expect(back.weixin.authInfo()).rejects.toMatchObject({ code: 'login_loop' })
    await expect(back.weixin.authInfo({ force: true })).rejects.toMatchObject({ code: 'login_loop' })
    expect(back.departures).toEqual([])
    expect([...storage]).toEqual([])
    await load(page).departure()
  })

  it('never goes twice in a row where the answer is for another port', async () => {
    await load(page).departure()
    const back = load(landing.replace('portid=4', 'portid=5'))
    await expect(back.weixin.authInfo()).rejects.toMatchObject({ code: 'login_loop' })
  })

  it.each(['forbidden', 'full'] as const)('never goes twice in a row where storage is %s', async (broken) => {
    const { url } = await load(page, {}, { storage: broken }).departure()
    const returnTo = url.searchParams.get('redirectPath') ?? ''
    expect(returnTo).toBe(
      'https://h5.example.com/shop?id=7&q=%E4%B8%AD+%20&authtrip=snsapi_userinfo#/cart?step=2',
    )
    const back = load(returnTo, {}, { storage: broken })
    await expect(back.weixin.authInfo()).rejects.toMatchObject({ code: 'login_loop' })
    expect(back.replaced.at(-1)?.url).toBe(page)
    const landed = load(returnTo.replace('#', `&openid=${openid}&portid=4#`), {}, { storage: broken })
    await expect(landed.weixin.authInfo()).resolves.toMatchObject({ openid })
    expect(landed.replaced.at(-1)?.url).toBe(page)
  })

  it('believes no mark in the address where it can store one', async () => {
    await load('https://h5.example.com/?authtrip=snsapi_userinfo').departure()
  })

  it('goes again ten minutes after a trip that was given up', async () => {
    await load(page).departure()
    vi.setSystemTime(Date.now() + 600_000)
    await load(page).departure()
  })

  it('goes for each tab by itself', async () => {
    await load(page).departure()
    storage = new Map()
    await load(page).departure()
  })

  it('is used by the cookie another tab has set meanwhile', async () => {
    await load(page).departure()
    cookies.jar.set(cookieName, encodeURIComponent(JSON.stringify(identity)))
    await expect(load(page).weixin.authInfo()).resolves.toStrictEqual(identity)
  })
})

describe('authInfo with more than it knows', () => {
  it('goes again for the unionid that snsapi_base does not give, once', async () => {
    await load(onBase).weixin.authInfo({ scope: 'snsapi_base' })
    await load(page).departure()
    const back = load(onBase)
    await expect(back.weixin.authInfo()).resolves.toMatchObject({ unionidAbsentBecause: 'scope' })
    await expect(back.weixin.authInfo({ scope: 'snsapi_base' })).resolves.toMatchObject({ openid })
    expect(back.departures).toEqual([])
  })

  it('goes on from a silent landing to the full scope, and not further', async () => {
    await load(page).departure({ scope: 'snsapi_base' })
    const silent = load(onBase)
    await expect(silent.weixin.authInfo({ scope: 'snsapi_base' })).resolves.toMatchObject({ openid })
    await silent.departure()
    const full = load(onBase)
    await expect(full.weixin.authInfo({ scope: 'snsapi_base' })).resolves.toMatchObject({ openid })
    await expect(full.weixin.authInfo({ force: true })).resolves.toMatchObject({ openid })
    expect(full.departures).toEqual([])
  })

  it('does not go where the account has no unionid to give', async () => {
    const { weixin } = load(onBase.replace('=scope', '=not_bound'))
    await expect(weixin.authInfo()).resolves.toMatchObject({ unionidAbsentBecause: 'not_bound' })
  })

  it('asks WeChat again by force, and is content with the answer', async () => {
    await load(landing).weixin.authInfo()
    await load(page).departure({ force: true })
    const back = load(landing)
    await expect(back.weixin.authInfo({ force: true })).resolves.toMatchObject({ openid, ticket })
    await expect(back.weixin.authInfo({ force: true })).resolves.toMatchObject({ openid })
    expect(back.departures).toEqual([])
  })

  it('trusts no landing address by force that no trip has led to', async () => {
    await load(landing).departure({ force: true })
  })
})

describe('authInfo refuses', () => {
  it('at once outside WeChat, and goes nowhere', async () => {
    const { weixin, departures } = load(page, {}, { userAgent: 'Mozilla/5.0 Safari/605.1.15' })
    await expect(weixin.authInfo()).rejects.toMatchObject({ code: 'not_in_wechat' })
    expect(departures).toEqual([])
  })

  it('without portId, and says where it belongs', async () => {
    const { page: fake } = createFakePage({ href: page })
    const outcome = createWeixinOn(fake, { service }).authInfo()
    await expect(outcome).rejects.toMatchObject({ code: 'invalid_argument' })
    await expect(outcome).rejects.toThrow('createWeixin({ portId })')
  })

  it.each(['', 'snsapi_login', null])('the scope %j', async (scope) => {
    const options = { scope } as unknown as AuthInfoOptions
    await expect(load(page).weixin.authInfo(options)).rejects.toMatchObject({ code: 'invalid_argument' })
  })

  it('without a rejection that nobody handles', async () => {
    const unhandled = vi.fn()
    process.once('unhandledRejection', unhandled)
    void load(page, {}, { userAgent: 'Mozilla/5.0' }).weixin.authInfo()
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
