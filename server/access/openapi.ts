import { type OpenAPIHono, z } from '@hono/zod-openapi'

/** `security` of every route behind {@link Access.require}. */
export const tokenSecurity: Record<string, string[]>[] = [{ ssoToken: [] }, { bearer: [] }]

const envelope = z.object({
  success: z.literal(1),
  messageCode: z.literal(200),
  message: z.string(),
  result: z.object({
    access_token: z.string().describe('A JWT (RS256)'),
    expires_in: z.string().describe('Milliseconds that are left, as a text: "7200000"'),
  }),
  items: z.null(),
  totalCount: z.literal(0),
})

/** Describes how tokens are sent, and the routes of this capability. */
export function describeAccess(app: OpenAPIHono, fields: z.ZodObject): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'ssoToken', {
    type: 'apiKey',
    in: 'header',
    name: 'Sso-Token',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/oauth2/ums/oauth2/accessToken',
    summary: 'Get a service token with client credentials',
    description:
      'A form, never a query. Send the token back as `Sso-Token: …` or `Authorization: Bearer …`; it lives two hours. With `autoRefresh=true` callers share one token until it is near its end, otherwise each gets a new one. Also at `/mpwechat/oauth2/ums/oauth2/accessToken`.',
    request: {
      body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: fields } } },
    },
    responses: {
      200: { description: 'The token', content: { 'application/json': { schema: envelope } } },
      400: { description: '`invalid_request`: a field is missing, wrong, or in the query' },
      401: {
        description: '`invalid_client`: client_id, client_secret and applicationKey do not belong together',
      },
      415: { description: '`unsupported_media_type`: not a form' },
      429: { description: '`rate_limited`: wait `Retry-After` seconds' },
    },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The public keys of service tokens',
    description:
      'A JSON Web Key Set (RFC 7517), for those who check tokens themselves. May be kept 5 minutes.',
    responses: {
      200: {
        description: 'Every key that is accepted; the first one signs',
        content: {
          'application/json': { schema: z.object({ keys: z.array(z.record(z.string(), z.string())) }) },
        },
      },
    },
  })
}
