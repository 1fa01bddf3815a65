import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { chooseAccount } from '../choose-account.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../credentials/vault.ts'
import type { Ask } from '../http/ask.ts'
import { clientAddress } from '../http/client-address.ts'
import { assertPageOrigin, corsHeaders, preflightReply } from '../http/cors.ts'
import type { Endpoint, OpenRoute } from '../http/endpoint.ts'
import { errcodeReply } from '../http/problem.ts'
import { problemResponses } from '../http/problem-schema.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { readFields } from '../http/read-fields.ts'
import { jsonReply } from '../http/reply.ts'
import { createRejected } from './rejected.ts'
import { createPageSigners, type PageSignature, type SignatureParts } from './signature.ts'
import { appId, plainFields, type SignatureFields, signatureFields, url } from './signature-fields.ts'
import { signatureReply } from './signature-reply.ts'
import type { SigningAccount } from './signing-account.ts'

export interface JsapiParts extends SignatureParts {
  readonly accounts: ReadonlyMap<string, SigningAccount>
  readonly vault: Pick<Vault, 'get' | 'reader' | 'state' | 'refused'>
  readonly clock: Clock
  readonly rateLimit: RateLimit
  readonly trustedProxies: number
  readonly onRejected: (appId: string, refreshed: boolean) => void
}

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

/**
 * Mounts the signing of pages: `/v1/jsapi/signature`, `/v1/jsapi/rejected`, `/apis/wxplatform/jsticket`.
 *
 * @returns the same routes, for the direct door
 */
export function mountJsapi(app: OpenAPIHono, endpoint: Endpoint, parts: JsapiParts): readonly OpenRoute[] {
  const { accounts, rateLimit, trustedProxies } = parts
  const rejected = createRejected(parts.vault, parts.clock)
  const everyOrigin = new Set([...accounts.values()].flatMap((account) => [...account.pageOrigins]))
  const cors = { headers: (ask: Ask) => corsHeaders(ask, everyOrigin) }

  const signerOf = createPageSigners(parts, accounts)

  function sign(
    ask: Ask,
    requestId: string,
    { appId, url }: SignatureFields,
  ): PageSignature | Promise<PageSignature> {
    const signer = signerOf(appId)
    assertPageOrigin(ask, signer.pageOrigins)
    return signer.sign(url, requestId)
  }

  const signature: OpenRoute = {
    path: '/v1/jsapi/signature',
    async handle(ask, requestId) {
      // What is there already is not awaited: on this path each await is felt.
      const limited = rateLimit(clientAddress(ask, trustedProxies))
      if (limited !== undefined) await limited
      const signature = sign(ask, requestId, await readFields(ask, signatureFields, plainFields))
      return signatureReply(signature instanceof Promise ? await signature : signature)
    },
    options: cors,
  }

  const rejection: OpenRoute = {
    path: '/v1/jsapi/rejected',
    async handle(ask, requestId) {
      await rateLimit(clientAddress(ask, trustedProxies))
      const fields = await readFields(ask, rejectedFields)
      const account = chooseAccount(accounts, fields.appId)
      assertPageOrigin(ask, account.pageOrigins)
      const refreshed = await rejected(account, fields, requestId)
      parts.onRejected(account.appId, refreshed)
      return jsonReply({ refreshed })
    },
    options: cors,
  }

  const legacySignature: OpenRoute = {
    path: '/apis/wxplatform/jsticket',
    async handle(ask, requestId) {
      await rateLimit(clientAddress(ask, trustedProxies))
      const { appid, url } = await readFields(ask, legacyFields)
      const { nonceStr, timestamp, signature, ...signed } = await sign(ask, requestId, { appId: appid, url })
      return jsonReply({ appid: signed.appId, nonceStr, timestamp, signature })
    },
    options: { ...cors, renderError: errcodeReply },
  }

  const routes = [signature, rejection, legacySignature]
  for (const { path, handle, options } of routes) app.post(path, endpoint(path, handle, options))
  for (const { path } of [signature, rejection]) app.options(path, endpoint(path, preflightReply, cors))
  describe(app)
  return routes
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
