import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ListenError } from '../server/http/listen.ts'
import { injectIntoHead } from './page-proxy/inject.ts'
import { pageAway } from './page-proxy/page-away.ts'
import { plainHtml, withoutBarriers } from './page-proxy/rewrite.ts'
import { ask, type Target } from './page-proxy/target.ts'

export interface PageProxyOptions {
  /** Address of the developer's page; of it, only the origin is asked. */
  readonly page: URL
  /** Base address of the sandbox, whose bridge script goes into every page. */
  readonly sandbox: string
  readonly host: string
  /** 0 picks one. */
  readonly port: number
  /** Milliseconds until a page that says nothing is given up. Default 60000. */
  readonly answerMs?: number
}

export interface PageProxy {
  readonly port: number
  /** `http://localhost:port` */
  readonly origin: string
  /** The page's address on this proxy, with its path, query and fragment. */
  readonly pageUrl: string
  close(): Promise<void>
}

/**
 * Serves the developer's own page with WeChat's bridge in it, under an origin of this machine.
 *
 * Requests for any other host name are refused: a web page elsewhere could otherwise reach the developer's server
 * with a name of its own (DNS rebinding), past the check that server makes.
 *
 * @throws {ListenError} when the port is taken or may not be used
 */
export async function servePageProxy(options: PageProxyOptions): Promise<PageProxy> {
  const { host, sandbox, answerMs = 60_000 } = options
  const script = `<script src="${sandbox}/__sandbox/bridge.js"></script>`
  const sockets = new Set<Duplex>()
  const server = createServer()
  const ownOrigin = (headers: IncomingHttpHeaders): string => `http://${headers.host}`
  const targetFor = (headers: IncomingHttpHeaders): Target => ({
    page: options.page,
    own: ownOrigin(headers),
    answerMs,
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isOwnHost(request.headers.host, host)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' })
      response.end(
        'This proxy answers to localhost and to IP addresses only. 本代理只接受 localhost 和 IP 地址。',
      )
      return
    }
    const upstream = ask(targetFor(request.headers), request)
    upstream.on('response', (answer) => {
      const headers = withoutBarriers(answer.headers, options.page, ownOrigin(request.headers))
      const html = plainHtml(request, answer)
      if (html === undefined) {
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers)
        answer.pipe(response)
      } else {
        for (const name of ['content-length', 'content-encoding', 'etag', 'last-modified'])
          delete headers[name]
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, {
          ...headers,
          'cache-control': 'no-store',
        })
        html
          .on('error', () => response.destroy())
          .pipe(injectIntoHead(script))
          .pipe(response)
      }
      answer.on('error', () => response.destroy())
    })
    upstream.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else if (!response.destroyed) pageAway(request, response, options.page, error, script)
    })
    response.on('close', () => upstream.destroy())
    request.pipe(upstream)
  })

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!isOwnHost(request.headers.host, host)) {
      socket.end('HTTP/1.1 421 Misdirected Request\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const upstream = ask(targetFor(request.headers), request)
    upstream.on('upgrade', (answer, other, first) => {
      socket.write(headOf(answer))
      if (first.length > 0) socket.write(first)
      if (head.length > 0) other.write(head)
      sockets.add(other)
      join(socket, other, () => sockets.delete(other))
    })
    upstream.on('response', (answer) => {
      socket.write(headOf(answer))
      answer.pipe(socket)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
    upstream.end()
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new ListenError(
          `Cannot listen on port ${options.port} of ${host} for the page: ${error.message}. Choose another with --page-port (0 picks a free one). 端口无法使用，请用 --page-port 换一个。`,
          { cause: error },
        ),
      ),
    )
    server.listen(options.port, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const origin = `http://localhost:${port}`
  const { pathname, search, hash } = options.page
  return {
    port,
    origin,
    pageUrl: `${origin}${pathname}${search}${hash}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
        server.closeAllConnections()
      }),
  }
}

/** A name of one's own cannot be an IP address, and `localhost` always means this machine. */
function isOwnHost(given: string | undefined, host: string): boolean {
  if (given === undefined || !URL.canParse(`http://${given}`)) return false
  const { hostname } = new URL(`http://${given}`)
  return hostname === 'localhost' || hostname === host || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`]
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

function join(one: Duplex, other: Duplex, onEnd: () => void): void {
  one.pipe(other).pipe(one)
  for (const [mine, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    mine.on('error', () => peer.destroy())
    mine.on('close', () => {
      peer.destroy()
      onEnd()
    })
  }
}
