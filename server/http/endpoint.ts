import type { Context, Handler } from 'hono'
import type { Clock } from '../clock.ts'
import { isServiceError, ServiceError } from '../errors.ts'
import type { Ask } from './ask.ts'
import { problemReply } from './problem.ts'
import type { Reply } from './reply.ts'

export interface AccessRecord {
  readonly requestId: string
  readonly method: string
  /** The route's pattern, never the address with its query. */
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly code?: string
  readonly errcode?: number
  readonly rid?: string
  /** The request that asked WeChat, when this one only waited for the answer. */
  readonly askedBy?: string
  /** The span of this request, where it is traced. */
  readonly trace_id?: string
  readonly span_id?: string
  /** Only for failures nobody foresaw. */
  readonly error?: unknown
}

export interface EndpointParts {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly newRequestId: () => string
  readonly observe: (record: AccessRecord) => void
}

export interface EndpointOptions<Request extends Ask = Context> {
  /** How a failure is written. Default: problem+json. */
  readonly renderError?: (error: ServiceError, requestId: string) => Reply
  /** Headers for every answer of this route, failures included; may depend on the request. */
  readonly headers?: (request: Request) => Readonly<Record<string, string>>
}

export type Handle<Request extends Ask = Context> = (
  request: Request,
  requestId: string,
) => Reply | Promise<Reply>

export type Endpoint = (route: string, handle: Handle, options?: EndpointOptions) => Handler

/** A route that any door can open. */
export interface OpenRoute {
  readonly path: string
  readonly handle: Handle<Ask>
  readonly options: EndpointOptions<Ask>
}

/** Everything a door writes back, decided at once. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

export type Frame = <Request extends Ask>(
  route: string,
  request: Request,
  handle: Handle<Request>,
  options: EndpointOptions<Request>,
) => Promise<Answer>

const acceptableId = /^[\w-]{1,64}$/

/**
 * Makes the frame around every route: request id, one record for log and metrics, errors as answers.
 *
 * It stands in the place of a chain of middleware, because each of those materialises and rebuilds the answer,
 * and together they cost several times the signature.
 */
export function createFrame(parts: EndpointParts): Frame {
  const { clock, newRequestId, observe } = parts
  return async (route, request, handle, options) => {
    const startedAt = clock.monotonic()
    const received = request.req.header('x-request-id')
    const requestId = received !== undefined && acceptableId.test(received) ? received : newRequestId()
    let reply: Reply
    let failure: ServiceError | undefined
    let unforeseen: unknown
    try {
      reply = await handle(request, requestId)
    } catch (error) {
      failure = isServiceError(error) ? error : internalError()
      if (failure !== error) unforeseen = error
      reply = (options.renderError ?? problemReply)(failure, requestId)
    }
    const durationMs = clock.monotonic() - startedAt
    const record = { requestId, method: request.req.method, route, status: reply.status, durationMs }
    observe(failure === undefined ? record : { ...record, ...describe(failure, requestId, unforeseen) })
    const headers: Record<string, string> = {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-type': reply.contentType,
      'x-request-id': requestId,
    }
    // Spreading these in would cost more than the hash.
    add(headers, options.headers?.(request))
    add(headers, reply.headers)
    return { status: reply.status, headers, body: reply.body }
  }
}

/** Makes the door through Hono: the frame as its handler. */
export function createEndpoint(frame: Frame): Endpoint {
  return (route, handle, options = {}) =>
    async function endpoint(context) {
      const { status, headers, body } = await frame(route, context, handle, options)
      return new Response(body === '' ? null : body, { status, headers })
    }
}

function add(headers: Record<string, string>, more: Readonly<Record<string, string>> | undefined): void {
  for (const name in more) headers[name] = more[name] as string
}

function internalError(): ServiceError {
  return new ServiceError('internal_error', 'Something went wrong here, not in your request.', {
    hint: 'Look for this requestId in the log of the service. 请在服务日志中查找该 requestId。',
  })
}

function describe(
  failure: ServiceError,
  requestId: string,
  unforeseen: unknown,
): Pick<AccessRecord, 'code' | 'errcode' | 'rid' | 'askedBy' | 'error'> {
  return {
    code: failure.code,
    ...(failure.errcode === undefined ? {} : { errcode: failure.errcode }),
    ...(failure.rid === undefined ? {} : { rid: failure.rid }),
    ...(failure.askedBy === undefined || failure.askedBy === requestId ? {} : { askedBy: failure.askedBy }),
    ...(unforeseen === undefined ? {} : { error: unforeseen }),
  }
}
