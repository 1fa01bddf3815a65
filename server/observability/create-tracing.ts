import {
  context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { isServiceError } from '../errors.ts'
import { readRefusal } from '../wechat/refusal.ts'
import { traceFrame } from './trace-frame.ts'
import type { Tracing } from './tracing.ts'

// By this name every SDK for JavaScript finds it.
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Makes spans with the SDK that is registered. In no attribute is a query, a body, a secret or a person. */
export function createTracing(version: string): Tracing {
  const tracer = trace.getTracer('wx-h5-kit', version)
  return {
    frame: (plain) => traceFrame(tracer, plain),
    call({ method, path, host, requestId }, run) {
      const { hostname, port, protocol } = new URL(host)
      const attributes = {
        'http.request.method': method,
        'server.address': hostname,
        'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
        'url.template': `/${path}`,
        ...idAttribute(requestId),
      }
      return within(tracer, `${method} /${path}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
        // Instrumentation of fetch notes whole addresses, and with them secrets and tokens; it also sends trace
        // headers to WeChat. Inside this span it is told to keep quiet, as exporters tell it about their own calls.
        const answer = await context.with(context.active().setValue(SUPPRESSED, true), run)
        const refused = readRefusal(answer)
        if (refused !== undefined) {
          describeRefusal(span, refused)
          fail(span, String(refused.errcode))
        }
        return answer
      })
    },
    refresh({ appId, kind, refused, requestId }, run) {
      const attributes = {
        'wxh5.app_id': appId,
        'wxh5.credential.kind': kind,
        'wxh5.credential.refused': refused !== undefined,
        ...idAttribute(requestId),
      }
      return within(tracer, `refresh ${kind}`, { kind: SpanKind.INTERNAL, attributes }, run)
    },
    account: (appId) => trace.getActiveSpan()?.setAttribute('wxh5.app_id', appId),
    ids() {
      const active = trace.getActiveSpan()?.spanContext()
      return active === undefined ? undefined : { trace_id: active.traceId, span_id: active.spanId }
    },
  }
}

async function within<Result>(
  tracer: Tracer,
  name: string,
  options: Parameters<Tracer['startSpan']>[1],
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = tracer.startSpan(name, options)
  try {
    return await context.with(trace.setSpan(context.active(), span), () => run(span))
  } catch (error) {
    describeError(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** Notes why something failed, by code: messages of foreign errors could hold what nobody may see. */
function describeError(span: Span, error: unknown): void {
  if (isServiceError(error)) describeRefusal(span, error)
  fail(span, isServiceError(error) ? error.code : 'internal_error')
}

function describeRefusal(
  span: Span,
  { errcode, rid }: { errcode?: number | undefined; rid?: string | undefined },
): void {
  if (errcode !== undefined) span.setAttribute('wxh5.errcode', errcode)
  if (rid !== undefined) span.setAttribute('wxh5.rid', rid)
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

function idAttribute(requestId: string | undefined): Record<string, string> {
  return requestId === undefined ? {} : { 'wxh5.request_id': requestId }
}
