import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { listen } from '../../server/http/listen.ts'
import { createTestService, form, PAGE } from '../support/service.ts'

const SENDERS = 2_000
const senders = fileURLToPath(new URL('../support/slow-senders.ts', import.meta.url))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function open(maxConnections?: number) {
  // All senders have one address here.
  const running = await createTestService({
    config: { rateLimits: { signature: { points: 0, perSeconds: 60 } } },
  })
  const { app, direct, gate, onClientError, close } = running.service
  const listener = await listen(app.fetch, {
    host: '127.0.0.1',
    port: 0,
    direct,
    gate,
    onClientError,
    ...(maxConnections === undefined ? {} : { maxConnections }),
  })
  closers.push(close, () => listener.close(0))
  const address = `http://127.0.0.1:${listener.port}`
  return { ...running, port: listener.port, address, sign: () => sign(address) }
}

const sign = (address: string) => fetch(`${address}/v1/jsapi/signature`, form({ url: PAGE }))

/** Sends text over a connection of its own and reads until the server closes it. */
async function exchange(port: number, ...pieces: string[]): Promise<{ head: string; body: string }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (piece) => {
    text += String(piece)
  })
  socket.on('error', () => socket.destroy())
  await once(socket, 'connect')
  for (const piece of pieces) socket.write(piece)
  await once(socket, 'close')
  const end = text.indexOf('\r\n\r\n')
  return { head: text.slice(0, end), body: text.slice(end + 4) }
}

test('thousands of connections that never finish a request do not keep anybody from being answered, and are cut', {
  timeout: 60_000,
}, async () => {
  const { service, port, sign } = await open()
  const before = process.memoryUsage().rss
  const child = fork(senders, [String(port), String(SENDERS)], { execArgv: ['--import', 'tsx'] })
  closers.push(() => child.kill('SIGKILL'))
  const told: { opened?: number; gone?: boolean; answered?: number }[] = []
  child.on('message', (message) => told.push(message as object))
  const heard = async (name: 'opened' | 'gone') => {
    while (!told.some((message) => name in message)) await once(child, 'message')
    return told.find((message) => name in message)
  }
  expect(await heard('opened')).toEqual({ opened: SENDERS })

  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(Array.from({ length: 20 }, sign))
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect((await answer.json()).signature).toMatch(/^[0-9a-f]{40}$/)
    }
  }
  expect((process.memoryUsage().rss - before) / SENDERS).toBeLessThan(100_000)

  const { answered } = (await heard('gone')) ?? {}
  // All but the silent ones are told why.
  expect(answered).toBe((SENDERS * 3) / 4)
  while (service.gate.waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
  expect((await sign()).status).toBe(200)
})

test.each([20_000, 100_000, 1_000_000])('headers of %d bytes are refused and leave a trace', async (size) => {
  const { port, address, logs } = await open()
  const { head, body } = await exchange(
    port,
    `GET /healthz HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(size)}\r\n\r\n`,
  )
  expect(head).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
  expect(head).toContain('content-type: application/problem+json; charset=utf-8')
  expect(head).toContain('connection: close')
  const problem = JSON.parse(body)
  expect(problem).toMatchObject({ status: 431, code: 'headers_too_large', hint: expect.stringMatching(/请/) })
  const metrics = await (await fetch(`${address}/metrics`)).text()
  expect(metrics).toContain(
    'wxh5_http_requests_total{route="unknown",status="431",code="headers_too_large"} 1',
  )
  expect(logs().filter(({ status }) => status === 431)).toEqual([
    expect.objectContaining({ requestId: problem.requestId, code: 'headers_too_large' }),
  ])
})

test.each([
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  [
    'length and chunks',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
])('%s is refused as what it is: no HTTP', async (_, text) => {
  const { port, sign } = await open()
  const { head, body } = await exchange(port, text)
  expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'invalid_request' })
  expect((await sign()).status).toBe(200)
})

test('a body without length that does not end is refused after 64 KiB, and no more of it is read', async () => {
  const { port, logs } = await open()
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  let text = ''
  socket.on('data', (piece) => {
    text += String(piece)
  })
  await once(socket, 'connect')
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
  socket.write(
    `POST /v1/jsapi/signature HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
  )
  const more = setInterval(() => socket.write(chunk), 5)
  closers.push(() => clearInterval(more))
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1\.1 413 /)
  expect(text).toContain('"code":"body_too_large"')
  expect(logs().filter(({ code }) => code === 'body_too_large')).toHaveLength(1)
})

test('a client that goes away in the middle of its body is no failure of ours', async () => {
  const { port, logs } = await open()
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    'POST /v1/jsapi/signature HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nurl=',
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  while (!logs().some(({ route }) => route === '/v1/jsapi/signature'))
    await new Promise((resolve) => setImmediate(resolve))
  expect(logs().find(({ route }) => route === '/v1/jsapi/signature')).toMatchObject({
    level: 'info',
    status: 408,
    code: 'request_incomplete',
  })
})

test('connections beyond the limit are closed unread and counted, those within go on', async () => {
  const { address, port, sign, service } = await open(5)
  const idle = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }),
  )
  closers.push(() => idle.map((socket) => socket.destroy()))
  expect((await sign()).status).toBe(200)
  expect(await exchange(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual({ head: '', body: '' })
  const metrics = await service.app.request('/metrics')
  expect(await metrics.text()).toContain('wxh5_requests_shed_total{reason="connections"} 1')
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
})
