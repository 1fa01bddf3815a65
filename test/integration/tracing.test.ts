import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createAuthInfoService, tokenOf } from '../support/auth-info.ts'
import { throughBothDoors } from '../support/doors.ts'
import { settle } from '../support/manual-clock.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { account, createTestService, fetchFrom, form, PAGE } from '../support/service.ts'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const closers: (() => Promise<unknown>)[] = []

beforeAll(() => provider.register())
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  exporter.reset()
})
afterAll(async () => {
  await provider.shutdown()
  trace.disable()
  context.disable()
})

const spans = (): ReadableSpan[] => exporter.getFinishedSpans()
const named = (name: string): ReadableSpan => {
  const found = spans().filter((span) => span.name === name)
  if (found[0] === undefined) throw new Error(`no span ${name} among ${spans().map((span) => span.name)}`)
  return found[0]
}
const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId
const idOf = (span: ReadableSpan) => span.spanContext().spanId
const traceOf = (span: ReadableSpan) => span.spanContext().traceId

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'

throughBothDoors('with an OpenTelemetry SDK the service', (open) => {
  async function start(options?: Parameters<typeof createTestService>[0]) {
    const running = await createTestService(options)
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    return { ...running, ask: door.ask }
  }

  test('shows the way of a request from the page to WeChat, in the trace of its caller', async () => {
    const { ask, logs } = await start()
    const request = form({ url: PAGE })
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': 'page-1' }
    expect((await ask('/v1/jsapi/signature', { ...request, headers })).status).toBe(200)
    await settle()

    const server = named('POST /v1/jsapi/signature')
    expect(server.kind).toBe(SpanKind.SERVER)
    expect([traceOf(server), parentOf(server)]).toEqual([TRACE, CALLER])
    expect(server.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/jsapi/signature',
      'http.response.status_code': 200,
      'wxh5.app_id': account.appId,
      'wxh5.request_id': 'page-1',
    })

    const ticket = named('refresh jsapi')
    const token = named('refresh access_token')
    const askedToken = named('POST /cgi-bin/stable_token')
    const askedTicket = named('GET /cgi-bin/ticket/getticket')
    expect([ticket, token, askedToken, askedTicket].map(parentOf)).toEqual(
      [server, ticket, token, ticket].map(idOf),
    )
    expect(new Set(spans().map(traceOf))).toEqual(new Set([TRACE]))
    expect([ticket.kind, token.kind]).toEqual([SpanKind.INTERNAL, SpanKind.INTERNAL])
    expect(token.attributes).toEqual({
      'wxh5.app_id': account.appId,
      'wxh5.credential.kind': 'access_token',
      'wxh5.credential.refused': false,
      'wxh5.request_id': 'page-1',
    })
    expect(askedTicket.kind).toBe(SpanKind.CLIENT)
    expect(askedTicket.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': 'api.weixin.qq.com',
      'server.port': 443,
      'url.template': '/cgi-bin/ticket/getticket',
      'wxh5.request_id': 'page-1',
    })

    const line = (msg: string) => logs().find((each) => each.msg === msg)
    expect(line('request')).toMatchObject({ trace_id: TRACE, span_id: idOf(server), requestId: 'page-1' })
    expect(line('credential refreshed')).toMatchObject({ trace_id: TRACE, requestId: 'page-1' })
    expect(line('asked WeChat')).toMatchObject({ trace_id: TRACE, span_id: idOf(askedToken) })
  })

  test('tells why a request failed by code, with the errcode and rid of WeChat, and no text of it', async () => {
    const { ask, sandbox } = await start()
    sandbox.setFaults([{ kind: 'quota', path: 'cgi-bin/stable_token' }])
    expect((await ask('/v1/jsapi/signature', form({ url: PAGE }))).status).toBe(502)
    const call = named('POST /cgi-bin/stable_token')
    expect(call.attributes).toMatchObject({
      'error.type': '45009',
      'wxh5.errcode': 45009,
      'wxh5.rid': expect.stringMatching(/^[0-9a-f]{8}-/),
    })
    expect(call.status).toEqual({ code: SpanStatusCode.ERROR })
    for (const name of ['refresh access_token', 'refresh jsapi', 'POST /v1/jsapi/signature']) {
      expect(named(name).attributes).toMatchObject({ 'error.type': 'wechat_refused', 'wxh5.errcode': 45009 })
      expect(named(name).status).toEqual({ code: SpanStatusCode.ERROR })
    }
    expect(spans().flatMap((span) => span.events)).toEqual([])
  })

  test('a failure that is remembered names the account and makes no span of a call', async () => {
    const { ask, sandbox } = await start()
    sandbox.setFaults([{ kind: 'quota', path: 'cgi-bin/stable_token' }])
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    exporter.reset()
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    expect(spans().map(({ name }) => name)).toEqual(['POST /v1/jsapi/signature'])
    expect(spans()[0]?.attributes).toMatchObject({
      'wxh5.app_id': account.appId,
      'error.type': 'wechat_refused',
    })
  })

  test('what the caller did wrong is no error of the service', async () => {
    const { ask } = await start()
    await ask('/v1/jsapi/signature', form({ url: 'https://evil.example/' }))
    const span = named('POST /v1/jsapi/signature')
    expect(span.attributes).toMatchObject({
      'http.response.status_code': 403,
      'error.type': 'origin_not_allowed',
    })
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
  })

  test('an address that does not exist gives no name', async () => {
    const { ask } = await start()
    await ask('/somebodys/openid/oABC')
    expect(spans().map(({ name }) => name)).toEqual(['GET'])
    expect(JSON.stringify(spans()[0]?.attributes)).not.toContain('oABC')
  })

  test('a refresh in the background belongs to the request that started it', async () => {
    const clock = { now: () => Date.now() + ahead, monotonic: () => performance.now() + ahead }
    let ahead = 0
    const { ask } = await start({ world: { clock: { ...clock, sleep: async () => undefined } } })
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    ahead = (7_200 - 100) * 1_000
    exporter.reset()
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    await settle()
    const server = named('POST /v1/jsapi/signature')
    expect(parentOf(named('refresh jsapi'))).toBe(idOf(server))
    expect(traceOf(named('GET /cgi-bin/ticket/getticket'))).toBe(traceOf(server))
  })

  test('no secret, token, ticket, code, query, body or person is in any span', async () => {
    const { service, sandbox } = await createAuthInfoService()
    const door = await open(service)
    closers.push(service.close, door.close)
    const browser = createOAuthBrowser(sandbox, door.ask)
    const query = new URLSearchParams({ portid: '4', redirectPath: 'https://h5.example.com/canary-page' })
    const { address } = await browser.open(`/wx/api/fans/authInfo?${query}`)
    const landed = new URL(address).searchParams
    const token = await tokenOf(door.ask)
    await door.ask('/v1/identity/redeem', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ticket: landed.get('ticket') }),
    })
    await door.ask(
      '/v1/jsapi/signature',
      form({ appId: account.appId, url: 'https://h5.example.com/canary-page' }),
    )
    await settle()
    expect(named('GET /sns/oauth2/access_token').attributes['server.address']).toBe('api.weixin.qq.com')
    expect(named('GET /wx/api/fans/authInfo/callback').attributes['wxh5.app_id']).toBe(account.appId)

    const shown = JSON.stringify(
      spans().map(({ name, attributes, events, links, status }) => ({
        name,
        attributes,
        events,
        links,
        status,
      })),
    )
    const { tokens, tickets } = sandbox.snapshot().accounts[0] ?? {
      tokens: { stable: [], classic: [] },
      tickets: { jsapi: [], wx_card: [] },
    }
    const openid = landed.get('openid') ?? ''
    const secrets = [
      account.appSecret,
      token,
      openid,
      landed.get('ticket') ?? '',
      'canary-page',
      ...[...tokens.stable, ...tickets.jsapi].map(({ value }) => value),
    ]
    expect(secrets.length).toBeGreaterThan(6)
    for (const secret of secrets) {
      expect(secret).not.toBe('')
      expect(shown).not.toContain(secret)
    }
  })
})

