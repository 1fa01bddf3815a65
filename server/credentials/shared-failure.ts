import { ServiceError, type ServiceErrorCode, STATUS } from '../errors.ts'

/** Why a refresh failed, as replicas tell each other. It holds what callers may see, so nothing secret. */
export interface SharedFailure {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly errcode?: number
  readonly rid?: string
  readonly retryAfterS?: number
  /** The HTTP request for which it was asked, at whichever replica. */
  readonly askedBy?: string
  /** How many in a row, over all replicas. */
  readonly times: number
}

export function describeFailure(error: ServiceError, times: number): SharedFailure {
  const { code, message, hint, errcode, rid, retryAfterS, askedBy } = error
  return {
    code,
    message,
    times,
    ...(hint === undefined ? {} : { hint }),
    ...(errcode === undefined ? {} : { errcode }),
    ...(rid === undefined ? {} : { rid }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...(askedBy === undefined ? {} : { askedBy }),
  }
}

/** The error again; a code that only a newer version knows becomes `internal_error`. */
export function revive({ code, message, times: _, askedBy, ...options }: SharedFailure): ServiceError {
  const error = new ServiceError(isCode(code) ? code : 'internal_error', message, options)
  error.askedBy = askedBy
  return error
}

function isCode(code: string): code is ServiceErrorCode {
  return Object.hasOwn(STATUS, code)
}
