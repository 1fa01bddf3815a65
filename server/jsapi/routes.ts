import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { chooseAccount } from '../choose-account.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../credentials/vault.ts'
import { clientAddress } from '../http/client-address.ts'
import { assertPageOrigin, corsHeaders, preflightReply } from '../http/cors.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { errcodeReply } from '../http/problem.ts'
import { problemResponses } from '../http/problem-schema.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { readFields } from '../http/read-fields.ts'
import { jsonReply } from '../http/reply.ts'
import { createRejected } from './rejected.ts'
import { signPage } from './signature.ts'
import type { SigningAccount } from './signing-account.ts'

export interface JsapiParts {
  readonly accounts: ReadonlyMap<string, SigningAccount>
  readonly vault: Pick<Vault, 'get' | 'peek' | 'state' | 'refused'>
  readonly clock: Clock
  readonly newNonce: () => string
  readonly rateLimit: RateLimit
  readonly trustedProxies: number
  readonly onSigned: (appId: string) => void
  readonly onRejected: (appId: string, refreshed: boolean) => void
}

const appId = z.string().max(64).optional().describe('May be left out when one account is configured')
const url = z
  .string()
  .min(1)
  .describe('The address the page really has; what follows the first # is not signed')

const signatureFields = z.object({ appId, url })
const rejectedFields = z.object({
  appId,
  url,
  timestamp: z.coerce.number().int().nonnegative(),
  nonceStr: z.string().min(1).max(64),
  signature: z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 hexadecimal digits'),
})
const legacyFields = z.object({ appid: z.string().max(64).optional(), url })

const signatureAnswer = z.object({
  appId: z.string(),
  timestamp: z.number().int().describe('Seconds since 1970'),
  nonceStr: z.string(),
  signature: z.string().describe('Lower-case hex SHA-1'),
  url: z.string().describe('The exact text that was signed'),
})

/** Mounts the signing of pages: `/v1/jsapi/signature`, `/v1/jsapi/rejected`, `/apis/wxplatform/jsticket`. */
export function mountJsapi(app: OpenAPIHono, endpoint: Endpoint, parts: JsapiParts): void {
  const { accounts, rateLimit, trustedProxies } = parts
  const rejected = createRejected(parts.vault, parts.clock)
  const everyOrigin = new Set([...accounts.values()].flatMap((account) => [...account.pageOrigins]))
  const cors = { headers: (context: Context) => corsHeaders(context, everyOrigin) }

  async function sign(context: Context, fields: { appId?: string | undefined; url: string }) {
    const account = chooseAccount(accounts, fields.appId)
    assertPageOrigin(context, account.pageOrigins)
    const signature = await signPage(parts, account, fields.url)
    parts.onSigned(account.appId)
    return signature
  }

  app.post(
    '/v1/jsapi/signature',
    endpoint(
      '/v1/jsapi/signature',
      async (context) => {
        await rateLimit(clientAddress(context, trustedProxies))
        return jsonReply(await sign(context, await readFields(context, signatureFields)))
      },
      cors,
    ),
  )

  app.post(
    '/v1/jsapi/rejected',
    endpoint(
      '/v1/jsapi/rejected',
      async (context) => {
        await rateLimit(clientAddress(context, trustedProxies))
        const fields = await readFields(context, rejectedFields)
        const account = chooseAccount(accounts, fields.appId)
        assertPageOrigin(context, account.pageOrigins)
        const refreshed = await rejected(account, fields)
        parts.onRejected(account.appId, refreshed)
        return jsonReply({ refreshed })
      },
      cors,
    ),
  )

  for (const path of ['/v1/jsapi/signature', '/v1/jsapi/rejected']) {
    app.options(path, endpoint(path, preflightReply, cors))
  }

  app.post(
    '/apis/wxplatform/jsticket',
    endpoint(
      '/apis/wxplatform/jsticket',
      async (context) => {
        await rateLimit(clientAddress(context, trustedProxies))
        const { appid, url } = await readFields(context, legacyFields)
        const { nonceStr, timestamp, signature, ...signed } = await sign(context, { appId: appid, url })
        return jsonReply({ appid: signed.appId, nonceStr, timestamp, signature })
      },
      { ...cors, renderError: errcodeReply },
    ),
  )

  describe(app)
}

function describe(app: OpenAPIHono): void {
  const body = (schema: z.ZodObject) => ({
    body: {
      required: true,
      content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema } },
    },
  })
  const ok = (description: string, schema: z.ZodObject) => ({
    200: { description, content: { 'application/json': { schema } } },
    ...problemResponses,
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/jsapi/signature',
    summary: 'Sign a page for wx.config',
    description:
      'For pages on an allowed origin (CORS, no credentials) and for backends. What is signed is the received `url` up to the first `#`, byte for byte. Every call makes a new nonce. A form needs no CORS preflight.',
    request: body(signatureFields),
    responses: ok('The parameters for wx.config', signatureAnswer),
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/jsapi/rejected',
    summary: 'Report that WeChat refused a signature',
    description:
      'The service checks that the signature is its own and may refresh the ticket, at most once in 5 minutes. `refreshed` says that the ticket is a newer one now or has just been fetched anew: sign again.',
    request: body(rejectedFields),
    responses: ok('Whether to sign again', z.object({ refreshed: z.boolean() })),
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/apis/wxplatform/jsticket',
    summary: 'Sign a page, in the older form',
    description: 'The same rules as `/v1/jsapi/signature`; failures are `{errcode, msg}`.',
    request: body(legacyFields),
    responses: {
      200: {
        description: 'The parameters for wx.config',
        content: {
          'application/json': {
            schema: z.object({
              appid: z.string(),
              nonceStr: z.string(),
              timestamp: z.number().int(),
              signature: z.string(),
            }),
          },
        },
      },
    },
  })
}
