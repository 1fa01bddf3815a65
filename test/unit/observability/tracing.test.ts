import { trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-node'
import { afterEach, expect, test } from 'vitest'
import { detectTracing } from '../../../server/observability/tracing.ts'

afterEach(() => trace.disable())

test('without an SDK there is nothing to put around anything, although the API is loaded', async () => {
  trace.getTracer('somebody else').startSpan('nothing').end()
  expect(await detectTracing('1.0.0')).toBeUndefined()
})

test('a registered SDK is found, and one that was taken away is not', async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider())
  expect(await detectTracing('1.0.0')).toBeDefined()
  trace.disable()
  expect(await detectTracing('1.0.0')).toBeUndefined()
})

test('a request without an active span gives the log no ids', async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider())
  const tracing = await detectTracing('1.0.0')
  expect(tracing?.ids()).toBeUndefined()
})
