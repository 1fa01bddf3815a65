import type { Logger } from 'pino'
import type { ServiceError } from '../errors.ts'
import type { UpstreamCall } from '../wechat/transport.ts'

/** One line per refresh of a token or ticket, with the reason when it failed. */
export function logRefresh(
  logger: Logger,
  event: {
    readonly appId: string
    readonly kind: string
    readonly reason: string
    readonly result: string
    readonly durationMs: number
    readonly error?: ServiceError
  },
): void {
  const { error, durationMs, ...rest } = event
  const line = { ...rest, durationMs: Math.round(durationMs) }
  if (error === undefined) {
    logger.info(line, 'credential refreshed')
  } else {
    const { code, errcode, rid, hint } = error
    logger.error({ ...line, code, errcode, rid, hint }, `credential not refreshed: ${error.message}`)
  }
}

/** One line per call to WeChat, for debugging: by path and host, never by address. */
export function logUpstream(logger: Logger, call: UpstreamCall): void {
  const { durationMs, clockAheadMs: _, ...rest } = call
  logger.debug({ ...rest, durationMs: Math.round(durationMs) }, 'asked WeChat')
}
