import { afterEach, expect, test } from 'vitest'
import { createAuthInfoService, SECOND, tokenOf } from '../support/auth-info.ts'
import { throughBothDoors } from '../support/doors.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { account, json } from '../support/service.ts'
import { hostileTargets } from '../unit/auth-info/hostile-targets.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const TARGET = 'https://h5.example.com/app?x=1#/home'
const START = '/wx/api/fans/authInfo'
const CALLBACK = '/wx/api/fans/authInfo/callback'
const EXCHANGE = 'sns/oauth2/access_token'

const startAt = (target = TARGET, more = '&authType=snsapi_base') =>
  `${START}?portid=4&redirectPath=${encodeURIComponent(target)}${more}`

throughBothDoors('authInfo', (open) => {
  async function start(options?: Parameters<typeof createAuthInfoService>[0]) {
    const running = await createAuthInfoService(options)
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const browser = () => createOAuthBrowser(running.sandbox, door.ask)
    const redeem = async (ticket: string, clientId?: string) => {
      const token = await tokenOf(door.ask, clientId)
      const response = await door.ask('/v1/identity/redeem', {
        ...json({ ticket }),
        headers: { 'content-type': 'application/json', 'sso-token': token },
      })
      return { status: response.status, ...(await response.json()) }
    }
    return { ...running, ask: door.ask, browser, redeem }
  }

  test('sends the visitor to WeChat in its strict order', async () => {
    const { ask } = await start()
    const response = await ask(startAt(), { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toMatch(
      new RegExp(
        `^https://open\\.weixin\\.qq\\.com/connect/oauth2/authorize\\?appid=${account.appId}&redirect_uri=https%3A%2F%2Fmem\\.example\\.com%2Fmp%2Fwx%2Fapi%2Ffans%2FauthInfo%2Fcallback&response_type=code&scope=snsapi_base&state=[a-zA-Z0-9]{32}&connect_redirect=1#wechat_redirect$`,
      ),
    )
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-wxh5-\w{12}=\w{32}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('lands the visitor on the target with who they are, in order, before the fragment', async () => {
    const { browser, sandbox } = await start()
    const { address } = await browser().open(startAt(TARGET, ''))
    const visitor = sandbox.identityOf('follower', account.appId)
    const { openid, unionid } = visitor
    expect(address).toMatch(
      new RegExp(
        `^https://h5\\.example\\.com/app\\?x=1&portid=4&appid=${account.appId}&openid=${openid}&userid=\\d{18}&unionid=${unionid}&ticket=[a-zA-Z0-9]{32}#/home$`,
      ),
    )
  })

  test.each(['/mpwechat', ''])('works below "%s"', async (prefix) => {
    const { ask } = await start()
    expect((await ask(`${prefix}${startAt()}`, { redirect: 'manual' })).status).toBe(302)
  })

  test('a silent round trip has no unionid and says why', async () => {
    const { browser } = await start()
    const landing = new URL((await browser().open(startAt())).address)
    expect(landing.searchParams.get('openid')).toMatch(/^o/)
    expect(landing.searchParams.has('unionid')).toBe(false)
    expect(landing.searchParams.get('unionidabsent')).toBe('scope')
  })

  test('an account that is not bound has no unionid and says so', async () => {
    const { browser, sandbox } = await start()
    sandbox.chooseVisitor('no-unionid')
    const landing = new URL((await browser().open(startAt(TARGET, ''))).address)
    expect(landing.searchParams.get('unionidabsent')).toBe('not_bound')
  })

  test('the same person has the same userid at every visit and in every account', async () => {
    const { browser } = await start()
    const visit = async (target: string, portid: number) =>
      new URL(
        (await browser().open(`${START}?portid=${portid}&redirectPath=${encodeURIComponent(target)}`))
          .address,
      ).searchParams
    const one = await visit(TARGET, 4)
    const two = await visit(TARGET, 4)
    const three = await visit('https://other.example.com/', 5)
    expect(new Set([one, two, three].map((landing) => landing.get('userid'))).size).toBe(1)
    expect(three.get('openid')).not.toBe(one.get('openid'))
  })

  test.each([
    ['marked by WeChat', { snapshotProfile: 'virtual' }],
    ['not marked, but without a profile', { snapshotMark: false }],
  ] as const)('a snapshot visitor gets no identity and is stored nowhere (%s)', async (_name, oauth) => {
    const { browser, sandbox, logText } = await start({ sandbox: { oauth } })
    sandbox.chooseVisitor('snapshot')
    const { address } = await browser().open(startAt(TARGET, ''))
    expect(address).toBe(
      `https://h5.example.com/app?x=1&portid=4&appid=${account.appId}&autherror=snapshot_user#/home`,
    )
    expect(logText()).not.toMatch(/openid|unionid/)
  })

  test('a visitor who refuses comes back without an identity, where WeChat sends back at all', async () => {
    const { browser, sandbox } = await start({ sandbox: { oauth: { refusal: 'state-only' } } })
    sandbox.chooseVisitor('refuser')
    const { address } = await browser().open(startAt(TARGET, ''))
    expect(new URL(address).searchParams.get('autherror')).toBe('access_denied')
  })

  test('R0–R9 hostile targets get a 4xx page without Location, and WeChat is not asked', async () => {
    const { ask, sandbox } = await start()
    for (const target of [...new Set(hostileTargets())]) {
      const response = await ask(
        `${START}?portid=4&redirectPath=${encodeURIComponent(target.toWellFormed())}`,
        { redirect: 'manual' },
      )
      expect(
        [response.status >= 400 && response.status < 500, response.headers.get('location')],
        target,
      ).toEqual([true, null])
    }
    expect(sandbox.calls()).toEqual([])
  })

  test.each([
    ['no redirectPath', '?portid=4', 400],
    [
      'two redirectPath',
      `?portid=4&redirectPath=${encodeURIComponent(TARGET)}&redirectPath=${encodeURIComponent(TARGET)}`,
      400,
    ],
    [
      'an encoded second redirectPath',
      `?portid=4&redirectPath=${encodeURIComponent(TARGET)}&%72edirectPath=x`,
      400,
    ],
    ['no portid', `?redirectPath=${encodeURIComponent(TARGET)}`, 400],
    ['two portid', `?portid=4&portid=4&redirectPath=${encodeURIComponent(TARGET)}`, 400],
    ['an unknown portid', `?portid=6&redirectPath=${encodeURIComponent(TARGET)}`, 404],
    ['a portid that is no number', `?portid=4e0&redirectPath=${encodeURIComponent(TARGET)}`, 404],
    ['a target of another port', `?portid=5&redirectPath=${encodeURIComponent(TARGET)}`, 400],
    ['another authType', `?portid=4&authType=snsapi_login&redirectPath=${encodeURIComponent(TARGET)}`, 400],
    [
      'an upper-case authType',
      `?portid=4&authType=SNSAPI_BASE&redirectPath=${encodeURIComponent(TARGET)}`,
      400,
    ],
    ['an empty authType', `?portid=4&authType=&redirectPath=${encodeURIComponent(TARGET)}`, 400],
    [
      'two authType',
      `?portid=4&authType=snsapi_base&authType=snsapi_base&redirectPath=${encodeURIComponent(TARGET)}`,
      400,
    ],
    [
      'a double-encoded target',
      `?portid=4&redirectPath=${encodeURIComponent(encodeURIComponent(TARGET))}`,
      400,
    ],
    ['a malformed percent sequence', '?portid=4&redirectPath=https://h5.example.com/%', 400],
    ['bytes that are not UTF-8', '?portid=4&redirectPath=https://h5.example.com/%ff', 400],
    ['a plus in the target', '?portid=4&redirectPath=https://h5.example.com/a+b', 400],
  ])('R0 refuses %s with a page in Chinese and English', async (_name, query, status) => {
    const { ask } = await start()
    const response = await ask(`${START}${query}`, { redirect: 'manual' })
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toMatch(/[\u4e00-\u9fff]+<br>[A-Z]/)
  })

  test("the target's own identity parameters are dropped, all others stay", async () => {
    const { browser } = await start()
    const { address } = await browser().open(
      startAt('https://h5.example.com/?openid=evil&a=%2f&OpenId=evil&ticket=evil&b='),
    )
    expect(address).toMatch(/^https:\/\/h5\.example\.com\/\?a=%2f&b=&portid=4&appid=\w+&openid=o/)
    expect(address).not.toContain('evil')
  })

  test('two tabs at once both work', async () => {
    const { browser } = await start()
    const one = browser()
    const [first, second] = await Promise.all([
      one.ask(startAt()),
      one.ask(startAt('https://h5.example.com/two')),
    ])
    const land = async (response: Response) =>
      one.open(await one.authorize(response.headers.get('location') ?? ''))
    expect((await land(second)).address).toContain('/two?')
    expect((await land(first)).address).toContain('/app?')
  })

  test('a callback from another browser is refused and changes nothing', async () => {
    const { browser, sandbox } = await start()
    const [victim, attacker] = [browser(), browser()]
    const departure = await victim.ask(startAt())
    const back = await victim.authorize(departure.headers.get('location') ?? '')
    await attacker.ask(startAt())
    const name = [...victim.cookies.keys()][0] ?? ''
    attacker.cookies.set(name, 'A'.repeat(32))
    const stolen = await attacker.ask(back)
    expect([stolen.status, stolen.headers.get('location')]).toEqual([400, null])
    expect(await stolen.text()).toContain('state_invalid')
    expect(sandbox.calls(EXCHANGE)).toEqual([])
    expect((await victim.open(back)).address).toContain('openid=')
  })

  test('a browser that lost its cookie starts over once by itself, then is told why', async () => {
    const { browser } = await start()
    const lossy = browser()
    let response = await lossy.ask(startAt())
    const statuses = []
    for (let round = 0; round < 2; round++) {
      const back = await lossy.authorize(response.headers.get('location') ?? '')
      lossy.cookies.clear()
      response = await lossy.ask(back)
      statuses.push(response.status)
    }
    expect(statuses).toEqual([302, 400])
    expect(await response.text()).toContain('login_loop')
  })

  test('"stateCookie": "preferred" lets a browser without cookies in, but not one with a wrong one', async () => {
    const { browser } = await start({ config: { stateCookie: 'preferred' } })
    const lossy = browser()
    const departure = await lossy.ask(startAt())
    const back = await lossy.authorize(departure.headers.get('location') ?? '')
    const name = [...lossy.cookies.keys()][0] ?? ''
    lossy.cookies.set(name, 'B'.repeat(32))
    expect((await lossy.ask(back)).status).toBe(400)
    lossy.cookies.clear()
    expect((await lossy.open(back)).address).toContain('openid=')
  })

  test('100 callbacks at once make one exchange and give one answer', async () => {
    const { browser, sandbox } = await start()
    const one = browser()
    const departure = await one.ask(startAt())
    const back = await one.authorize(departure.headers.get('location') ?? '')
    const answers = await Promise.all(Array.from({ length: 100 }, () => one.ask(back)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302]))
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1)
    expect(sandbox.calls(EXCHANGE)).toHaveLength(1)
  })

  test('a second callback within a minute gets the same answer, later none', async () => {
    const clock = createManualClock()
    const { browser } = await start({ world: { clock: { ...clock, sleep: (ms) => clock.advance(ms) } } })
    const one = browser()
    const departure = await one.ask(startAt())
    const back = await one.authorize(departure.headers.get('location') ?? '')
    const first = await one.ask(back)
    await clock.advance(59_000)
    expect((await one.ask(back)).headers.get('location')).toBe(first.headers.get('location'))
    await clock.advance(1_000)
    const late = await one.ask(back)
    expect([late.status, late.headers.get('location')]).toEqual([400, null])
  })

  test('a state is good for ten minutes', async () => {
    const clock = createManualClock()
    const { browser } = await start({ world: { clock } })
    const slow = browser()
    const departure = await slow.ask(startAt())
    const back = await slow.authorize(departure.headers.get('location') ?? '')
    await clock.advance(600_000)
    const response = await slow.ask(back)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('state_invalid')
  })

  test.each([
    ['no state', '?code=001'],
    ['two states', `?code=001&state=${'a'.repeat(32)}&state=${'b'.repeat(32)}`],
    ['two codes', `?code=001&code=002&state=${'a'.repeat(32)}`],
    ['an invented state', `?code=001&state=${'a'.repeat(32)}`],
    ['a state of another kind', '?code=001&state=1'],
    ['a hostile state', `?code=001&state=${encodeURIComponent('../../flow:x')}`],
    ['a code with a quote', `?code=${encodeURIComponent('"x')}&state=${'a'.repeat(32)}`],
  ])('a callback with %s is a 4xx page, and WeChat is not asked', async (_name, query) => {
    const { ask, sandbox } = await start()
    const response = await ask(`${CALLBACK}${query}`, { redirect: 'manual' })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(sandbox.calls()).toEqual([])
  })

  test('a state finishes in its own account, whatever the callback says', async () => {
    const { browser } = await start()
    const one = browser()
    const departure = await one.ask(startAt())
    const back = await one.authorize(departure.headers.get('location') ?? '')
    const { address } = await one.open(
      `${back}&portid=5&appid=${SECOND}&redirectPath=https://evil.example/&scope=snsapi_userinfo`,
    )
    expect(address).toMatch(
      new RegExp(`^https://h5\\.example\\.com/app\\?x=1&portid=4&appid=${account.appId}&`),
    )
  })

  test("a code of somebody else's account or time starts over once, then is told", async () => {
    const { browser, sandbox } = await start()
    const one = browser()
    const departure = await one.ask(startAt())
    const back = new URL(await one.authorize(departure.headers.get('location') ?? ''))
    back.searchParams.set('code', `0${'x'.repeat(31)}`)
    const again = await one.ask(back.href)
    expect(again.headers.get('location')).toContain('https://open.weixin.qq.com/')
    const second = new URL(await one.authorize(again.headers.get('location') ?? ''))
    second.searchParams.set('code', `0${'y'.repeat(31)}`)
    expect(await (await one.ask(second.href)).text()).toContain('login_loop')
    expect(sandbox.calls(EXCHANGE)).toHaveLength(2)
  })

  test('when WeChat is down between the two redirects the page says so, and reloading it succeeds', async () => {
    const { browser, sandbox } = await start({
      world: {
        clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined },
      },
    })
    const one = browser()
    const departure = await one.ask(startAt())
    const back = await one.authorize(departure.headers.get('location') ?? '')
    sandbox.setFaults([{ kind: 'reset', path: EXCHANGE }])
    const down = await one.ask(back)
    expect(down.status).toBe(503)
    expect(await down.text()).toContain('wechat_unreachable')
    sandbox.clearFaults()
    expect((await one.open(back)).address).toContain('openid=')
  })

  test('without publicUrl nobody is sent anywhere, and the page names the key', async () => {
    const { ask } = await start({
      config: {
        publicUrl: undefined,
        accounts: [{ ...account, portIds: [4], redirects: ['https://h5.example.com'] }],
        clients: [],
      },
    })
    const response = await ask(startAt(), { redirect: 'manual' })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('publicUrl')
  })

  test('a ticket is redeemed once, by a client of its account', async () => {
    const { browser, redeem, sandbox } = await start()
    const landing = new URL((await browser().open(startAt(TARGET, ''))).address).searchParams
    const ticket = landing.get('ticket') ?? ''
    expect(await redeem(ticket, 'other')).toMatchObject({ status: 400, code: 'ticket_invalid' })
    const { openid, unionid } = sandbox.identityOf('follower', account.appId)
    expect(await redeem(ticket)).toEqual({
      status: 200,
      openid,
      unionid,
      userId: landing.get('userid'),
      appId: account.appId,
      portId: 4,
      scope: 'snsapi_userinfo',
      issuedAt: expect.any(Number),
    })
    expect(await redeem(ticket)).toMatchObject({ status: 400, code: 'ticket_invalid' })
    expect(await redeem('x'.repeat(32))).toMatchObject({ status: 400, code: 'ticket_invalid' })
  })

  test('a ticket is good for 60 seconds', async () => {
    const clock = createManualClock(Date.now())
    const { browser, redeem } = await start({ world: { clock } })
    const ticket = new URL((await browser().open(startAt())).address).searchParams.get('ticket') ?? ''
    await clock.advance(60_000)
    expect(await redeem(ticket)).toMatchObject({ status: 400, code: 'ticket_invalid' })
  })

  test('of ten that redeem one ticket at once exactly one succeeds', async () => {
    const { browser, redeem } = await start()
    const ticket = new URL((await browser().open(startAt())).address).searchParams.get('ticket') ?? ''
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(ticket)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('a backend with its own OAuth round trip gets the address and the identity, the same code twice the same answer', async () => {
    const { ask, sandbox, browser } = await start()
    const token = await tokenOf(ask)
    const call = async (path: string, body: object) => {
      const response = await ask(path, {
        ...json(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      })
      return { status: response.status, ...(await response.json()) }
    }
    const { url } = await call('/v1/oauth/url', {
      appId: account.appId,
      redirectUri: 'https://mem.example.com/back?a=1',
      scope: 'snsapi_userinfo',
      state: 'mine',
      forcePopup: true,
    })
    expect(url).toContain('&state=mine&connect_redirect=1&forcePopup=true#wechat_redirect')
    const code = new URL(await browser().authorize(url)).searchParams.get('code') ?? ''
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call('/v1/oauth/exchange', { appId: account.appId, code })),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({
      status: 200,
      scope: 'snsapi_userinfo',
      userId: expect.stringMatching(/^\d{18}$/),
      appId: account.appId,
    })
    expect(sandbox.calls(EXCHANGE)).toHaveLength(1)
    expect(
      await call('/v1/oauth/exchange', { appId: account.appId, code: `0${'x'.repeat(31)}` }),
    ).toMatchObject({ status: 400, code: 'code_invalid' })
    expect(await call('/v1/oauth/exchange', { appId: SECOND, code })).toMatchObject({
      status: 403,
      code: 'account_not_allowed',
    })
    expect(
      await call('/v1/oauth/url', {
        appId: account.appId,
        redirectUri: 'javascript:alert(1)',
        scope: 'snsapi_base',
      }),
    ).toMatchObject({ status: 400 })
    expect(
      await call('/v1/oauth/url', {
        appId: account.appId,
        redirectUri: 'https://mem.example.com/',
        scope: 'snsapi_base',
        state: 'a b',
      }),
    ).toMatchObject({ status: 400 })
  })

  test('GET /wxplatform/webauth shows the visitor their own openid or profile', async () => {
    const { browser, sandbox } = await start()
    const { openid } = sandbox.identityOf('follower', account.appId)
    const silent = await browser().open(`/wxplatform/webauth?appid=${account.appId}&scope=snsapi_base`)
    expect(await silent.response?.json()).toEqual({ openid })
    const asked = await browser().open(`/wxplatform/webauth?appid=${account.appId}&scope=snsapi_userinfo`)
    expect(await asked.response?.json()).toMatchObject({
      openid,
      nickname: expect.any(String),
      privilege: [],
    })
  })

  test('no identity, state, code or ticket is in any log line of a round trip', async () => {
    const { browser, redeem, logText, sandbox } = await start()
    const landing = new URL((await browser().open(startAt(TARGET, ''))).address).searchParams
    await redeem(landing.get('ticket') ?? '')
    const { openid, unionid } = sandbox.identityOf('follower', account.appId)
    for (const secret of [
      openid,
      unionid,
      landing.get('userid'),
      landing.get('ticket'),
      sandbox.snapshot().accounts[0]?.codes[0]?.value,
    ]) {
      expect(secret).toBeTruthy()
      expect(logText()).not.toContain(secret)
    }
  })
})
