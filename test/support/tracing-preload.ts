import { NodeTracerProvider, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'

/** For `node --import`: an SDK that writes every finished span as a line to the standard error. */
const exporter = {
  export(spans: readonly ReadableSpan[], done: (result: { code: number }) => void) {
    for (const span of spans) {
      const { name, attributes, parentSpanContext } = span
      const { traceId, spanId } = span.spanContext()
      const shown = { name, attributes, traceId, spanId, parentId: parentSpanContext?.spanId }
      process.stderr.write(`SPAN ${JSON.stringify(shown)}\n`)
    }
    done({ code: 0 })
  },
  shutdown: async () => undefined,
}

new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
