import type { Context, Handler } from 'hono'
import type { Clock } from '../clock.ts'
import { isServiceError, ServiceError } from '../errors.ts'
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
  /** Only for failures nobody foresaw. */
  readonly error?: unknown
}

export interface EndpointParts {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly newRequestId: () => string
  readonly observe: (record: AccessRecord) => void
}

export interface EndpointOptions {
  /** How a failure is written. Default: problem+json. */
  readonly renderError?: (error: ServiceError, requestId: string) => Reply
  /** Headers for every answer of this route, failures included; may depend on the request. */
  readonly headers?: (context: Context) => Readonly<Record<string, string>>
}

export type Endpoint = (
  route: string,
  handle: (context: Context, requestId: string) => Reply | Promise<Reply>,
  options?: EndpointOptions,
) => Handler

const acceptableId = /^[\w-]{1,64}$/
const baseHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/**
 * Makes the frame around every route: request id, one record for log and metrics, errors as answers.
 *
 * It stands in the place of a chain of middleware, because each of those materialises and rebuilds the answer,
 * and together they cost several times the signature.
 */
export function createEndpoint(parts: EndpointParts): Endpoint {
  const { clock, newRequestId, observe } = parts
  return (route, handle, options = {}) => {
    const renderError = options.renderError ?? problemReply
    return async function endpoint(context) {
      const startedAt = clock.monotonic()
      const received = context.req.header('x-request-id')
      const requestId = received !== undefined && acceptableId.test(received) ? received : newRequestId()
      let reply: Reply
      let failure: ServiceError | undefined
      let unforeseen: unknown
      try {
        reply = await handle(context, requestId)
      } catch (error) {
        failure = isServiceError(error) ? error : internalError()
        if (failure !== error) unforeseen = error
        reply = renderError(failure, requestId)
      }
      observe({
        requestId,
        method: context.req.method,
        route,
        status: reply.status,
        durationMs: clock.monotonic() - startedAt,
        ...(failure === undefined ? {} : describe(failure)),
        ...(unforeseen === undefined ? {} : { error: unforeseen }),
      })
      return new Response(reply.body === '' ? null : reply.body, {
        status: reply.status,
        headers: {
          ...baseHeaders,
          'content-type': reply.contentType,
          'x-request-id': requestId,
          ...options.headers?.(context),
          ...reply.headers,
        },
      })
    }
  }
}

function internalError(): ServiceError {
  return new ServiceError('internal_error', 'Something went wrong here, not in your request.', {
    hint: 'Look for this requestId in the log of the service. 请在服务日志中查找该 requestId。',
  })
}

function describe(failure: ServiceError): Pick<AccessRecord, 'code' | 'errcode' | 'rid'> {
  return {
    code: failure.code,
    ...(failure.errcode === undefined ? {} : { errcode: failure.errcode }),
    ...(failure.rid === undefined ? {} : { rid: failure.rid }),
  }
}
