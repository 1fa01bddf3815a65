import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { tokenSecurity } from '../access/openapi.ts'
import { problemResponses } from '../http/problem-schema.ts'
import { CREDENTIAL_KINDS } from './credential.ts'

const expiresIn = z.number().int().positive().describe('Whole seconds it lives from now on; never rounded up')
const token = z.object({ accessToken: z.string(), expiresIn })
const ticket = z.object({ ticket: z.string(), expiresIn })
const afterRejection = token.extend({
  replaced: z
    .boolean()
    .describe('true: another one than the refused one, call WeChat again with it. false: still the same'),
})

const credential = z.object({
  ageS: z.number().int().optional().describe('Seconds since WeChat was asked for it'),
  generation: z.number().int().optional().describe('Grows by one with every refresh'),
  expiresInS: z.number().int().optional(),
  nextRefreshInS: z.number().int().optional().describe('0 when the refresh ahead of its end is due'),
  callsToday: z.number().int().describe('How often WeChat was asked for it since midnight, China time'),
  contested: z.boolean().describe('Another party refreshes the same account'),
  lastError: z
    .object({
      code: z.string(),
      detail: z.string(),
      hint: z.string().optional(),
      errcode: z.number().int().optional(),
      rid: z.string().optional(),
    })
    .optional()
    .describe('Why the last refresh failed; absent after one that went well'),
})
const accountList = z.object({
  accounts: z.array(
    z.object({
      appId: z.string(),
      name: z.string().optional(),
      credentials: z.object(Object.fromEntries(CREDENTIAL_KINDS.map((kind) => [kind, credential]))),
    }),
  ),
})

const appId = z.string().describe('An account of the service that the client may use')
const conditional = z.object({
  'if-none-match': z.string().optional().describe('`ETag` of an earlier answer'),
})
const refused = (...statuses: (keyof typeof problemResponses)[]) =>
  Object.fromEntries(statuses.map((status) => [status, problemResponses[status]]))
const ofWechat = refused(401, 403, 404, 502, 503)
const json = (description: string, schema: z.ZodObject) => ({
  description,
  content: { 'application/json': { schema } },
})
const unchanged = {
  description: 'Still the one of `If-None-Match`; `X-Expires-In` has its remaining seconds',
}
const CONDITIONAL =
  'Every answer has an `ETag`, which changes with the value alone, and the remaining seconds in `X-Expires-In`. With `If-None-Match` the answer is 304 without a body while the value is the same.'

/** Describes the token server in the OpenAPI document. */
export function describeCredentials(
  app: OpenAPIHono,
  rejectedFields: z.ZodObject,
  ticketKinds: readonly [string, ...string[]],
): void {
  const security = tokenSecurity
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/accounts',
    security,
    summary: 'How the tokens and tickets of every account are',
    description:
      'For clients with scope `admin`: the accounts that the client may use, without any value. What is absent of a credential is absent because there is none yet.',
    responses: { 200: json('The accounts', accountList), ...refused(401, 403) },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/accounts/{appId}/access-token',
    security,
    summary: 'The access_token of an account',
    description: `For clients with scope \`token:read\`. ${CONDITIONAL}`,
    request: { params: z.object({ appId }), headers: conditional },
    responses: { 200: json('The current one', token), 304: unchanged, ...ofWechat },
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/accounts/{appId}/access-token/rejected',
    security,
    summary: 'Report an access_token that WeChat refused',
    description:
      'For clients with scope `token:read` to which WeChat said 40001, 40014 or 42001. Only the current token is refreshed, at most once in 30 s and with half of what WeChat grants a day; an older one is answered with the current one at no cost. When no refresh is granted, `replaced` is false and `Retry-After` says when to report it again.',
    request: {
      params: z.object({ appId }),
      body: { required: true, content: { 'application/json': { schema: rejectedFields } } },
    },
    responses: { 200: json('The one to go on with', afterRejection), ...ofWechat, ...refused(400, 413, 415) },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/accounts/{appId}/tickets/{kind}',
    security,
    summary: 'A ticket of an account',
    description: `For clients with scope \`ticket:read\` that sign by themselves: \`jsapi\` signs pages, \`wx_card\` signs cards. ${CONDITIONAL}`,
    request: {
      params: z.object({ appId, kind: z.enum(ticketKinds) }),
      headers: conditional,
    },
    responses: { 200: json('The current one', ticket), 304: unchanged, ...ofWechat },
  })
}
