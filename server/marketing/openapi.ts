import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { tokenSecurity } from '../access/openapi.ts'
import { fanAnswerSchema, userAnswerSchema } from './answers.ts'
import { MAX_FANS } from './read-fans.ts'

const failure = z
  .object({
    success: z.literal(0),
    messageCode: z.number().int().describe('The HTTP status'),
    message: z.string(),
    result: z.null(),
    items: z.null(),
    totalCount: z.literal(0),
    code: z.string().describe('Stable: decide by this'),
    hint: z.string().optional(),
    requestId: z.string(),
  })
  .openapi('EnvelopeFailure')

const refused = (description: string) => ({
  description,
  content: { 'application/json': { schema: failure } },
})

const guarded = {
  400: refused('`invalid_request` or `invalid_json`, with the name of every field that is wrong'),
  401: refused('`unauthorized` or `token_expired`'),
  403: refused('`scope_missing` or `account_not_allowed`'),
  503: refused('`storage_unavailable`: nothing was stored, send it again'),
}

const succeeded = (description: string, result: z.ZodType) => ({
  description,
  content: {
    'application/json': {
      schema: z.object({
        success: z.literal(1),
        messageCode: z.literal(200),
        message: z.string(),
        result,
        items: z.null(),
        totalCount: z.literal(0),
      }),
    },
  },
})

const body = (schema: z.ZodObject, jsonSchema = schema) => ({
  body: {
    required: true,
    content: {
      'application/x-www-form-urlencoded': { schema },
      'application/json': { schema: jsonSchema },
    },
  },
})

const appId = z.string()
const newFan = z
  .object({
    openId: z.string(),
    unionId: z.string(),
    userId: z.number().optional().describe('18 digits, as number or text; must be the user of this unionId'),
    subscribe: z.number().int().optional().describe('1 or 0'),
    nickname: z.string().optional(),
    sex: z.number().int().optional().describe('0, 1 or 2'),
    sexDesc: z.number().int().optional(),
    city: z.string().optional(),
    country: z.string().optional(),
    province: z.string().optional(),
    language: z.string().optional(),
    headImgUrl: z.string().optional(),
    subscribeTime: z
      .string()
      .optional()
      .describe('`Mar 9, 2026 7:54:44 PM` or `2026-03-09 19:54:44`, both UTC+8, or ISO 8601 with its offset'),
    remark: z.string().optional(),
    groupid: z.number().int().optional(),
    tagidList: z.array(z.number().int()).optional(),
    subscribeScene: z.string().optional(),
    qrScene: z.string().optional(),
    qrSceneStr: z.string().optional(),
    appId: z.string().optional().describe('When given, the appId of the request'),
    group: z.string().optional(),
    fansUpdateTime: z.string().optional().describe('When this was true; default: now'),
  })
  .openapi('NewFan')

/** Describes the routes of fans and users. */
export function describeFans(app: OpenAPIHono, userFields: z.ZodObject, fanQuery: z.ZodObject): void {
  app.openAPIRegistry.registerPath({
    method: 'put',
    path: '/wx/api/fans/addFans',
    summary: 'Store fans of an account',
    description: `Scope \`people:write\`. At most ${MAX_FANS} fans, all of them or none; a fan is found again by appId and openId, and what a row leaves out stays as it was. Every bad row is named by index and field. Also below \`/mpwechat\`.`,
    security: tokenSecurity,
    request: body(
      z.object({ appId, fans: z.string().describe('A JSON array of NewFan') }),
      z.object({ appId, fans: z.array(newFan) }),
    ),
    responses: {
      200: succeeded('Stored', z.literal(true)),
      ...guarded,
      404: refused('`unknown_account`'),
      409: refused(
        '`user_conflict`: a userId is not the user of its unionId, or an openId is known with another unionId',
      ),
      413: refused('`body_too_large`'),
      415: refused('`unsupported_media_type`'),
    },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/wx/api/fans/getFans',
    summary: 'The fan that a user is in the account of a port',
    description:
      'Scope `people:read`. A fan of an account that the client may not use is answered like one that does not exist. Also below `/mpwechat`.',
    security: tokenSecurity,
    request: { query: fanQuery },
    responses: { 200: succeeded('The fan', fanAnswerSchema), ...guarded, 404: refused('`fan_unknown`') },
  })
  app.openAPIRegistry.registerPath({
    method: 'put',
    path: '/wx/api/fans/addUser',
    summary: 'The unified user of a union id',
    description:
      'Scope `people:write`. Made when there is none; the phone number is set when the user has none. A client that may use only some accounts reaches users whom it made or who are fans of these accounts. Also below `/mpwechat`.',
    security: tokenSecurity,
    request: body(userFields),
    responses: {
      200: succeeded('The user', userAnswerSchema),
      ...guarded,
      409: refused('`user_conflict`, naming `phone` or `unionId`; nothing was changed'),
      413: refused('`body_too_large`'),
      415: refused('`unsupported_media_type`'),
    },
  })
}
