import { expect, test } from 'vitest'
import { fetchStableToken } from '../../../server/wechat/access-token.ts'
import { fetchTicket } from '../../../server/wechat/ticket.ts'
import {
  createTransport,
  type TransportOptions,
  type UpstreamCall,
} from '../../../server/wechat/transport.ts'
import { createManualClock, type ManualClock, settle } from '../../support/manual-clock.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: 'c0ffee00c0ffee00c0ffee00c0ffee00' }
const hosts = ['https://api.weixin.qq.com', 'https://api2.weixin.qq.com']
const OK = { access_token: '50_living', expires_in: 7200 }

type Answer = object | string | Error | Response

/** A network that answers in the given order, the last answer for ever, and remembers what was asked. */
function network(...answers: Answer[]) {
  const asked: { url: string; init: RequestInit | undefined }[] = []
  const fetchNow = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push({ url: String(input), init })
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? OK
    if (answer instanceof Error) throw answer
    if (answer instanceof Response) return answer.clone()
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }
  return { asked, fetchNow: fetchNow as typeof fetch }
}

function transportOver(net: ReturnType<typeof network>, options: Partial<TransportOptions> = {}) {
  const clock: ManualClock = createManualClock()
  const calls: UpstreamCall[] = []
  const request = createTransport({
    apiHosts: hosts,
    fetch: net.fetchNow,
    clock: { ...clock, sleep: async () => undefined },
    random: (size) => new Uint8Array(size),
    observe: (call) => calls.push(call),
    ...options,
  })
  return { request, clock, calls }
}

const broken = () =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })
const timedOut = () => new DOMException('The operation timed out', 'TimeoutError')

test('asks the stable token API as documented', async () => {
  const net = network(OK)
  const { request } = transportOver(net)
  expect(await fetchStableToken(request, account)).toEqual({ value: '50_living', expiresInS: 7200 })
  expect(net.asked[0]?.url).toBe('https://api.weixin.qq.com/cgi-bin/stable_token')
  expect(JSON.parse(String(net.asked[0]?.init?.body))).toEqual({
    grant_type: 'client_credential',
    appid: account.appId,
    secret: account.appSecret,
    force_refresh: false,
  })
})

test.each([
  ['a broken connection', broken()],
  ['a timeout', timedOut()],
  ['an HTML page', '<html><body>502 Bad Gateway</body></html>'],
  ['an empty body', ''],
  ['JSON cut in half', '{"access_token":"50_li'],
  ['a JSON array', '[]'],
  ['HTTP 500', new Response('oops', { status: 500 })],
  ['a redirect', new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })],
  ['10 MB', 'x'.repeat(10_000_000)],
])('after %s the next host is asked', async (_name, answer) => {
  const net = network(answer, OK)
  const { request } = transportOver(net)
  expect(await fetchStableToken(request, account)).toEqual({ value: '50_living', expiresInS: 7200 })
  expect(net.asked.map(({ url }) => new URL(url).host)).toEqual(['api.weixin.qq.com', 'api2.weixin.qq.com'])
})

test('the host that worked is kept for a minute, then the first one gets its chance', async () => {
  const net = network(broken(), OK)
  const { request, clock } = transportOver(net)
  await fetchStableToken(request, account)
  await fetchStableToken(request, account)
  await clock.advance(60_001)
  await fetchStableToken(request, account)
  expect(net.asked.map(({ url }) => new URL(url).host)).toEqual([
    'api.weixin.qq.com',
    'api2.weixin.qq.com',
    'api2.weixin.qq.com',
    'api.weixin.qq.com',
  ])
})

test('a single host gets a second try after a broken connection, and none after a timeout', async () => {
  const reset = network(broken(), OK)
  await fetchStableToken(transportOver(reset, { apiHosts: ['http://localhost:8788'] }).request, account)
  expect(reset.asked).toHaveLength(2)
  const hung = network(timedOut(), OK)
  await expect(
    fetchStableToken(transportOver(hung, { apiHosts: ['http://localhost:8788'] }).request, account),
  ).rejects.toMatchObject({ code: 'wechat_unreachable' })
  expect(hung.asked).toHaveLength(1)
})

