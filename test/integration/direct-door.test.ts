import fc from 'fast-check'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Listener, listen } from '../../server/http/listen.ts'
import { rawExchange, sendAndHangUp } from '../support/raw-exchange.ts'
import { account, createTestService, form, json, PAGE, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'

// Two listeners of one service: one with the direct door in front of Hono, one with Hono alone.
let running: TestService
let viaDirect: Listener
let viaHono: Listener
let taken = 0

beforeAll(async () => {
  running = await createTestService({
    config: {
      publicUrl: 'https://mem.example.com/mp',
      rateLimits: { signature: { points: 0, perSeconds: 60 } },
    },
  })
  const { app, direct, onClientError } = running.service
  const options = { host: '127.0.0.1', port: 0, onClientError }
  viaDirect = await listen(app.fetch, {
    ...options,
    direct(incoming, outgoing) {
      const takes = direct(incoming, outgoing)
      if (takes) taken++
      return takes
    },
  })
  viaHono = await listen(app.fetch, options)
})

afterAll(async () => {
  await viaDirect.close(0)
  await viaHono.close(0)
  await running.service.close()
})

interface Sent {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly framing: 'length' | 'chunked' | 'none'
  readonly body: Uint8Array
}

const HOST = 'Host: sign.example.com'
const SIGNATURE = '/v1/jsapi/signature'
const plain: Sent = {
  method: 'POST',
  target: SIGNATURE,
  headers: [HOST, 'Content-Type: application/json'],
  framing: 'length',
  body: Buffer.from(JSON.stringify({ url: PAGE })),
}

function bytesOf({ method, target, headers, framing, body }: Sent): Uint8Array {
  const framed = {
    length: [`Content-Length: ${body.length}`],
    chunked: ['Transfer-Encoding: chunked'],
    none: [],
  }[framing]
  const head = [`${method} ${target} HTTP/1.1`, ...headers, ...framed, 'Connection: close', '', ''].join(
    '\r\n',
  )
  const middle = Math.floor(body.length / 2)
  const chunks = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0)
  const content =
    framing === 'chunked'
      ? [...chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']), '0\r\n\r\n']
      : framing === 'length'
        ? [body]
        : []
  return Buffer.concat(
    [head, ...content].map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  )
}

/** Sends the same bytes to both listeners. */
async function ask(sent: Sent) {
  const takenBefore = taken
  const bytes = bytesOf(sent)
  const [direct, hono] = await Promise.all([
    rawExchange(viaDirect.port, bytes),
    rawExchange(viaHono.port, bytes),
  ])
  return { direct, hono, wasTaken: taken > takenBefore }
}

test.each<[string, Partial<Sent>]>([
  ['JSON', {}],
  [
    'a form',
    { headers: [HOST, 'Content-Type: application/x-www-form-urlencoded'], body: Buffer.from(`url=${PAGE}`) },
  ],
  ['the path of publicUrl in front', { target: `/mp${SIGNATURE}` }],
  ['an allowed origin', { headers: [...plain.headers, 'Origin: https://h5.example.com'] }],
  ['a foreign origin', { headers: [...plain.headers, 'Origin: https://evil.example'] }],
  ['an id of its own', { headers: [...plain.headers, 'X-Request-Id: page-42'] }],
  ['a foreign page', { body: Buffer.from('{"url":"https://evil.example/"}') }],
  ['no JSON', { body: Buffer.from('{"url":') }],
  ['broken UTF-8', { body: Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0xff]) }],
  ['a byte order mark', { body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain.body]) }],
  ['plain text', { headers: [HOST, 'Content-Type: text/plain'] }],
  ['an empty body', { body: Buffer.alloc(0) }],
  ['65,536 bytes', { body: Buffer.alloc(65_536, 'a') }],
  ['the older form', { target: '/apis/wxplatform/jsticket' }],
  [
    'a signature that is not ours',
    {
      target: '/v1/jsapi/rejected',
      body: Buffer.from(
        '{"url":"https://h5.example.com/","timestamp":1,"nonceStr":"n","signature":"0000000000000000000000000000000000000000"}',
      ),
    },
  ],
])('the direct door takes %s and answers as Hono does', async (_title, changes) => {
  const { direct, hono, wasTaken } = await ask({ ...plain, ...changes })
  expect(wasTaken).toBe(true)
  expect(direct).toEqual(hono)
})

