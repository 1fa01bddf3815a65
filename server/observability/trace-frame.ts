import {
  context as contexts,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Context as TraceContext,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { isServiceError } from '../errors.ts'
import type { Ask } from '../http/ask.ts'
import type { Frame } from '../http/endpoint.ts'

const methods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

/**
 * Puts a server span around the frame of every route: named by method and route, a child of the span that is active
 * (auto-instrumentation) or of the caller's `traceparent`.
 */
export function traceFrame(tracer: Tracer, frame: Frame): Frame {
  return (route, request, handle, options) => {
    const { method } = request.req
    const known = methods.has(method)
    const isRoute = route !== 'unknown'
    const parent = parentOf(request)
    const span = tracer.startSpan(
      `${known ? method : 'HTTP'}${isRoute ? ` ${route}` : ''}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': known ? method : '_OTHER',
          ...(isRoute ? { 'http.route': route } : {}),
        },
      },
      parent,
    )
    return contexts.with(trace.setSpan(parent, span), async () => {
      try {
        const answer = await frame(
          route,
          request,
          async (ask, requestId) => {
            span.setAttribute('wxh5.request_id', requestId)
            try {
              return await handle(ask, requestId)
            } catch (error) {
              describeFailure(span, error)
              throw error
            }
          },
          options,
        )
        span.setAttribute('http.response.status_code', answer.status)
        if (answer.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        return answer
      } finally {
        span.end()
      }
    })
  }
}

function parentOf(request: Ask): TraceContext {
  const active = contexts.active()
  return trace.getSpan(active) === undefined ? propagation.extract(active, request, headerOf) : active
}

// Propagators look up their headers by name; the list of all is for those that search, and a request has none.
const headerOf: TextMapGetter<Ask> = {
  get: (request, name) => request.req.header(name.toLowerCase()),
  keys: () => [],
}

/** By code only: messages of foreign errors could hold what nobody may see. */
function describeFailure(span: Span, error: unknown): void {
  const known = isServiceError(error) ? error : undefined
  span.setAttribute('error.type', known?.code ?? 'internal_error')
  if (known?.errcode !== undefined) span.setAttribute('wxh5.errcode', known.errcode)
  if (known?.rid !== undefined) span.setAttribute('wxh5.rid', known.rid)
}
