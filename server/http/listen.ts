import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

export interface ListenOptions {
  readonly host: string
  /** 0 lets the system pick one. */
  readonly port: number
}

export interface Listener {
  readonly port: number
  /** `http://host:port`, with `localhost` for every address of this machine. */
  readonly url: string
  /** Stops accepting, lets what is under way finish for at most `graceMs`, then cuts it off. */
  close(graceMs?: number): Promise<void>
}

/** The address cannot be listened on; `message` names the port and the options that change it. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 15_000
const KEEP_ALIVE_MS = 65_000
const SWEEP_MS = 50

/**
 * Serves `fetch` over HTTP with limits on every wait.
 *
 * @throws {ListenError} when the port is taken or may not be used
 */
export async function listen(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  options: ListenOptions,
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch,
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
  })
  if (!('closeIdleConnections' in server)) throw new ListenError('This runtime has no HTTP/1 server.')
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describeListenError(error, options)))
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(options.host)
  return {
    port,
    url: `http://${local ? 'localhost' : options.host}:${port}`,
    async close(graceMs = 8_000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection whose request was under way is kept alive afterwards, and nobody will use it any more.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearInterval(sweep)
      clearTimeout(timer)
    },
  }
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
