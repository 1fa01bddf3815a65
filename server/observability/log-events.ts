import type { Logger } from 'pino'
import type { ServiceError } from '../errors.ts'
import type { UpstreamCall } from '../wechat/transport.ts'
import type { RefreshNews } from './failure-episodes.ts'

/**
 * One line per refresh of a token or ticket; a bad day is said once at level `error`, by name and with what to do,
 * again at most once a minute, and once when it is over.
 */
export function logRefresh(
  logger: Logger,
  event: {
    readonly appId: string
    readonly kind: string
    readonly reason: string
    readonly result: string
    readonly durationMs: number
    readonly requestId?: string
    readonly error?: ServiceError
  },
  { news, failures, failingMs }: RefreshNews,
): void {
  const { error, durationMs, ...rest } = event
  const line = { ...rest, durationMs: Math.round(durationMs) }
  if (error === undefined) {
    const after = { failures, failingS: Math.round(failingMs / 1_000) }
    if (news === 'healed') logger.info({ ...line, ...after }, 'credential refreshed again 凭证刷新已恢复')
    else logger.info(line, 'credential refreshed')
    return
  }
  const { code, errcode, rid, hint, askedBy } = error
  const failed = { ...line, code, errcode, rid, hint, ...(askedBy === rest.requestId ? {} : { askedBy }) }
  if (news === 'first') logger.error(failed, `credential not refreshed 凭证刷新失败: ${error.message}`)
  else if (news === 'again')
    logger.warn(
      { ...failed, failures, failingS: Math.round(failingMs / 1_000) },
      `credential still not refreshed 凭证仍未刷新: ${error.message}`,
    )
  else logger.debug(failed, `credential not refreshed 凭证刷新失败: ${error.message}`)
}

/** Says once per contest that somebody else refreshes the account too, and how to end it. */
export function logContested(logger: Logger, appId: string): void {
  logger.warn(
    { appId, code: 'token_contested' },
    'another party refreshes the access_token of this account, so each ends the token of the other: set tokenApi to "stable", or let the other system ask this token server; several processes of this service must share "redis" or "database" 另有系统在刷新该公众号的 access_token，双方会互相使对方的 token 失效：请把 tokenApi 设为 "stable"，或让另一系统改用本服务的 token 接口；本服务的多个进程须共用 redis 或 database',
  )
}

/** One line per call to WeChat, for debugging: by path and host, never by address. */
export function logUpstream(logger: Logger, call: UpstreamCall): void {
  const { durationMs, clockAheadMs: _, ...rest } = call
  logger.debug({ ...rest, durationMs: Math.round(durationMs) }, 'asked WeChat')
}
