import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A server that sends back what it gets with its name in front, and ends when the client does. */
async function startEcho(name = ''): Promise<{ host: string; port: number; got: () => string }> {
  let got = ''
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (piece) => {
      got += String(piece)
      socket.write(`${name}${String(piece)}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, got: () => got }
}

interface Client {
  readonly socket: Socket
  readonly pieces: string[]
  /** Until so many bytes have come. */
  received(bytes: number): Promise<string>
  /** How it ended: the code of an error, or `end`. */
  readonly ended: Promise<string>
}

async function open(proxy: TcpProxy): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1')
  socket.setNoDelay(true)
  const pieces: string[] = []
  socket.on('data', (piece) => pieces.push(String(piece)))
  const ended = new Promise<string>((resolve) => {
    let error = 'end'
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      error = cause.code ?? cause.message
    })
    socket.on('close', () => resolve(error))
  })
  closers.push(async () => socket.destroy())
  await once(socket, 'connect')
  return {
    socket,
    pieces,
    ended,
    async received(bytes) {
      while (pieces.join('').length < bytes) await once(socket, 'data')
      return pieces.join('')
    },
  }
}

async function start(): Promise<{ proxy: TcpProxy; echo: Awaited<ReturnType<typeof startEcho>> }> {
  const echo = await startEcho()
  const proxy = await createTcpProxy(echo)
  closers.push(proxy.close)
  return { proxy, echo }
}

test('without chaos it carries bytes both ways and half-closed connections to their end', async () => {
  const { proxy } = await start()
  const client = await open(proxy)
  client.socket.write('hello')
  expect(await client.received(5)).toBe('hello')
  client.socket.end('bye')
  expect(await client.received(8)).toBe('hellobye')
  expect(await client.ended).toBe('end')
  expect(proxy.accepted).toBe(1)
})

test('latency holds every piece back for its time and keeps the order', async () => {
  const { proxy } = await start()
  proxy.inject({ kind: 'latency', ms: 60, jitterMs: 20 })
  const client = await open(proxy)
  const before = performance.now()
  const text = Array.from({ length: 20 }, (_, number) => String.fromCharCode(65 + number)).join('')
  for (const letter of text) client.socket.write(letter)
  expect(await client.received(20)).toBe(text)
  // There and back, at the least; how much more is the machine's affair.
  expect(performance.now() - before).toBeGreaterThanOrEqual(79)
})

test('a stopped connection delivers nothing, and everything once it is mended', async () => {
  const { proxy, echo } = await start()
  const client = await open(proxy)
  client.socket.write('one')
  await client.received(3)
  proxy.inject({ kind: 'stop' })
  client.socket.write('two')
  const late = await open(proxy)
  late.socket.write('three')
  while (proxy.held < 2) await new Promise((resolve) => setImmediate(resolve))
  expect(echo.got()).toBe('one')
  proxy.mend()
  expect(await client.received(6)).toBe('onetwo')
  expect(await late.received(5)).toBe('three')
})

test('a black hole loses what is sent, and what fell in never comes back', async () => {
  const { proxy, echo } = await start()
  proxy.inject({ kind: 'black_hole' })
  const client = await open(proxy)
  client.socket.write('lost')
  await new Promise((resolve) => setTimeout(resolve, 30))
  proxy.mend()
  expect(await client.ended).toBe('ECONNRESET')
  const fresh = await open(proxy)
  fresh.socket.write('kept')
  expect(await fresh.received(4)).toBe('kept')
  expect(echo.got()).toBe('kept')
})

test('reset is seen as a reset by open connections and by new ones', async () => {
  const { proxy } = await start()
  const client = await open(proxy)
  client.socket.write('hi')
  await client.received(2)
  proxy.inject({ kind: 'reset' })
  expect(await client.ended).toBe('ECONNRESET')
  const late = await open(proxy).catch((error: NodeJS.ErrnoException) => error.code)
  expect(typeof late === 'object' ? await late.ended : late).toBe('ECONNRESET')
})

test('cut ends connections and takes no new one until it is mended', async () => {
  const { proxy } = await start()
  const client = await open(proxy)
  proxy.cut()
  expect(await client.ended).toMatch(/end|ECONNRESET/)
  const late = await open(proxy)
  expect(await late.ended).toMatch(/end|ECONNRESET/)
  proxy.mend()
  const fresh = await open(proxy)
  fresh.socket.write('back')
  expect(await fresh.received(4)).toBe('back')
})

test('slices arrive a few bytes at a time', async () => {
  const { proxy } = await start()
  proxy.inject({ kind: 'slice', bytes: 2, pauseMs: 5 })
  const client = await open(proxy)
  client.socket.write('abcdefg')
  expect(await client.received(7)).toBe('abcdefg')
  expect(client.pieces.length).toBeGreaterThan(1)
})

test('a limit cuts the answer after so many bytes', async () => {
  const { proxy, echo } = await start()
  proxy.inject({ kind: 'limit', bytes: 4 })
  const client = await open(proxy)
  client.socket.write('abcdefg')
  await client.ended
  expect(client.pieces.join('')).toBe('abcd')
  expect(echo.got()).toBe('abcdefg')
})

test('a slow close keeps the connection open after the other side has ended it', async () => {
  const { proxy } = await start()
  proxy.inject({ kind: 'slow_close', ms: 80 })
  const client = await open(proxy)
  const before = performance.now()
  client.socket.end('bye')
  expect(await client.received(3)).toBe('bye')
  expect(await client.ended).toBe('end')
  expect(performance.now() - before).toBeGreaterThanOrEqual(79)
})

test('after a failover new connections reach the other server and old ones are gone', async () => {
  const { proxy } = await start()
  const other = await startEcho('other:')
  const client = await open(proxy)
  proxy.retarget(other)
  await client.ended
  const fresh = await open(proxy)
  fresh.socket.write('hi')
  expect(await fresh.received(8)).toBe('other:hi')
})
