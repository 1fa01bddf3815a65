import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createSandbox, serveSandbox } from '../../demo/sandbox/index.ts'
import { listen } from '../../server/http/listen.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Answer {
  readonly status: number
  readonly connection: string | undefined
  readonly text: string
}

/** One request over a connection that the agent may keep, as balancers do. */
function ask(agent: Agent, url: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const outgoing = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming: IncomingMessage) => {
      let text = ''
      incoming.on('data', (piece) => {
        text += String(piece)
      })
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, connection: incoming.headers.connection, text }),
      )
    })
    outgoing.end(body)
  })
}

test('on SIGTERM under load every accepted request is answered, and clients are asked to leave before the door closes', {
  timeout: 60_000,
}, async () => {
  const wechat = await serveSandbox(createSandbox(), { port: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
  closers.push(wechat.close, () => rm(folder, { recursive: true }))
  const config = {
    listen: { port: 0, drainSeconds: 2 },
    wechat: { apiHosts: [wechat.url] },
    rateLimits: { signature: { points: 0 } },
    accounts: [account],
  }
  await writeFile(join(folder, 'wx-h5.json'), JSON.stringify(config))
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), main, 'serve', '--config', 'wx-h5.json'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  closers.push(() => child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve) => {
    let printed = ''
    child.stdout.on('data', (piece: Buffer) => {
      if (printed.length < 10_000) printed += String(piece)
      const port = /listening on \S+:(\d+)/.exec(printed)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
  })
  const agent = new Agent({ keepAlive: true })
  closers.push(() => agent.destroy())
  const fields = new URLSearchParams({ url: PAGE }).toString()
  let signalled = false
  const before: Answer[] = []
  const after: Answer[] = []
  const failures: unknown[] = []
  // As a balancer does: the connection is kept, and nobody comes back once readiness says no.
  async function visit(): Promise<void> {
    try {
      while (!signalled) before.push(await ask(agent, `${address}/v1/jsapi/signature`, fields))
      after.push(await ask(agent, `${address}/v1/jsapi/signature`, fields))
    } catch (error) {
      failures.push(error)
    }
  }
  const visitors = Array.from({ length: 20 }, visit)
  while (before.length < 100) await new Promise((resolve) => setImmediate(resolve))
  child.kill('SIGTERM')
  // The signal is heard when readiness says so.
  let readiness = await ask(agent, `${address}/readyz`)
  while (readiness.status === 200) readiness = await ask(agent, `${address}/readyz`)
  signalled = true
  expect(JSON.parse(readiness.text)).toMatchObject({ status: 'shutting_down' })
  expect((await ask(agent, `${address}/healthz`)).status).toBe(200)

  await Promise.all(visitors)
  expect(await ended).toBe(0)
  for (const { status, text } of [...before, ...after]) {
    expect(status).toBe(200)
    expect(JSON.parse(text).signature).toMatch(/^[0-9a-f]{40}$/)
  }
  expect(after).toHaveLength(20)
  expect(new Set(after.map(({ connection }) => connection))).toEqual(new Set(['close']))
  expect(failures).toEqual([])
})

test('what is answered after the door was closed ends its connection, and silent connections hold nobody up', async () => {
  const { service } = await createTestService()
  const { app, direct, gate, onClientError } = service
  let finish = (): void => undefined
  const slow = new Promise<Response>((resolve) => {
    finish = () => resolve(new Response('done'))
  })
  const listener = await listen(
    (incoming, env) => (incoming.url.endsWith('/slow') ? slow : app.fetch(incoming, env)),
    {
      host: '127.0.0.1',
      port: 0,
      direct,
      gate,
      onClientError,
    },
  )
  closers.push(service.close)
  const silent = connect(listener.port, '127.0.0.1')
  const agent = new Agent({ keepAlive: true })
  closers.push(
    () => agent.destroy(),
    () => silent.destroy(),
  )
  const address = `http://127.0.0.1:${listener.port}`
  const underWay = ask(agent, `${address}/slow`)
  while (gate.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const closed = listener.close(60_000)
  const isOpen = () =>
    fetch(`${address}/v1/jsapi/signature`, form({ url: PAGE })).then(
      () => true,
      () => false,
    )
  while (await isOpen());
  finish()
  expect(await underWay).toEqual({ status: 200, connection: 'close', text: 'done' })
  await closed
})
