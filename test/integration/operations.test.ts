import { afterEach, expect, test } from 'vitest'
import { throughBothDoors } from '../support/doors.ts'
import { settle } from '../support/manual-clock.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

throughBothDoors('operators', (open) => {
  async function start(options?: Parameters<typeof createTestService>[0]) {
    const running = await createTestService(options)
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    return { ...running, ask: door.ask }
  }

  test('see that the process lives, whatever WeChat does', async () => {
    const { ask, sandbox } = await start()
    sandbox.setFaults([{ kind: 'reset' }])
    const response = await ask('/healthz')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok' })
  })

  test('see readiness come by itself, without any page', async () => {
    const { ask } = await start()
    expect(await (await ask('/readyz')).json()).toMatchObject({
      accounts: [{ appId: account.appId, state: 'starting' }],
    })
    await settle()
    const response = await ask('/readyz')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ready',
      accounts: [{ appId: account.appId, state: 'ready', ticketExpiresInS: expect.any(Number) }],
    })
  })

  test('see 503 while the process is stopping', async () => {
    const { ask, service } = await start()
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    service.drain()
    const response = await ask('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'shutting_down' })
  })

  test('one account that fails does not take the others out of service', async () => {
    const { ask } = await start({
      config: {
        accounts: [account, { ...account, appId: 'wxffffffffffffffff' }].map((each) => ({
          ...each,
          name: each.appId,
        })),
      },
    })
    await ask('/readyz')
    await settle()
    const response = await ask('/readyz')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      status: 'degraded',
      accounts: [
        { state: 'ready' },
        { state: 'failed', name: 'wxffffffffffffffff', reason: { code: 'wechat_refused', errcode: 40013 } },
      ],
    })
  })

  test('measure requests, signatures, refreshes, upstream calls and the age of credentials', async () => {
    const { ask } = await start()
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    await ask('/v1/jsapi/signature', form({ url: 'https://evil.example/' }))
    const response = await ask('/metrics')
    const text = await response.text()
    expect(response.headers.get('content-type')).toContain('text/plain')
    for (const line of [
      'wxh5_http_requests_total{route="/v1/jsapi/signature",status="200",code=""} 1',
      'wxh5_http_requests_total{route="/v1/jsapi/signature",status="403",code="origin_not_allowed"} 1',
      `wxh5_signatures_total{app_id="${account.appId}",kind="jsapi"} 1`,
      `wxh5_credential_refreshes_total{app_id="${account.appId}",kind="jsapi",reason="missing",result="ok"} 1`,
      'wxh5_wechat_request_duration_seconds_count{path="cgi-bin/ticket/getticket",host="api.weixin.qq.com",result="ok"} 1',
    ]) {
      expect(text).toContain(line)
    }
    expect(text).toMatch(/wxh5_credential_age_seconds\{app_id="\w+",kind="jsapi"\} 0/)
    expect(text).toMatch(/wxh5_credential_remaining_seconds\{app_id="\w+",kind="access_token"\} 7[12]/)
  })

  test('find one structured line per request, by route and without its address', async () => {
    const { ask, logs, logText } = await start()
    await ask('/v1/jsapi/signature?secret=in-the-query', form({ url: PAGE }))
    const line = logs().find(({ msg }) => msg === 'request')
    expect(line).toMatchObject({
      level: 'info',
      method: 'POST',
      route: '/v1/jsapi/signature',
      status: 200,
      requestId: expect.any(String),
      durationMs: expect.any(Number),
    })
    expect(logText()).not.toContain('in-the-query')
    expect(logText()).not.toContain('h5.example.com/news')
  })

  test('read the API as OpenAPI 3.1 and as a page, made from the routes themselves', async () => {
    const { ask } = await start()
    const document = await (await ask('/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).sort()).toMatchInlineSnapshot(`
      [
        "/.well-known/jwks.json",
        "/apis/wxplatform/jsticket",
        "/healthz",
        "/metrics",
        "/oauth2/ums/oauth2/accessToken",
        "/readyz",
        "/v1/accounts",
        "/v1/accounts/{appId}/access-token",
        "/v1/accounts/{appId}/access-token/rejected",
        "/v1/accounts/{appId}/tickets/{kind}",
        "/v1/cards/choose",
        "/v1/cards/ext",
        "/v1/cards/grants",
        "/v1/identity/redeem",
        "/v1/jsapi/rejected",
        "/v1/jsapi/signature",
        "/v1/oauth/exchange",
        "/v1/oauth/url",
        "/wx/api/fans/addFans",
        "/wx/api/fans/addUser",
        "/wx/api/fans/authInfo",
        "/wx/api/fans/authInfo/callback",
        "/wx/api/fans/getFans",
        "/wxplatform/webauth",
      ]
    `)
    const fields = document.paths['/v1/jsapi/signature'].post.requestBody.content['application/json'].schema
    expect(fields.required).toEqual(['url'])
    const page = await ask('/docs')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    expect(html).toContain('/v1/jsapi/signature')
    expect(html).not.toContain('<script')
  })

  test('an address that does not exist is a problem with a hint', async () => {
    const { ask } = await start()
    const response = await ask('/nowhere?openid=secret')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found', hint: expect.stringContaining('/docs') })
  })

  test("WeChat's verification file is served at the root", async () => {
    const { ask } = await start({ account: { verifyFiles: { 'MP_verify_sample.txt': 'sample' } } })
    const response = await ask('/MP_verify_sample.txt')
    expect(await response.text()).toBe('sample')
    expect(response.headers.get('content-type')).toContain('text/plain')
  })
})
