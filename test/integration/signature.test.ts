import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { throughBothDoors } from '../support/doors.ts'
import {
  account,
  createTestService,
  form,
  json,
  liveTicket,
  PAGE,
  type TestService,
} from '../support/service.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

throughBothDoors('POST /v1/jsapi/signature', (open) => {
  async function start(options?: Parameters<typeof createTestService>[0]) {
    const running = await createTestService(options)
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    return { ...running, ask: door.ask }
  }

  test('signs a page with the live ticket', async () => {
    const { ask, sandbox } = await start()
    const response = await ask('/v1/jsapi/signature', form({ url: `${PAGE}#/home` }))
    const answer = await response.json()
    expect(response.status).toBe(200)
    expect(answer).toEqual({
      appId: account.appId,
      timestamp: expect.any(Number),
      nonceStr: expect.stringMatching(/^[a-zA-Z0-9]{16}$/),
      signature: sha1(
        `jsapi_ticket=${liveTicket(sandbox)}&noncestr=${answer.nonceStr}&timestamp=${answer.timestamp}&url=${PAGE}`,
      ),
      url: PAGE,
    })
    expect(Number.isInteger(answer.timestamp)).toBe(true)
  })

  test('reproduces the published vector', async () => {
    const { ask, sandbox } = await start({
      account: { pageOrigins: ['http://mp.weixin.qq.com'] },
      world: {
        clock: {
          now: () => 1_414_587_457_000,
          monotonic: () => performance.now(),
          sleep: async () => undefined,
        },
        random: vectorBytes,
      },
    })
    sandbox.seedTicket(
      account.appId,
      'jsapi',
      'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
    )
    const response = await ask('/v1/jsapi/signature', json({ url: 'http://mp.weixin.qq.com?params=value' }))
    expect(await response.json()).toEqual({
      appId: account.appId,
      timestamp: 1_414_587_457,
      nonceStr: 'Wm3WZYTPz0wzccnW',
      signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
      url: 'http://mp.weixin.qq.com?params=value',
    })
  })

  test('takes JSON and a form alike, and names the account when asked', async () => {
    const { ask } = await start()
    for (const init of [
      json({ url: PAGE, appId: account.appId }),
      form({ url: PAGE, appId: account.appId }),
    ]) {
      expect((await ask('/v1/jsapi/signature', init)).status).toBe(200)
    }
  })

  test('makes a new nonce every time', async () => {
    const { ask } = await start()
    const nonces = new Set<string>()
    for (let turn = 0; turn < 50; turn++) {
      nonces.add((await (await ask('/v1/jsapi/signature', form({ url: PAGE }))).json()).nonceStr)
    }
    expect(nonces.size).toBe(50)
  })

  test('answers a page on an allowed origin with CORS headers and without credentials', async () => {
    const { ask } = await start()
    const origin = 'https://h5.example.com'
    const response = await ask('/v1/jsapi/signature', { ...form({ url: PAGE }), headers: { origin } })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('vary')).toBe('Origin')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    'https://evil.example',
    'http://h5.example.com',
    'https://a.h5.example.com',
    'null',
    'https://h5.example.com.evil.example',
  ])('refuses a page whose Origin is %s, also for an address that may be signed', async (origin) => {
    const { ask } = await start()
    const response = await ask('/v1/jsapi/signature', { ...form({ url: PAGE }), headers: { origin } })
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(await response.json()).toMatchObject({
      code: 'origin_not_allowed',
      hint: expect.stringContaining('pageOrigins'),
    })
  })

  test('answers a preflight for allowed origins only', async () => {
    const { ask } = await start()
    const preflight = (origin: string) =>
      ask('/v1/jsapi/signature', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    expect((await preflight('https://h5.example.com')).headers.get('access-control-allow-origin')).toBe(
      'https://h5.example.com',
    )
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each([
    ['https://evil.example/', 403, 'origin_not_allowed'],
    ['https://evil.example/?https://h5.example.com/', 403, 'origin_not_allowed'],
    ['https://h5.example.com@evil.example/', 400, 'invalid_url'],
    ['https://h5.example.com\\@evil.example/', 400, 'invalid_url'],
    ['//h5.example.com/', 400, 'invalid_url'],
    ['javascript:alert(1)', 400, 'invalid_url'],
    [`https://h5.example.com/${'a'.repeat(20_000)}`, 400, 'url_too_long'],
    ['', 400, 'invalid_request'],
  ])('refuses %.60s and asks WeChat nothing', async (url, status, code) => {
    const { ask, sandbox } = await start()
    const response = await ask('/v1/jsapi/signature', json({ url }))
    const answer = await response.json()
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(answer).toMatchObject({
      type: 'about:blank',
      status,
      code,
      detail: expect.any(String),
      hint: expect.any(String),
      requestId: expect.any(String),
    })
    expect(answer.signature).toBeUndefined()
    expect(sandbox.calls()).toEqual([])
  })

  test.each([
    [
      'text that is not JSON',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"url":' },
      400,
      'invalid_json',
    ],
    ['a JSON array', json([PAGE]), 400, 'invalid_request'],
    ['JSON null', json(null), 400, 'invalid_request'],
    ['url as an array', json({ url: [PAGE] }), 400, 'invalid_request'],
    ['url as an object', json({ url: { toString: PAGE } }), 400, 'invalid_request'],
    ['url as a number', json({ url: 1 }), 400, 'invalid_request'],
    ['no url', json({ link: PAGE }), 400, 'invalid_request'],
    [
      'url twice in a form',
      {
        ...form({}),
        body: new URLSearchParams([
          ['url', PAGE],
          ['url', PAGE],
        ]),
      },
      400,
      'invalid_request',
    ],
    [
      'a form that was cut at &',
      {
        ...form({}),
        body: new URLSearchParams([
          ['url', 'https://h5.example.com/?a=1'],
          ['b', '2'],
          ['b', '3'],
        ]),
      },
      400,
      'invalid_request',
    ],
    ['plain text', { method: 'POST', body: PAGE }, 415, 'unsupported_media_type'],
    [
      'an account that is not configured',
      json({ url: PAGE, appId: 'wxffffffffffffffff' }),
      404,
      'unknown_account',
    ],
    ['1 MB of JSON', json({ url: 'a'.repeat(1_000_000) }), 413, 'body_too_large'],
    ['1 MB of form', form({ url: 'a'.repeat(1_000_000) }), 413, 'body_too_large'],
    [
      'a URL of 100 kB',
      json({ url: `https://h5.example.com/${'a'.repeat(100_000)}` }),
      413,
      'body_too_large',
    ],
    ['__proto__ in a form', form({ __proto__: PAGE }), 400, 'invalid_request'],
  ] as [string, RequestInit, number, string][])(
    'answers %s with one clear problem and lives on',
    async (_name, init, status, code) => {
      const { ask } = await start()
      const response = await ask('/v1/jsapi/signature', init)
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ code, hint: expect.any(String) })
      expect((await ask('/v1/jsapi/signature', form({ url: PAGE }))).status).toBe(200)
    },
  )

  test('a body without a declared length is counted as it arrives', async () => {
    const { ask } = await start()
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let chunk = 0; chunk < 20; chunk++) controller.enqueue(new Uint8Array(10_000).fill(97))
        controller.close()
      },
    })
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: chunks,
      duplex: 'half',
    } as RequestInit
    const response = await ask('/v1/jsapi/signature', init)
    expect(response.status).toBe(413)
  })

  test('other methods are told which one to use', async () => {
    const { ask } = await start()
    const response = await ask('/v1/jsapi/signature')
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' })
  })

  test('a request id of the caller is kept when it is harmless, and stands in answer and log', async () => {
    const { ask, logText } = await start()
    const kept = await ask('/v1/jsapi/signature', {
      ...form({ url: PAGE }),
      headers: { 'x-request-id': 'page-42_a' },
    })
    expect(kept.headers.get('x-request-id')).toBe('page-42_a')
    expect(logText()).toContain('"requestId":"page-42_a"')
    const replaced = await ask('/v1/jsapi/signature', {
      ...form({ url: PAGE }),
      headers: { 'x-request-id': 'a{b}"c' },
    })
    expect(replaced.headers.get('x-request-id')).toMatch(/^[a-zA-Z0-9]{20}$/)
  })

  test('500 requests at once on an empty cache make one token call and one ticket call, and none fails', async () => {
    const { ask, sandbox } = await start()
    const answers = await Promise.all(
      Array.from({ length: 500 }, () => ask('/v1/jsapi/signature', form({ url: PAGE }))),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(sandbox.snapshot().callCounts).toEqual({
      'cgi-bin/stable_token': 1,
      'cgi-bin/ticket/getticket': 1,
    })
  })

  test('more requests of one address than configured are told to wait', async () => {
    const { ask } = await start({ config: { rateLimits: { signature: { points: 3, perSeconds: 60 } } } })
    const spoofed = (turn: number) => ({
      ...form({ url: PAGE }),
      headers: { 'x-forwarded-for': `10.0.0.${turn}` },
    })
    const statuses = []
    for (let turn = 0; turn < 5; turn++)
      statuses.push((await ask('/v1/jsapi/signature', spoofed(turn))).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const refused = await ask('/v1/jsapi/signature', spoofed(9))
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      hint: expect.stringContaining('rateLimits.signature'),
    })
  })

  test('behind a trusted proxy every visitor has a limit of his own', async () => {
    const { ask } = await start({
      config: { trustedProxies: 1, rateLimits: { signature: { points: 1, perSeconds: 60 } } },
    })
    const from = (chain: string) =>
      ask('/v1/jsapi/signature', { ...form({ url: PAGE }), headers: { 'x-forwarded-for': chain } })
    expect((await from('203.0.113.7')).status).toBe(200)
    expect((await from('203.0.113.8')).status).toBe(200)
    expect((await from('1.1.1.1, 203.0.113.8')).status).toBe(429)
    expect((await from('2001:db8:1:2:3::1')).status).toBe(200)
    expect((await from('2001:db8:1:2:ffff::9')).status).toBe(429)
  })

  test('the path of publicUrl may stand in front of every route', async () => {
    const { ask } = await start({ config: { publicUrl: 'https://mem.example.com/mp' } })
    expect((await ask('/mp/v1/jsapi/signature', form({ url: PAGE }))).status).toBe(200)
    expect((await ask('/v1/jsapi/signature', form({ url: PAGE }))).status).toBe(200)
    expect((await ask('/mpx/v1/jsapi/signature', form({ url: PAGE }))).status).toBe(404)
  })
})

