import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { ClientErrorAnswer } from './client-error.ts'
import type { Direct } from './direct.ts'
import type { Gate } from './gate.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 lets the system pick one. */
  readonly port: number
  /** Connections at once; beyond that new ones are closed unread. Default: as many as the system allows. */
  readonly maxConnections?: number
  /** Asked first about every request. Default: Hono answers all. */
  readonly direct?: Direct
  /** Refuses requests when there are too many. Default: all are let in. */
  readonly gate?: Gate
  /** Answers what is not HTTP, or too slow or too big for it. Default: Node's bare answer. */
  readonly onClientError?: ClientErrorAnswer
}

export interface Listener {
  readonly port: number
  /** `http://host:port`, with `localhost` for every address of this machine. */
  readonly url: string
  /**
   * Goes on accepting for `drainMs` (default 0) and asks everybody to leave (`Connection: close`); then stops
   * accepting, lets what is under way finish for at most `graceMs`, and cuts it off.
   */
  close(graceMs?: number, drainMs?: number): Promise<void>
}

/** The address cannot be listened on; `message` names the port and the options that change it. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

const MAX_HEADER_BYTES = 16_384
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 15_000
/** How often the two are enforced; Node's default would let slow senders stay for half a minute more. */
const CHECK_TIMEOUTS_MS = 1_000
/** Longer than balancers keep idle connections, so that they are the ones to close. */
const KEEP_ALIVE_MS = 65_000
/** A connection that says nothing for so long after the end of accepting was opened in advance. */
const SILENCE_MS = 500
const SWEEP_MS = 50
/** Connections that the system keeps until we accept them; with Node's 511 a burst of pages waits a second. */
const BACKLOG = 4_096
const GRACE_MS = 8_000

/**
 * Serves `fetch` over HTTP with limits on every wait and every size.
 *
 * @throws {ListenError} when the port is taken or may not be used
 */
export async function listen(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  options: ListenOptions,
): Promise<Listener> {
  const { gate, direct = () => false } = options
  const toHono = getRequestListener(fetch)
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_TIMEOUTS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  }
  let leaving = false
  const server = createServer(limits, (incoming, outgoing) => {
    if (leaving) leave(outgoing)
    if (gate !== undefined && !gate.admit(incoming, outgoing)) return
    if (!direct(incoming, outgoing)) void toHono(incoming, outgoing)
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections
  if (options.onClientError !== undefined) server.on('clientError', options.onClientError)
  server.on('drop', () => gate?.dropped())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describeListenError(error, options)))
    server.listen({ port: options.port, host: options.host, backlog: BACKLOG }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(options.host)
  return {
    port,
    url: `http://${local ? 'localhost' : options.host}:${port}`,
    async close(graceMs = GRACE_MS, drainMs = 0) {
      leaving = true
      gate?.waiting.forEach(leave)
      if (drainMs > 0) await delay(drainMs)
      const cutOffAt = setTimeout(() => server.closeAllConnections(), graceMs)
      const silentUntil = performance.now() + SILENCE_MS
      // Right after a look at the network: what was sent on an idle connection has been read, and counts as begun.
      await nextTurn()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const sweep = setInterval(() => setImmediate(closeIdle), SWEEP_MS)
      function closeIdle(): void {
        server.closeIdleConnections()
        // Node takes a connection on which nothing was ever sent for a request under way.
        if (performance.now() > silentUntil)
          for (const socket of sockets) if (isSilent(socket)) socket.destroy()
      }
      await closed
      clearInterval(sweep)
      clearTimeout(cutOffAt)
    },
  }
}

/** Asks the client to open a new connection for its next request, which then goes to another process. */
function leave(outgoing: ServerResponse): void {
  if (!outgoing.headersSent) outgoing.shouldKeepAlive = false
}

function isSilent({ bytesRead }: Socket): boolean {
  return bytesRead === 0
}

function describeListenError(error: NodeJS.ErrnoException, { host, port }: ListenOptions): ListenError {
  const place = `Cannot listen on port ${port} of ${host}`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    const advice = `Choose 127.0.0.1 (this machine), 0.0.0.0 (every network) or an address of this machine with --host or "listen.host". 地址无法使用，请更换 host。`
    return new ListenError(`${place}: this machine has no such address. ${advice}`, { cause: error })
  }
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another process listens there already',
    EACCES: 'this user may not use it',
  }
  const reason = reasons[error.code ?? ''] ?? error.code ?? error.message
  const advice =
    'Choose another with --port, PORT or "listen.port" (0 picks a free one). 端口无法使用，请换一个端口。'
  return new ListenError(`${place}: ${reason}. ${advice}`, { cause: error })
}
