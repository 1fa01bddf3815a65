import type { ServiceError } from '../errors.ts'
import type { Answer } from './endpoint.ts'
import { problemReply } from './problem.ts'

/** A failure with all its headers, for what is refused before it reaches a route. */
export function bareProblem(error: ServiceError, requestId: string): Answer {
  const { status, body, contentType, headers } = problemReply(error, requestId)
  return {
    status,
    headers: {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'x-request-id': requestId,
      ...headers,
    },
    body,
  }
}