test.each<[string, Partial<Sent>]>([
  ['another method', { method: 'OPTIONS', framing: 'none' }],
  ['HEAD', { method: 'HEAD', framing: 'none' }],
  ['GET', { method: 'GET', framing: 'none' }],
  ['a query', { target: `${SIGNATURE}?a=1` }],
  ['an absolute target', { target: `http://sign.example.com${SIGNATURE}` }],
  ['an escaped path', { target: '/v1/jsapi/signatur%65' }],
  ['a path with dots', { target: '/v1/x/../jsapi/signature' }],
  ['a prefix that is not ours', { target: `/mpx${SIGNATURE}` }],
  ['chunks', { framing: 'chunked' }],
  ['too many chunks', { framing: 'chunked', body: Buffer.alloc(100_000, 'a') }],
  ['no length', { framing: 'none' }],
  ['65,537 bytes', { body: Buffer.alloc(65_537, 'a') }],
  ['Expect: 100-continue', { headers: [...plain.headers, 'Expect: 100-continue'] }],
  ['Content-Type twice', { headers: [...plain.headers, 'Content-Type: application/json'] }],
  [
    'Origin twice',
    { headers: [...plain.headers, 'Origin: https://h5.example.com', 'Origin: https://h5.example.com'] },
  ],
  [
    'a host with a port that is none',
    { headers: ['Host: sign.example.com:99999', 'Content-Type: application/json'] },
  ],
  ['a host that is none', { headers: ['Host: a b', 'Content-Type: application/json'] }],
  ['no host', { headers: ['Content-Type: application/json'] }],
])('the direct door leaves %s to Hono', async (_title, changes) => {
  const { direct, hono, wasTaken } = await ask({ ...plain, ...changes })
  expect(wasTaken).toBe(false)
  expect(direct).toEqual(hono)
})

const some = fc.constantFrom
const urls = fc.oneof(
  some(
    PAGE,
    `${PAGE}#/home`,
    'https://h5.example.com',
    'https://h5.example.com/"\\',
    'https://h5.example.com/订单',
  ),
  some(
    'https://h5.example.com./',
    'HTTPS://H5.example.com/',
    'https://h5.example.com@evil.example/',
    '//x',
    '',
  ),
  fc.string({ unit: 'binary' }).map((text) => `https://h5.example.com/${text}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
)
const appIds = some(undefined, account.appId, '', null, 7, 'wxffffffffffffffff', 'x'.repeat(65))
const bodies = fc.oneof(
  { weight: 5, arbitrary: fc.record({ url: urls, appId: appIds }).map((fields) => JSON.stringify(fields)) },
  { weight: 3, arbitrary: fc.record({ url: urls }).map((fields) => new URLSearchParams(fields).toString()) },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: some('', 'null', '{"__proto__":{"url":"https://h5.example.com/"}}', 'url=a&url=b', 'url=%ff%'),
  },
)
const origins = some(
  '',
  'Origin: https://h5.example.com',
  'Origin: https://evil.example',
  'Origin:  https://h5.example.com \t',
  'Origin: null',
)
const ids = some('', 'X-Request-Id: page-42_a', 'X-Request-Id: a{b}', 'x-request-id:')
const harmless = fc.subarray([
  'X-Forwarded-For: 203.0.113.7, 2001:db8::1',
  'Content-Encoding: gzip',
  'Accept: \xe9',
  'Upgrade: h2c',
  'toString: 1',
  `X-Long: ${'a'.repeat(9_000)}`,
])
const unusual = fc.subarray(
  [
    'Expect: 100-continue',
    '__proto__: 1',
    'Origin: https://h5.example.com',
    'X-Request-Id: b',
    'Content-Length: 3',
  ],
  { minLength: 1 },
)
const headers = fc
  .tuple(
    origins,
    ids,
    harmless,
    fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: unusual }),
  )
  .map((lists) => lists.flat().filter((line) => line !== ''))
const contentTypes = some(
  'Content-Type: application/json',
  'content-type: Application/JSON ; charset=utf-8',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Type: application/x-www-form-urlencoded;charset=gbk',
  'Content-Type: text/plain',
  'Content-Type: application/json, application/json',
  'Content-Type:',
  'X-No-Type: 1',
)
const everyRequest: fc.Arbitrary<Sent> = fc.record({
  method: fc.oneof(
    { weight: 9, arbitrary: some('POST') },
    { weight: 1, arbitrary: some('GET', 'PUT', 'OPTIONS', 'post') },
  ),
  target: fc.oneof(
    {
      weight: 6,
      arbitrary: some(SIGNATURE, `/mp${SIGNATURE}`, '/apis/wxplatform/jsticket', '/v1/jsapi/rejected'),
    },
    {
      weight: 1,
      arbitrary: some(
        `${SIGNATURE}/`,
        `/${SIGNATURE}`,
        `${SIGNATURE}?`,
        `${SIGNATURE}#a`,
        `/mp/mp${SIGNATURE}`,
        '*',
      ),
    },
  ),
  headers: fc
    .tuple(
      fc.oneof(
        { weight: 9, arbitrary: some(HOST) },
        {
          weight: 1,
          arbitrary: some(
            'Host: SIGN.example.com',
            'Host: a..b',
            'Host: [::1]:80',
            'Host: 1.2.3.999',
            'Host: é',
            'Host:',
          ),
        },
      ),
      contentTypes,
      headers,
    )
    .map(([host, type, others]) => [host, type, ...others]),
  framing: fc.oneof(
    { weight: 8, arbitrary: some('length' as const) },
    { weight: 1, arbitrary: some('chunked' as const, 'none' as const) },
  ),
  body: fc.oneof(
    { weight: 8, arbitrary: bodies.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  ),
})

