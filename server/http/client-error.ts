import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ServiceError, type ServiceErrorCode } from '../errors.ts'
import { bareProblem } from './bare-problem.ts'
import type { AccessRecord } from './endpoint.ts'

/** Answers what Node's parser refused before it became a request. */
export type ClientErrorAnswer = (error: Error, socket: Socket) => void

/** So long a client that is still sending may go on, so that it gets to read the answer. */
const LINGER_MS = 500

const refusals: Readonly<Record<string, readonly [ServiceErrorCode, string, string]>> = {
  HPE_HEADER_OVERFLOW: [
    'headers_too_large',
    'The address and the headers are longer than 16384 bytes.',
    'Send fewer or smaller headers and cookies, and long fields in the body. 请减小请求头和 Cookie，较长的内容放进请求体。',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    'body_too_large',
    'The body has too many chunk extensions.',
    'Send the body with a Content-Length. 请使用 Content-Length 发送请求体。',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    'request_incomplete',
    'The request did not arrive in time.',
    'Send headers within 10 s and the whole request within 15 s. 请在 10 秒内发完请求头，15 秒内发完整个请求。',
  ],
}
const malformed = [
  'invalid_request',
  'This is not HTTP as we understand it.',
  'Send HTTP/1.1; https belongs to the proxy in front of the service. 请使用 HTTP/1.1；https 由前面的代理处理。',
] as const

/**
 * Makes the answer to requests that are none: huge headers, slow senders, something else than HTTP. They get the
 * same problem+json as all failures, and a line in log and metrics.
 */
export function createClientErrorAnswer(parts: {
  readonly newRequestId: () => string
  readonly observe: (record: AccessRecord) => void
}): ClientErrorAnswer {
  return (error, socket) => {
    const errorCode = 'code' in error ? String(error.code) : ''
    if (socket.writableEnded) return
    // Gone already, answered already, or opened in advance by a browser that then needed it not.
    if (
      errorCode === 'ECONNRESET' ||
      !socket.writable ||
      socket.bytesRead === 0 ||
      answerOf(socket)?.headersSent
    ) {
      socket.destroy()
      return
    }
    const [code, message, hint] = refusals[errorCode] ?? malformed
    const refusal = new ServiceError(code, message, { hint })
    const requestId = parts.newRequestId()
    const { status, headers, body } = bareProblem(refusal, requestId)
    // A request whose body is missing has a route, which reports it.
    if (answerOf(socket) === undefined) {
      parts.observe({ requestId, method: 'unknown', route: 'unknown', status, durationMs: 0, code })
    }
    const lines = Object.entries({ ...headers, connection: 'close' }).map(
      ([name, value]) => `${name}: ${value}`,
    )
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'))
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }
}

/** Node keeps the answer that is under way here; another one into the middle of it would be nonsense. */
function answerOf(
  socket: Socket & { readonly _httpMessage?: ServerResponse | null },
): ServerResponse | undefined {
  return socket._httpMessage ?? undefined
}
