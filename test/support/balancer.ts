import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Balancer {
  readonly url: string
  /** Waits until the process on this port is ready, and lets it take part from then on. */
  add(port: number): Promise<void>
  /** Forgets a process that has ended. */
  remove(port: number): void
  /** Requests that a process took and did not answer, or that no process could take. */
  readonly lost: readonly string[]
  close(): Promise<void>
}

const ASK_EVERY_MS = 50

/**
 * Stands before several processes of the service as nginx or a cluster's service does: keeps connections to each
 * alive, asks `/readyz` of each, and sends requests to the ready ones in turn. It never sends one twice, so that
 * whatever a process loses is seen.
 */
export async function createBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  const ready = new Map<number, boolean>()
  const lost: string[] = []
  let turn = 0

  const ask = setInterval(() => {
    for (const port of ready.keys()) {
      void isReady(port).then((answer) => ready.has(port) && ready.set(port, answer))
    }
  }, ASK_EVERY_MS)

  const server = createServer((incoming, outgoing) => {
    const ports = [...ready].filter(([, answer]) => answer).map(([port]) => port)
    const port = ports[turn++ % Math.max(1, ports.length)]
    if (port === undefined) lose(outgoing, 'no process is ready')
    else forward(incoming, outgoing, port)
  })

  function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
    const { method = 'GET', url = '/', headers } = incoming
    const upstream = request({ agent, host: '127.0.0.1', port, method, path: url, headers })
    upstream.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' })
      answer.pipe(outgoing)
    })
    upstream.on('error', (error) => lose(outgoing, error.message))
    incoming.pipe(upstream)
  }

  function lose(outgoing: ServerResponse, why: string): void {
    lost.push(why)
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(502).end()
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost,
    async add(port) {
      while (!(await isReady(port))) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
      ready.set(port, true)
    },
    remove: (port) => void ready.delete(port),
    async close() {
      clearInterval(ask)
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
