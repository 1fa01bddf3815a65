import { z } from '@hono/zod-openapi'
import { STATUS } from '../errors.ts'

const codes = Object.keys(STATUS) as [string, ...string[]]

/** The shape of every failure of a modern route. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(codes).describe('Stable: decide by this'),
    detail: z.string().describe('What failed'),
    hint: z.string().optional().describe('What to do about it, in English and Chinese'),
    requestId: z.string().describe('The same as in the log and in X-Request-Id'),
    errcode: z.number().int().optional().describe("WeChat's own code"),
    rid: z.string().optional().describe("WeChat's request id"),
  })
  .openapi('Problem')

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

/** What every route that signs or asks WeChat may answer besides success. */
export const problemResponses = {
  400: problem('The request is not understood, or the URL cannot be signed'),
  401: problem('`unauthorized` or `token_expired`: only where a token is needed'),
  403: problem('`origin_not_allowed`, `scope_missing`, `account_not_allowed`, `card_not_public`'),
  404: problem('`unknown_account`'),
  408: problem('`request_incomplete`: the request was not there in time'),
  413: problem('`body_too_large`'),
  415: problem('`unsupported_media_type`'),
  429: problem('`rate_limited`: wait `Retry-After` seconds'),
  502: problem('`wechat_refused` or `wechat_bad_answer`'),
  503: problem('`wechat_busy`, `wechat_unreachable` or `overloaded`: wait `Retry-After` seconds'),
}