test('chunks for a host that no address can have are read like all others', async () => {
  const headers = ['Host: 1.2.3.999', 'Content-Type: application/json']
  const { direct, hono } = await ask({ ...plain, headers, framing: 'chunked' })
  expect(hono.head).toContain('HTTP/1.1 200 OK')
  expect(direct).toEqual(hono)
})

// A length that nothing follows is answered when the request times out, 15 s later, by node:http and not by a door.
const requests = everyRequest.filter(
  ({ framing, headers }) => framing !== 'none' || !headers.some((line) => line.startsWith('Content-Length')),
)

test('whatever is sent, hostile or not, both doors answer the same bytes', async () => {
  const takenBefore = taken
  await fc.assert(
    fc.asyncProperty(requests, async (sent) => {
      const { direct, hono } = await ask(sent)
      expect(direct).toEqual(hono)
    }),
    { numRuns: 1_000 },
  )
  // Otherwise Hono was compared with itself.
  expect(taken - takenBefore).toBeGreaterThan(300)
})

test('app.request answers as the direct door does', async () => {
  const { port } = viaDirect
  await fc.assert(
    fc.asyncProperty(bodies, contentTypes, fc.boolean(), async (body, type, fromPage) => {
      const [name = '', ...value] = type.split(':')
      const origin = fromPage ? { origin: 'https://h5.example.com' } : {}
      const init = {
        method: 'POST',
        headers: { [name]: value.join(':').trim(), ...origin },
        body: Buffer.from(body),
      }
      const [one, other] = await Promise.all([
        running.service.app.request(SIGNATURE, {
          ...init,
          headers: { ...init.headers, 'content-length': String(init.body.length) },
        }),
        fetch(`http://127.0.0.1:${port}${SIGNATURE}`, init),
      ])
      const shape = async (response: Response) => {
        const { nonceStr, timestamp, signature, requestId, ...rest } = await response.json()
        const kinds = [nonceStr, timestamp, signature, requestId].map((each) => typeof each)
        const sent = [...response.headers.keys()].filter((header) => !transport.has(header))
        return { status: response.status, rest, kinds, sent }
      }
      expect(await shape(one)).toEqual(await shape(other))
    }),
    { numRuns: 200 },
  )
})