throughBothDoors('POST /apis/wxplatform/jsticket', (open) => {
  test('signs by the same rules in the older form', async () => {
    const running = await createTestService()
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const signed = await door.ask('/apis/wxplatform/jsticket', form({ appid: account.appId, url: PAGE }))
    const answer = await signed.json()
    expect(Object.keys(answer)).toEqual(['appid', 'nonceStr', 'timestamp', 'signature'])
    expect(answer.signature).toBe(
      sha1(
        `jsapi_ticket=${liveTicket(running.sandbox)}&noncestr=${answer.nonceStr}&timestamp=${answer.timestamp}&url=${PAGE}`,
      ),
    )
    const refused = await door.ask(
      '/apis/wxplatform/jsticket',
      form({ appid: account.appId, url: 'https://evil.example/' }),
    )
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({
      errcode: 403,
      msg: expect.stringContaining('pageOrigins'),
      code: 'origin_not_allowed',
    })
  })
})

throughBothDoors('POST /v1/jsapi/rejected', (open) => {
  async function start() {
    let monotonic = 0
    const clock = {
      now: () => Date.UTC(2026, 0, 1) + monotonic,
      monotonic: () => monotonic,
      sleep: async () => undefined,
    }
    const running: TestService = await createTestService({ world: { clock } })
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const sign = async () => (await door.ask('/v1/jsapi/signature', form({ url: PAGE }))).json()
    const report = async (signed: Record<string, string>) => {
      const response = await door.ask(
        '/v1/jsapi/rejected',
        form({ ...signed, timestamp: String(signed.timestamp) }),
      )
      return { status: response.status, ...(await response.json()) }
    }
    return { ...running, sign, report, advance: (ms: number) => (monotonic += ms) }
  }

  test('refreshes a ticket that somebody else replaced, and the next signature verifies', async () => {
    const { sandbox, sign, report } = await start()
    const stale = await sign()
    sandbox.rotateTicket(account.appId)
    expect(await report(stale)).toEqual({ status: 200, refreshed: true })
    const fresh = await sign()
    expect(fresh.signature).toBe(
      sha1(
        `jsapi_ticket=${liveTicket(sandbox)}&noncestr=${fresh.nonceStr}&timestamp=${fresh.timestamp}&url=${PAGE}`,
      ),
    )
  })

  test('a second page with the old signature is told to sign again, without another call', async () => {
    const { sandbox, sign, report } = await start()
    const [one, two] = [await sign(), await sign()]
    sandbox.rotateTicket(account.appId)
    expect((await report(one)).refreshed).toBe(true)
    const before = sandbox.calls('cgi-bin/ticket/getticket').length
    expect((await report(two)).refreshed).toBe(true)
    expect(sandbox.calls('cgi-bin/ticket/getticket')).toHaveLength(before)
  })

  test('refreshes at most once in 5 minutes, whoever claims what', async () => {
    const { sandbox, sign, report, advance } = await start()
    for (let claim = 0; claim < 20; claim++) await report(await sign())
    expect(sandbox.calls('cgi-bin/ticket/getticket')).toHaveLength(2)
    advance(300_000)
    expect((await report(await sign())).refreshed).toBe(true)
    expect(sandbox.calls('cgi-bin/ticket/getticket')).toHaveLength(3)
  })

  test('a signature of somebody else refreshes nothing', async () => {
    const { sandbox, sign, report } = await start()
    const signed = await sign()
    const forged = await report({ ...signed, signature: '0'.repeat(40) })
    expect(forged).toMatchObject({ status: 400, code: 'signature_unknown' })
    expect(await report({ ...signed, url: 'https://evil.example/' })).toMatchObject({ status: 403 })
    expect(await report({ ...signed, timestamp: 'soon' })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    })
    expect(sandbox.calls('cgi-bin/ticket/getticket')).toHaveLength(1)
  })
})

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** Random bytes that the service turns into the nonce of the published vector. */
function vectorBytes(size: number): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const letters = [...'Wm3WZYTPz0wzccnW'].map((letter) => alphabet.indexOf(letter))
  return Uint8Array.from({ length: size }, (_, at) => letters[at % 16] ?? 0)
}
