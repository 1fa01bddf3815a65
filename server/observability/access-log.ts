import type { Logger } from 'pino'
import type { AccessRecord } from '../http/endpoint.ts'
import { describeError } from './describe-error.ts'

/** Writes one line per request: what was asked by route, how it ended, how long it took, and the id to follow it by. */
export function logRequest(logger: Logger, record: AccessRecord): void {
  const { error, durationMs, ...rest } = record
  const line = { ...rest, durationMs: Math.round(durationMs * 100) / 100 }
  if (error !== undefined) logger.error({ ...line, err: describeError(error) }, 'request failed unforeseen')
  else if (record.status >= 500) logger.warn(line, 'request failed')
  else logger.info(line, 'request')
}
