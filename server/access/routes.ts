import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import { clientAddress } from '../http/client-address.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { envelopeError, envelopeReply } from '../http/legacy-envelope.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { readFields } from '../http/read-fields.ts'
import { jsonReply } from '../http/reply.ts'
import type { Client, Clients } from './clients.ts'
import { type IssueParts, issueToken } from './issue-token.ts'
import { publicKeySet } from './keys.ts'
import { describeAccess } from './openapi.ts'
import { createTokenCache } from './token-cache.ts'

export interface AccessRouteParts extends IssueParts {
  readonly clients: Pick<Clients, 'identify'>
  readonly clock: Pick<Clock, 'now'>
  readonly rateLimit: RateLimit
  readonly trustedProxies: number
}

const TOKEN_PATH = '/oauth2/ums/oauth2/accessToken'
const JWKS_PATH = '/.well-known/jwks.json'
const JWKS_CACHE = 'public, max-age=300'

const text = z.string().max(4_096)
const tokenFields = z.object({
  grant_type: z.literal('client_credentials', { error: 'must be client_credentials' }),
  client_id: text.min(1),
  client_secret: text.min(1).describe('An opaque text, as configured'),
  applicationKey: text.default('').describe('As configured for the client; left out when it has none'),
  autoRefresh: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .describe('true: the token this client shares; false: a new one'),
})
type TokenFields = z.output<typeof tokenFields>

/** Mounts where clients get their tokens: the token endpoint of the seed, and our public keys. */
export function mountAccess(app: OpenAPIHono, endpoint: Endpoint, parts: AccessRouteParts): void {
  const { clients, clock, rateLimit, trustedProxies } = parts
  const issue = (client: Client) => issueToken(client, parts)
  const cache = createTokenCache(issue, clock)

  async function giveToken(context: Context) {
    await rateLimit(clientAddress(context, trustedProxies))
    const fields = await readTokenRequest(context)
    const client = clients.identify({
      clientId: fields.client_id,
      clientSecret: fields.client_secret,
      applicationKey: fields.applicationKey,
    })
    if (client === undefined) throw invalidClient()
    const token = await (fields.autoRefresh === 'true' ? cache.get(client) : issue(client))
    // Whole seconds, as in the token: a new one has 7200000 and not a little less.
    const leftMs = token.expiresAt - Math.floor(clock.now() / 1_000) * 1_000
    return envelopeReply({ access_token: token.accessToken, expires_in: String(leftMs) })
  }

  for (const path of [TOKEN_PATH, `/mpwechat${TOKEN_PATH}`]) {
    app.post(path, endpoint(path, giveToken, { renderError: envelopeError }))
  }

  const keySet = publicKeySet(parts.keys)
  app.get(
    JWKS_PATH,
    endpoint(JWKS_PATH, () => jsonReply(keySet, { 'cache-control': JWKS_CACHE })),
  )
  describeAccess(app, tokenFields)
}

async function readTokenRequest(context: Context): Promise<TokenFields> {
  const { searchParams } = new URL(context.req.url)
  if (Object.keys(tokenFields.shape).some((name) => searchParams.has(name))) {
    throw new ServiceError('invalid_request', 'The address of the request carries credentials.', {
      hint: 'Send them in the form body: addresses end up in logs. Replace this client_secret if it was in one. 请把参数放在表单正文中，不要放在地址里。',
    })
  }
  const type = (context.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    throw new ServiceError('unsupported_media_type', 'The body is not a form.', {
      hint: 'Send "Content-Type: application/x-www-form-urlencoded". 请以表单方式提交。',
    })
  }
  return readFields(context, tokenFields)
}

function invalidClient(): ServiceError {
  return new ServiceError(
    'invalid_client',
    'client_id, client_secret and applicationKey do not belong to one client.',
    {
      hint: 'Send all three exactly as in clients[]; encode +, / and = of a secret in the form. 请核对 client_id、client_secret 和 applicationKey，并对特殊字符进行 URL 编码。',
    },
  )
}
