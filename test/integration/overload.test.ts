import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createSandbox } from '../../demo/sandbox/index.ts'
import type { Service } from '../../server/compose.ts'
import { createGate, type Gate, type Shed } from '../../server/http/gate.ts'
import { listen } from '../../server/http/listen.ts'
import { watchLoop } from '../../server/http/watch-loop.ts'
import { settle } from '../support/manual-clock.ts'
import { createTestService, fetchFrom, form, PAGE } from '../support/service.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function open(service: Service, gate: Gate = service.gate) {
  const { app, direct, onClientError } = service
  const listener = await listen(app.fetch, { host: '127.0.0.1', port: 0, direct, gate, onClientError })
  closers.push(service.close, () => listener.close(0))
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${listener.port}${path}`, init)
  return { ask, port: listener.port, sign: () => ask('/v1/jsapi/signature', form({ url: PAGE })) }
}

const sampled = (gate: Gate, count: number, lateMs: number): void => {
  for (let turn = 0; turn < count; turn++) gate.sample({ lateMs, elapsedMs: lateMs + 100 })
}

test('while the event loop stays late, most requests are refused at once, in the shape of all failures', async () => {
  const { service, logs } = await createTestService()
  const { ask, sign } = await open(service)
  expect((await sign()).status).toBe(200)
  sampled(service.gate, 50, 1_000)

  const answers = await Promise.all(Array.from({ length: 40 }, sign))
  const refused = answers.filter(({ status }) => status === 503)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
  expect(refused).toHaveLength(38)
  for (const answer of refused) {
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(answer.headers.get('retry-after')).toMatch(/^[123]$/)
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'overloaded',
      detail: expect.any(String),
      hint: expect.stringMatching(/Try again.*请/),
      requestId: answer.headers.get('x-request-id'),
    })
  }
  expect(new Set(refused.map(({ headers }) => headers.get('retry-after'))).size).toBe(3)
  expect(await (await ask('/metrics')).text()).toContain('wxh5_requests_shed_total{reason="late"} 38')
  expect(logs().filter(({ reason }) => reason === 'late')).toEqual([
    expect.objectContaining({ level: 'warn', refused: 1, share: 0.05 }),
  ])
})

test('operators are answered however late the loop is, also below the path of publicUrl', async () => {
  const { service } = await createTestService({ config: { publicUrl: 'https://h5.example.com/mp' } })
  const { ask, sign } = await open(service)
  sampled(service.gate, 50, 1_000)
  expect((await sign()).status).toBe(503)
  for (const path of ['/healthz', '/metrics', '/mp/healthz', '/healthz?from=balancer', '/mp/metrics']) {
    expect([path, (await ask(path)).status]).toEqual([path, 200])
  }
  expect((await ask('/readyz')).headers.get('content-type')).toContain('application/json')
})

test('when the loop is in time again, everybody is let in', async () => {
  const { service } = await createTestService()
  const { sign } = await open(service)
  sampled(service.gate, 50, 1_000)
  expect((await sign()).status).toBe(503)
  sampled(service.gate, 30, 0)
  const answers = await Promise.all(Array.from({ length: 40 }, sign))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
})

test('of a cold start while WeChat hangs, a bounded number waits and the rest is told so at once', async () => {
  const sandbox = createSandbox()
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const { service } = await createTestService({
    world: { fetch: (...request) => released.then(() => fetchFrom(sandbox)(...request)) },
  })
  const shed: Shed[] = []
  const gate = createGate({ newRequestId: () => 'id', onShed: (each) => shed.push(each), maxWaiting: 20 })
  const { sign } = await open(service, gate)

  const answers = Array.from({ length: 50 }, sign)
  const early: Response[] = []
  for (const answer of answers) void answer.then((response) => early.push(response))
  while (early.length < 30) await settle()
  expect(gate.waiting.length).toBe(20)
  expect(early.every(({ status }) => status === 503)).toBe(true)
  release()
  const all = await Promise.all(answers)
  expect(all.filter(({ status }) => status === 200)).toHaveLength(20)
  expect(shed).toHaveLength(30)
  expect(shed[0]).toEqual({ reason: 'waiting', waiting: 20, share: 1 })
  while (gate.waiting.length > 0) await settle()
})

test('slow bodies do not count as waiting: they cannot keep everybody else out', async () => {
  const { service } = await createTestService()
  const gate = createGate({ newRequestId: () => 'id', onShed: () => undefined, maxWaiting: 5 })
  const { sign, port } = await open(service, gate)
  const slow = await Promise.all(Array.from({ length: 5 }, () => beginBody(port)))
  closers.push(() => slow.map((socket) => socket.destroy()))
  while (gate.waiting.length < 5) await settle()
  expect((await sign()).status).toBe(200)
  gate.sample({ lateMs: 0, elapsedMs: 100 })
  expect((await sign()).status).toBe(200)
})

test('a process that really has too much to do refuses, and recovers by itself', {
  timeout: 60_000,
}, async () => {
  const gate = createGate({ newRequestId: () => 'id', onShed: () => undefined })
  let workMs = 30
  const work = (): Response => {
    const until = performance.now() + workMs
    while (performance.now() < until);
    return new Response('done')
  }
  const listener = await listen(work, { host: '127.0.0.1', port: 0, gate })
  closers.push(watchLoop(gate.sample), () => listener.close(0))
  const seen = new Set<number>()
  const visit = async (): Promise<void> => {
    while (!seen.has(503)) seen.add((await fetch(`http://127.0.0.1:${listener.port}/`)).status)
  }
  await Promise.all(Array.from({ length: 40 }, visit))
  expect([...seen].sort()).toEqual([200, 503])
  workMs = 0
  let inARow = 0
  while (inARow < 50) {
    inARow = (await fetch(`http://127.0.0.1:${listener.port}/`)).status === 200 ? inARow + 1 : 0
  }
})

/** A request whose body never comes. */
async function beginBody(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    'POST /v1/jsapi/signature HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nurl=',
  )
  return socket
}
