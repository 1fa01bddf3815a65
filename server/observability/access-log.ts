import type { Logger } from 'pino'
import type { AccessRecord } from '../http/endpoint.ts'
import { describeError } from './describe-error.ts'
import { destinationOf, SERVICE } from './logger.ts'

/** Writes one line per request: what was asked by route, how it ended, how long it took, and the id to follow it by. */
export function logRequest(logger: Logger, record: AccessRecord): void {
  if (writeSuccess(logger, record)) return
  const { error, durationMs, ...rest } = record
  const line = { ...rest, durationMs: hundredths(durationMs) }
  if (error !== undefined) logger.error({ ...line, err: describeError(error) }, 'request failed unforeseen')
  else if (record.status >= 500) logger.warn(line, 'request failed')
  else logger.info(line, 'request')
}

/**
 * Writes the line of an ordinary success by hand, character by character what the logger would write.
 *
 * It is one line per signature, and making it the general way costs several times the hash.
 */
function writeSuccess(logger: Logger, record: AccessRecord): boolean {
  const { requestId, method, route, status, code, durationMs, trace_id } = record
  const destination = destinationOf(logger)
  const ordinary = status === 200 && method === 'POST' && code === undefined && trace_id === undefined
  if (destination === undefined || !ordinary) return false
  if (logger.isLevelEnabled('info')) {
    destination.write(
      `{"level":"info","time":"${isoTime(Date.now())}","service":"${SERVICE}","requestId":"${requestId}","method":"POST","route":"${route}","status":200,"durationMs":${hundredths(durationMs)},"msg":"request"}\n`,
    )
  }
  return true
}

const hundredths = (durationMs: number): number => Math.round(durationMs * 100) / 100

let second = Number.NaN
let upToSecond = ''

/** `toISOString`, which is made once a second. */
function isoTime(now: number): string {
  const current = Math.floor(now / 1_000)
  if (current !== second) {
    second = current
    upToSecond = new Date(current * 1_000).toISOString().slice(0, -4)
  }
  return `${upToSecond}${String(now - current * 1_000).padStart(3, '0')}Z`
}
