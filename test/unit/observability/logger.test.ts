import { expect, test } from 'vitest'
import { createLogger } from '../../../server/observability/logger.ts'
import { redact } from '../../../server/observability/redact.ts'

function linesOf(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = []
  write(createLogger({ destination: { write: (line) => void lines.push(line) } }))
  return lines.join('')
}

test.each([
  { ticket: 'marker' },
  { account: { appSecret: 'marker' } },
  { deep: { deeper: { deepest: { openid: 'marker' } } } },
  { list: [{ phone: 'marker' }] },
  { headers: { authorization: 'marker', cookie: 'marker', 'sso-token': 'marker' } },
])('a value under a secret name is never written: %j', (record) => {
  const line = linesOf((logger) => logger.info(record, 'text'))
  expect(line).not.toContain('marker')
  expect(line).toContain('[redacted]')
})

test('what is logged is not changed for its owner, and a harmless record is not copied', () => {
  const record = { account: { ticket: 'marker' } }
  redact(record)
  expect(record.account.ticket).toBe('marker')
  const harmless = { route: '/v1/jsapi/signature', status: 200, nested: { code: 'ok' } }
  expect(redact(harmless)).toBe(harmless)
})

test('lines are JSON with a level by name, a time and the service', () => {
  const line = JSON.parse(linesOf((logger) => logger.warn({ requestId: 'r' }, 'text')))
  expect(line).toMatchObject({ level: 'warn', service: 'wx-h5-kit', requestId: 'r', msg: 'text' })
  expect(Number.isNaN(Date.parse(line.time))).toBe(false)
})