test('a body that a middleware in front of us has read is read all the same, and is not longer than others', async () => {
  const outer = new Hono()
  outer.use(async (context, next) => {
    await context.req.text()
    await next()
  })
  outer.route('/', running.service.app)
  const listener = await listen(outer.fetch, { host: '127.0.0.1', port: 0 })
  const ask = (body: string) =>
    Promise.all([
      outer.request(SIGNATURE, json({ url: body })),
      fetch(`http://127.0.0.1:${listener.port}${SIGNATURE}`, json({ url: body })),
    ])
  for (const answer of await ask(PAGE)) expect(answer.status).toBe(200)
  for (const answer of await ask('a'.repeat(65_536))) expect(answer.status).toBe(413)
  await listener.close(0)
})

const transport = new Set(['connection', 'content-length', 'date', 'keep-alive'])

test.each(['viaDirect', 'viaHono'])(
  'a client that hangs up in the middle of its body is no failure of ours: %s',
  async (door) => {
    const { port } = door === 'viaDirect' ? viaDirect : viaHono
    const head = `POST ${SIGNATURE} HTTP/1.1\r\n${HOST}\r\nContent-Type: application/json\r\nX-Request-Id: gone-${door}\r\nContent-Length: 100\r\n\r\n{"url"`
    const line = () => running.logs().find(({ requestId }) => requestId === `gone-${door}`)
    await sendAndHangUp(port, Buffer.from(head))
    await until(() => line() !== undefined)
    expect(line()).toMatchObject({ level: 'info', status: 408, code: 'request_incomplete' })
  },
)

test('both doors count for the same limit', async () => {
  const { service } = await createTestService({
    config: { rateLimits: { signature: { points: 2, perSeconds: 60 } } },
  })
  const listener = await listen(service.app.fetch, { host: '127.0.0.1', port: 0, direct: service.direct })
  const statuses = []
  for (const query of ['', '?a=1', '', '?a=1']) {
    const init = query === '' ? json({ url: PAGE }) : form({ url: PAGE })
    statuses.push((await fetch(`http://127.0.0.1:${listener.port}${SIGNATURE}${query}`, init)).status)
  }
  expect(statuses).toEqual([200, 200, 429, 429])
  await listener.close(0)
  await service.close()
})

test('requests on one connection are answered in order, also when the first was refused unread', async () => {
  const keepAlive = (sent: Sent) => Buffer.from(bytesOf(sent).toString().replace('Connection: close\r\n', ''))
  const refused = keepAlive({
    ...plain,
    headers: [HOST, 'Content-Type: text/plain'],
    body: Buffer.alloc(40_000, 'a'),
  })
  const bytes = Buffer.concat([
    refused,
    keepAlive(plain),
    bytesOf({ ...plain, target: '/healthz', method: 'GET', framing: 'none' }),
  ])
  const [direct, hono] = await Promise.all([
    rawExchange(viaDirect.port, bytes),
    rawExchange(viaHono.port, bytes),
  ])
  const statuses = (answer: typeof direct) => [
    answer.head[1],
    ...(answer.body.match(/HTTP\/1\.1 \d+/g) ?? []),
  ]
  expect(statuses(direct).map((status) => status?.slice(0, 12))).toEqual([
    'HTTP/1.1 415',
    'HTTP/1.1 200',
    'HTTP/1.1 200',
  ])
  expect(statuses(hono)).toEqual(statuses(direct))
})

test('who was answered unread and never sends the rest is cut off, long before requests time out', async () => {
  const head = [
    `POST ${SIGNATURE} HTTP/1.1`,
    HOST,
    'Content-Type: text/plain',
    'Content-Length: 100',
    '',
    'a',
  ]
  const bytes = Buffer.from(head.join('\r\n'))
  const [direct, hono] = await Promise.all([
    rawExchange(viaDirect.port, bytes),
    rawExchange(viaHono.port, bytes),
  ])
  expect(direct.head[1]).toContain('415')
  expect(hono).toEqual(direct)
}, 10_000)