test('instrumentation of fetch sees nothing of what WeChat is asked, and WeChat gets no trace headers', async () => {
  const { sandbox } = await createTestService()
  const sent: Record<string, string>[] = []
  const instrumented: typeof fetch = async (input, init) => {
    const span = trace.getTracer('undici').startSpan('GET', { attributes: { 'url.full': String(input) } })
    const carrier: Record<string, string> = {}
    propagation.inject(trace.setSpan(context.active(), span), carrier)
    sent.push(carrier)
    try {
      return await fetchFrom(sandbox)(input, init)
    } finally {
      span.end()
    }
  }
  const { service } = await createTestService({ world: { fetch: instrumented } })
  closers.push(service.close)
  expect((await service.app.request('/v1/jsapi/signature', form({ url: PAGE }))).status).toBe(200)
  expect(sent).toEqual([{}, {}])
  expect(named('GET /cgi-bin/ticket/getticket')).toBeDefined()
  expect(spans().map(({ name }) => name)).not.toContain('GET')
  expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain('access_token=')
})

test('inside a span of auto-instrumentation ours is its child, whatever traceparent says', async () => {
  const { service } = await createTestService()
  closers.push(service.close)
  const outer = trace.getTracer('http').startSpan('outer')
  await context.with(trace.setSpan(context.active(), outer), async () => {
    await service.app.request('/healthz', { headers: { traceparent: `00-${TRACE}-${CALLER}-01` } })
  })
  outer.end()
  expect(parentOf(named('GET /healthz'))).toBe(outer.spanContext().spanId)
})
