import type { Frame } from '../http/endpoint.ts'
import type { JsonObject } from '../wechat/read-answer.ts'
import type { Attempt } from '../wechat/transport.ts'

/** What is traced. Only there when an OpenTelemetry SDK is. */
export interface Tracing {
  /** The frame around routes with a server span around it. */
  frame(plain: Frame): Frame
  /** One try of one call to WeChat, as a client span. */
  call(attempt: Attempt, run: () => Promise<JsonObject>): Promise<JsonObject>
  /** One refresh of a token or ticket, as an internal span. */
  refresh<Result>(refresh: TracedRefresh, run: () => Promise<Result>): Promise<Result>
  /** Names the account on the span of the request that is being answered. */
  account(appId: string): void
  /** The ids of the span that is active, for log lines. */
  ids(): TraceIds | undefined
}

export interface TracedRefresh {
  readonly appId: string
  readonly kind: string
  readonly refused?: string
  readonly requestId?: string
}

export interface TraceIds {
  readonly trace_id: string
  readonly span_id: string
}

// Where every copy of @opentelemetry/api 1.x looks for what an SDK registered with another copy.
const registered = Symbol.for('opentelemetry.js.api.1')

/**
 * Looks once whether an OpenTelemetry SDK has been registered, such as by `node --import`.
 *
 * Without one there is nothing: not even the API is loaded, and no route, call or refresh is wrapped.
 */
export async function detectTracing(version: string): Promise<Tracing | undefined> {
  const api: unknown = Reflect.get(globalThis, registered)
  if (typeof api !== 'object' || api === null || !('trace' in api)) return undefined
  const { createTracing } = await import('./create-tracing.ts')
  return createTracing(version)
}
