import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Registry } from 'prom-client'
import type { Endpoint } from '../http/endpoint.ts'
import { jsonReply } from '../http/reply.ts'
import type { Readiness } from './readiness.ts'

export interface ObservabilityParts {
  readonly registry: Registry
  /** @param requestId names what it asks WeChat in the log */
  readonly readiness: (requestId: string) => Readiness
}

/** Mounts what operators ask: `/healthz`, `/readyz`, `/metrics`. */
export function mountObservability(app: OpenAPIHono, endpoint: Endpoint, parts: ObservabilityParts): void {
  app.get(
    '/healthz',
    endpoint('/healthz', () => jsonReply({ status: 'ok' })),
  )
  app.get(
    '/readyz',
    endpoint('/readyz', (_, requestId) => {
      const readiness = parts.readiness(requestId)
      const inService = readiness.status === 'ready' || readiness.status === 'degraded'
      return { ...jsonReply(readiness), status: inService ? 200 : 503 }
    }),
  )
  app.get(
    '/metrics',
    endpoint('/metrics', async () => ({
      status: 200,
      contentType: parts.registry.contentType,
      body: await parts.registry.metrics(),
    })),
  )

  const answer = (description: string, type = 'application/json') => ({
    description,
    content: { [type]: { schema: z.any() } },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process lives',
    responses: { 200: answer('It does') },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/readyz',
    summary: 'Whether pages can be signed, per account and with the reason',
    responses: {
      200: answer('At least one account is ready'),
      503: answer('None is ready, or the process is stopping'),
    },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/metrics',
    summary: 'Prometheus metrics',
    responses: { 200: answer('The metrics', 'text/plain') },
  })
}
