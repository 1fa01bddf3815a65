/** Every stable error code of the service, with the HTTP status it answers with: the one table. */
export const STATUS = {
  invalid_request: 400,
  invalid_json: 400,
  invalid_url: 400,
  url_too_long: 400,
  signature_unknown: 400,
  redirect_not_allowed: 400,
  state_invalid: 400,
  code_invalid: 400,
  ticket_invalid: 400,
  grant_invalid: 400,
  login_loop: 400,
  unauthorized: 401,
  token_expired: 401,
  invalid_client: 401,
  snapshot_user: 403,
  card_not_public: 403,
  scope_missing: 403,
  account_not_allowed: 403,
  origin_not_allowed: 403,
  unknown_account: 404,
  fan_unknown: 404,
  not_found: 404,
  method_not_allowed: 405,
  request_incomplete: 408,
  user_conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  headers_too_large: 431,
  internal_error: 500,
  wechat_refused: 502,
  wechat_bad_answer: 502,
  wechat_busy: 503,
  wechat_unreachable: 503,
  shutting_down: 503,
  overloaded: 503,
  storage_unavailable: 503,
  not_configured: 503,
} as const satisfies Record<string, number>

export type ServiceErrorCode = keyof typeof STATUS

export interface ServiceErrorOptions {
  /** What to do about it, in one sentence; shown to the caller. */
  readonly hint?: string
  /** WeChat's own error code, when WeChat said no. */
  readonly errcode?: number
  /** WeChat's request id, to quote when asking Tencent. */
  readonly rid?: string
  /** Seconds after which trying again makes sense; sent as `Retry-After`. */
  readonly retryAfterS?: number
  readonly cause?: unknown
}

/**
 * A failure that has a stable code and is safe to show: `message` and `hint` never hold a secret, a token, a
 * ticket or a raw answer of WeChat.
 *
 * @example
 * throw new ServiceError('unknown_account', 'No account wx0000000000000000 is configured.')
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ServiceErrorCode
  readonly status: number
  readonly hint: string | undefined
  readonly errcode: number | undefined
  readonly rid: string | undefined
  readonly retryAfterS: number | undefined
  /** The id of the HTTP request for which WeChat was asked; others may have waited for the same answer. */
  askedBy: string | undefined

  constructor(code: ServiceErrorCode, message: string, options: ServiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = STATUS[code]
    this.hint = options.hint
    this.errcode = options.errcode
    this.rid = options.rid
    this.retryAfterS = options.retryAfterS
  }
}

/** Tells a `ServiceError` from any other thrown value, also across two copies of the package. */
export function isServiceError(error: unknown): error is ServiceError {
  return (
    error instanceof ServiceError ||
    (error instanceof Error && error.name === 'ServiceError' && 'code' in error)
  )
}
