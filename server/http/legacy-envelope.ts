import type { ServiceError } from '../errors.ts'
import { stringifyExact } from './exact-number.ts'
import { problemReply } from './problem.ts'
import { JSON_TYPE, type Reply } from './reply.ts'

interface Page {
  readonly items: readonly unknown[]
  readonly totalCount: number
}

/** Renders a success in the envelope of the marketing platform: `{success, messageCode, message, result, items, totalCount}`. */
export function envelopeReply(result: unknown, page?: Page): Reply {
  return {
    status: 200,
    contentType: JSON_TYPE,
    body: stringifyExact({
      success: 1,
      messageCode: 200,
      message: '操作成功!',
      result,
      items: page?.items ?? null,
      totalCount: page?.totalCount ?? 0,
    }),
  }
}

/** Renders a failure in the same envelope, with our stable `code` beside it. */
export function envelopeError(error: ServiceError, requestId: string): Reply {
  return {
    ...problemReply(error, requestId),
    contentType: JSON_TYPE,
    body: JSON.stringify({
      success: 0,
      messageCode: error.status,
      message: error.message,
      result: null,
      items: null,
      totalCount: 0,
      code: error.code,
      hint: error.hint,
      errcode: error.errcode,
      requestId,
    }),
  }
}
