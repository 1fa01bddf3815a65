import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logRequest } from '../../../server/observability/access-log.ts'
import { createLogger, SERVICE } from '../../../server/observability/logger.ts'

const record = {
  requestId: 'page-42_a',
  method: 'POST',
  route: '/v1/jsapi/signature',
  status: 200,
  durationMs: 0.12345,
}

function lineOf(write: (logger: ReturnType<typeof createLogger>) => void, level = 'info'): string {
  const lines: string[] = []
  write(createLogger({ level, destination: { write: (line) => void lines.push(line) } }))
  return lines.join('').replace(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, '"time":"…"')
}

test('the line of a success is, character by character, what the logger itself would write', () => {
  const general = lineOf((logger) => logger.info({ ...record, durationMs: 0.12 }, 'request'))
  expect(lineOf((logger) => logRequest(logger, record))).toBe(general)
  expect(general).toContain('"time":"…"')
})

test('the time of a line is now', () => {
  const before = Date.now()
  const lines: string[] = []
  logRequest(createLogger({ destination: { write: (line) => void lines.push(line) } }), record)
  const at = Date.parse(JSON.parse(lines.join('')).time)
  expect(at).toBeGreaterThanOrEqual(before)
  expect(at).toBeLessThanOrEqual(Date.now())
})

test('a success below the level of the log is not written, and a failure is', () => {
  expect(lineOf((logger) => logRequest(logger, record), 'warn')).toBe('')
  expect(lineOf((logger) => logRequest(logger, { ...record, status: 503 }), 'warn')).toContain(
    'request failed',
  )
})

test('a logger that somebody hands in writes in its own way', () => {
  const lines: string[] = []
  const logger = pino({ base: { owner: 'them' } }, { write: (line: string) => void lines.push(line) })
  logRequest(logger, record)
  expect(JSON.parse(lines.join(''))).toMatchObject({ owner: 'them', level: 30, requestId: 'page-42_a' })
  expect(lines.join('')).not.toContain(SERVICE)
})

test('the ids of a trace stand in the line', () => {
  const line = lineOf((logger) => logRequest(logger, { ...record, trace_id: 'a1', span_id: 'b2' }))
  expect(JSON.parse(line)).toMatchObject({ trace_id: 'a1', span_id: 'b2', msg: 'request' })
})
