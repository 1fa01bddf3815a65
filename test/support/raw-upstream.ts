import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { selfSigned } from './self-signed.ts'

/** One request as it came over the wire. */
export interface RawRequest {
  readonly method: string
  /** With query, from the first slash. */
  readonly target: string
  readonly body: string
}

/** Answers on the bare socket, in whatever way. */
export type RawAnswer = (socket: Socket, request: RawRequest) => void | Promise<void>

export interface RawUpstream {
  readonly origin: string
  /** Paths of the requests that arrived whole, without a slash in front. */
  readonly requests: readonly string[]
  /** From now on; without an answer as WeChat would. */
  answer(answer?: RawAnswer): void
}

/** WeChat's API on a socket of our own, which can break every rule of HTTP, until the test is over; behind it is a sandbox. */
export async function createRawUpstream(
  sandbox: Sandbox,
  options: { readonly tls?: boolean } = {},
): Promise<RawUpstream> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const right: RawAnswer = async (socket, request) => void socket.end(await rightAnswer(sandbox, request))
  let answer = right

  function serve(socket: Socket): void {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let received = ''
    socket.setEncoding('latin1').on('data', (piece: string) => {
      received += piece
      const request = wholeRequest(received)
      if (request === undefined) return
      received = ''
      requests.push(new URL(request.target, 'http://wechat').pathname.slice(1))
      void answer(socket, request)
    })
  }

  const server = options.tls === true ? createTlsServer(selfSigned(), serve) : createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `${options.tls === true ? 'https' : 'http'}://localhost:${port}`,
    requests,
    answer(next = right) {
      answer = next
    },
  }
}

/** What the sandbox answers, as bytes of HTTP. */
export async function rightAnswer(sandbox: Sandbox, { method, target, body }: RawRequest): Promise<string> {
  const response = await sandbox.fetch(
    new Request(`https://api.weixin.qq.com${target}`, { method, ...(method === 'POST' ? { body } : {}) }),
  )
  return rawHttp(await response.text(), { head: `date: ${response.headers.get('date')}` })
}

/** A whole HTTP answer as text; `length` is what it claims, which may be a lie. */
export function rawHttp(
  body: string,
  options: { readonly status?: string; readonly head?: string; readonly length?: number } = {},
): string {
  const { status = '200 OK', head = 'x-none: 1', length = Buffer.byteLength(body) } = options
  return `HTTP/1.1 ${status}\r\n${head}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`
}

/** An answer that says these bytes and nothing more. */
export const says =
  (bytes: string | Uint8Array): RawAnswer =>
  (socket) =>
    void socket.end(bytes)

/** WeChat's refusal with an errcode, inside HTTP 200. */
export const refuses = (errcode: number, errmsg = 'refused'): RawAnswer =>
  says(rawHttp(JSON.stringify({ errcode, errmsg: `${errmsg} rid: 6a1b2c3d-0a0b0c0d-1a1b1c1d` })))

function wholeRequest(text: string): RawRequest | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
  const body = text.slice(end + 4)
  if (body.length < length) return undefined
  const [method = '', target = ''] = text.split(' ', 2)
  return { method, target, body }
}
