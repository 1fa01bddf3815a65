import type { ServiceError } from '../errors.ts'
import type { Reply } from './reply.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

/** Renders an error as `application/problem+json` (RFC 9457) with our stable `code`. */
export function problemReply(error: ServiceError, requestId: string): Reply {
  return {
    status: error.status,
    contentType: 'application/problem+json; charset=utf-8',
    body: JSON.stringify({
      type: 'about:blank',
      title: titles[error.status] ?? 'Error',
      status: error.status,
      code: error.code,
      detail: error.message,
      hint: error.hint,
      requestId,
      errcode: error.errcode,
      rid: error.rid,
    }),
    headers: {
      ...(error.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(error.retryAfterS === undefined ? {} : { 'retry-after': String(error.retryAfterS) }),
    },
  }
}

/** Renders an error in the envelope of the seeds' open platform: `{errcode, msg}`. */
export function errcodeReply(error: ServiceError, requestId: string): Reply {
  return {
    ...problemReply(error, requestId),
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({
      errcode: error.errcode ?? error.status,
      msg: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
      code: error.code,
      requestId,
    }),
  }
}
