import { hints } from './hints.ts'
import type { ReadyStep, WeixinErrorCode } from './types.ts'

/** What the service said in its `application/problem+json` answer. */
export interface ServiceProblem {
  status: number
  code?: string
  title?: string
  detail?: string
  hint?: string
  requestId?: string
}

/** What a {@link WeixinError} knows besides its code. */
export interface WeixinErrorDetails {
  errMsg?: string
  realAuthUrl?: string
  problem?: ServiceProblem | undefined
  requestId?: string | undefined
  hint?: string | undefined
  hintZh?: string
  cause?: unknown
}

/**
 * What every promise of this package rejects with: a stable code, WeChat's own words, and what to do about it.
 *
 * @example
 * ```ts
 * import { createWeixin, isWeixinError } from 'wx-h5-kit'
 *
 * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
 * try {
 *   await weixin.call('scanQRCode', { needResult: 1 })
 * } catch (error) {
 *   if (!isWeixinError(error)) throw error
 *   if (error.code !== 'cancelled') document.body.append(error.hintZh)
 * }
 * ```
 */
export class WeixinError extends Error {
  /** Why it failed. */
  declare readonly code: WeixinErrorCode
  /** What to do, in English; the service's own advice where it gave one. */
  declare readonly hint: string
  /** What to do, in Chinese. */
  declare readonly hintZh: string
  /** What WeChat said, such as `config:invalid signature`. */
  declare readonly errMsg?: string
  /** The step of `ready()` that failed. */
  declare readonly step?: ReadyStep['step']
  /** The address that was to be signed or verified. */
  declare readonly url?: string
  /** The address WeChat says it verified against, where it says so. */
  declare readonly realAuthUrl?: string
  /** The answer of the service, where it refused. */
  declare readonly problem?: ServiceProblem
  /** Names the request in the log of the service: the one it refused, or the one whose signature WeChat refused. */
  declare readonly requestId?: string

  constructor(code: WeixinErrorCode, what: string, given = '', details: WeixinErrorDetails = {}) {
    const [en = '', hintZh = ''] = hints[code] || []
    const hint = details.hint || en
    super(`${what} failed (${code}): ${given || details.errMsg}. ${hint}`)
    Object.assign(this, { name: 'WeixinError', hintZh }, details, { code, hint })
  }
}

/**
 * Whether something caught is a {@link WeixinError}, also when two copies of the package are on the page.
 *
 * @example
 * ```ts
 * import { isWeixinError } from 'wx-h5-kit'
 *
 * const wasCancelled = (error: unknown): boolean => isWeixinError(error) && error.code === 'cancelled'
 * ```
 */
export function isWeixinError(error: unknown): error is WeixinError {
  return error instanceof Error && error.name === 'WeixinError' && 'code' in error
}

/** What was caught, as an error of ours. */
export function asWeixinError(error: unknown, code: WeixinErrorCode, what: string): WeixinError {
  return isWeixinError(error) ? error : new WeixinError(code, what, `${error}`, { cause: error })
}