test('busy is asked again up to three times, then told', async () => {
  const soon = network({ errcode: -1, errmsg: 'system error' }, { errcode: -1, errmsg: 'system error' }, OK)
  expect((await fetchStableToken(transportOver(soon).request, account)).value).toBe('50_living')
  const never = network({ errcode: -1, errmsg: 'system error rid: 6aac005a-01bfdbee-79769285' })
  await expect(fetchStableToken(transportOver(never).request, account)).rejects.toMatchObject({
    code: 'wechat_busy',
    errcode: -1,
    rid: '6aac005a-01bfdbee-79769285',
    retryAfterS: 2,
  })
  expect(never.asked).toHaveLength(3)
})

test('busy tries stop at the deadline', async () => {
  const net = network({ errcode: -1, errmsg: 'system error' })
  const clock = createManualClock()
  const request = createTransport({
    apiHosts: hosts,
    fetch: (async (...args: Parameters<typeof fetch>) => {
      await clock.advance(2_600)
      return net.fetchNow(...args)
    }) as typeof fetch,
    clock,
    random: (size) => new Uint8Array(size),
  })
  const asked = fetchStableToken(request, account).catch((error: unknown) => error)
  while (net.asked.length < 2) {
    await settle()
    await clock.advance(200)
  }
  expect(await asked).toMatchObject({ code: 'wechat_busy' })
  expect(net.asked).toHaveLength(2)
})

test.each([
  [40125, 'invalid appsecret', 'appSecret'],
  [40013, 'invalid appid', 'appId'],
  [40164, 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist', '203.0.113.9'],
  [45009, 'reach max api daily quota limit', ''],
])('errcode %i is told at once, with what to do', async (errcode, errmsg, hint) => {
  const net = network({ errcode, errmsg: `${errmsg} rid: 6aac005a-01bfdbee-79769285` })
  await expect(fetchStableToken(transportOver(net).request, account)).rejects.toMatchObject({
    code: 'wechat_refused',
    errcode,
    rid: '6aac005a-01bfdbee-79769285',
    hint: expect.stringContaining(hint),
  })
  expect(net.asked).toHaveLength(1)
})

test.each([
  ['missing', {}],
  ['zero', { expires_in: 0 }],
  ['negative', { expires_in: -1 }],
  ['a word', { expires_in: 'soon' }],
  ['null', { expires_in: null }],
])('an expires_in that is %s is a bad answer, not a token without end', async (_name, part) => {
  const net = network({ access_token: '50_living', ...part })
  await expect(fetchStableToken(transportOver(net).request, account)).rejects.toMatchObject({
    code: 'wechat_bad_answer',
    message: expect.stringContaining('expires_in'),
  })
})

test.each([{}, { ticket: '' }, { ticket: 7 }, { ticket: null }])(
  'a ticket of %j is a bad answer',
  async (part) => {
    const net = network({ errcode: 0, errmsg: 'ok', expires_in: 7200, ...part })
    await expect(fetchTicket(transportOver(net).request, 'token', 'jsapi')).rejects.toMatchObject({
      code: 'wechat_bad_answer',
      message: expect.stringContaining('ticket'),
    })
  },
)

test('no secret, token or text of WeChat is in any error, whatever WeChat repeats', async () => {
  const echoes: Answer[] = [
    { errcode: 40125, errmsg: `invalid appsecret ${account.appSecret} view more` },
    { errcode: 99999, errmsg: `who knows ${account.appSecret}` },
    `<html>${account.appSecret}</html>`,
    new TypeError(`Failed to parse URL from https://x/?secret=${account.appSecret}`),
    { access_token: account.appSecret, expires_in: 0 },
  ]
  for (const echo of echoes) {
    const error: unknown = await fetchStableToken(transportOver(network(echo)).request, account).catch(
      (thrown: unknown) => thrown,
    )
    const shown = JSON.stringify([error, error instanceof Error && [error.message, error.stack, error.cause]])
    expect(shown).not.toContain(account.appSecret)
  }
})

test('every call is observed by path and host, never by address, with the distance of the clocks', async () => {
  const date = new Date(Date.UTC(2026, 0, 1) - 3_600_000).toUTCString()
  const net = network(new Response(JSON.stringify(OK), { headers: { date } }))
  const { request, calls } = transportOver(net)
  await fetchTicket(request, 'secret-token', 'jsapi').catch(() => 'no ticket in it')
  expect(calls).toEqual([
    {
      path: 'cgi-bin/ticket/getticket',
      host: hosts[0],
      result: 'ok',
      durationMs: 0,
      clockAheadMs: 3_600_000,
    },
  ])
})
