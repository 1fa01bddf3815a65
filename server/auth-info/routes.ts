import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Access } from '../access/access.ts'
import { tokenSecurity } from '../access/openapi.ts'
import { chooseAccount } from '../choose-account.ts'
import { ServiceError } from '../errors.ts'
import { clientAddress } from '../http/client-address.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { problemResponses } from '../http/problem-schema.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { readFields } from '../http/read-fields.ts'
import { JSON_TYPE, jsonReply, type Reply } from '../http/reply.ts'
import type { OneTimeStore } from '../storage/one-time.ts'
import { readWebAddress } from '../web-address.ts'
import { accountOfPort, assertRedirect } from './accounts.ts'
import { buildAuthorizeUrl, type OAuthScope } from './authorize-url.ts'
import { exchangeOnce } from './exchange.ts'
import { type Departure, type FlowParts, finishFlow, startFlow } from './flow.ts'
import type { FlowResult } from './flow-store.ts'
import { errorPage, pageHeaders } from './page.ts'
import { readAtMostOne, readOne, readQuery } from './read-query.ts'
import { redeemTicket } from './ticket.ts'

export interface AuthInfoParts extends Omit<FlowParts, 'callbackUrl'> {
  readonly access: Pick<Access, 'require' | 'authenticate'>
  readonly tickets: OneTimeStore
  readonly rateLimit: RateLimit
  readonly trustedProxies: number
  /** Our own address; without it WeChat cannot be told where to send visitors back to. */
  readonly publicUrl: string | undefined
}

const CALLBACK_PATH = '/wx/api/fans/authInfo/callback'
const stateShape = /^[a-zA-Z0-9]{16,128}$/
const codeShape = /^[\w-]{1,128}$/

const scope = z.enum(['snsapi_base', 'snsapi_userinfo'])
const redeemFields = z.object({ ticket: z.string().min(1).max(128) })
const exchangeFields = z.object({ appId: z.string().max(64).optional(), code: z.string().regex(codeShape) })
const urlFields = z.object({
  appId: z.string().max(64).optional(),
  redirectUri: z.string().min(1).max(8_192),
  scope,
  state: z
    .string()
    .regex(/^[a-zA-Z0-9]{1,128}$/, 'must be 1 to 128 characters of a-z, A-Z and 0-9')
    .optional(),
  forcePopup: z.boolean().optional(),
  forceSnapShot: z.boolean().optional(),
})

/** Mounts who is looking: the authInfo redirect, tickets, and OAuth for backends. */
export function mountAuthInfo(app: OpenAPIHono, endpoint: Endpoint, parts: AuthInfoParts): void {
  const { access, accounts } = parts

  function flowParts(): FlowParts {
    if (parts.publicUrl === undefined) throw publicUrlMissing()
    return { ...parts, callbackUrl: `${parts.publicUrl}${CALLBACK_PATH}` }
  }

  const forPeople = { renderError: errorPage, headers: () => pageHeaders }
  async function limited(context: Context): Promise<void> {
    await parts.rateLimit(clientAddress(context, parts.trustedProxies))
  }

  async function start(context: Context): Promise<Reply> {
    await limited(context)
    const query = readQuery(context.req.url)
    const redirectPath = readOne(query, 'redirectPath')
    const { account, portId } = accountOfPort(accounts.values(), readOne(query, 'portid'))
    const authType = readScope(readAtMostOne(query, 'authType') ?? 'snsapi_userinfo', 'authType')
    assertRedirect(account, redirectPath)
    const flow = { appId: account.appId, portId, scope: authType, target: redirectPath, attempt: 1 }
    return goTo(await startFlow(flowParts(), flow))
  }

  async function callback(context: Context, requestId: string): Promise<Reply> {
    await limited(context)
    const query = readQuery(context.req.url)
    const state = readOne(query, 'state')
    const code = readAtMostOne(query, 'code')
    if (!stateShape.test(state) || (code !== undefined && !codeShape.test(code))) throw notFromWechat()
    const cookies = context.req.header('cookie')
    const answer = await finishFlow(flowParts(), { state, code, cookies, requestId })
    return 'location' in answer ? goTo(answer) : { status: 200, body: answer.body, contentType: JSON_TYPE }
  }

  async function webAuth(context: Context): Promise<Reply> {
    await limited(context)
    const query = readQuery(context.req.url)
    const account = chooseAccount(accounts, readAtMostOne(query, 'appid'))
    const wanted = readScope(readAtMostOne(query, 'scope') ?? 'snsapi_base', 'scope')
    const flow = { appId: account.appId, portId: account.portIds[0] ?? 0, scope: wanted, attempt: 1 }
    return goTo(await startFlow(flowParts(), flow))
  }

  for (const prefix of ['', '/mpwechat']) {
    app.get(`${prefix}/wx/api/fans/authInfo`, endpoint('/wx/api/fans/authInfo', start, forPeople))
    app.get(`${prefix}${CALLBACK_PATH}`, endpoint(CALLBACK_PATH, callback, forPeople))
  }
  app.get('/wxplatform/webauth', endpoint('/wxplatform/webauth', webAuth, forPeople))

  app.post(
    '/v1/identity/redeem',
    endpoint('/v1/identity/redeem', async (context) => {
      const principal = await access.require(context, 'identity')
      const { ticket } = await readFields(context, redeemFields)
      const identity = await redeemTicket(parts.tickets, ticket, (appId) => principal.mayUse(appId))
      return jsonReply(identity)
    }),
  )

  app.post(
    '/v1/oauth/exchange',
    endpoint('/v1/oauth/exchange', async (context, requestId) => {
      await access.require(context, 'identity')
      const fields = await readFields(context, exchangeFields)
      const account = chooseAccount(accounts, fields.appId)
      await access.require(context, 'identity', account.appId)
      const identity = await exchangeOnce(parts.flows, parts.identify, account, fields.code, requestId)
      if (identity === undefined) throw codeUsed()
      return jsonReply(identity)
    }),
  )

  app.post(
    '/v1/oauth/url',
    endpoint('/v1/oauth/url', async (context) => {
      await access.require(context, 'sign')
      const { appId, redirectUri, forcePopup, forceSnapShot, ...fields } = await readFields(
        context,
        urlFields,
      )
      const account = chooseAccount(accounts, appId)
      await access.require(context, 'sign', account.appId)
      if (readWebAddress(redirectUri).problem !== undefined) throw notAnAddress()
      const url = buildAuthorizeUrl({
        appId: account.appId,
        redirectUri,
        scope: fields.scope,
        state: fields.state ?? parts.newState(),
        authorizeUrl: parts.authorizeUrl,
        ...(forcePopup === undefined ? {} : { forcePopup }),
        ...(forceSnapShot === undefined ? {} : { forceSnapShot }),
      })
      return jsonReply({ url })
    }),
  )

  describe(app)
}

function goTo(answer: Departure | Extract<FlowResult, { location: string }>): Reply {
  return {
    status: 302,
    body: '',
    contentType: 'text/plain; charset=utf-8',
    headers: {
      location: answer.location,
      ...('setCookie' in answer ? { 'set-cookie': answer.setCookie } : {}),
    },
  }
}

function readScope(value: string, name: string): OAuthScope {
  const parsed = scope.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ServiceError('invalid_request', `"${name}" is neither snsapi_base nor snsapi_userinfo.`, {
    hint: `Leave ${name} out, or send one of the two, in lower case.`,
  })
}

function publicUrlMissing(): ServiceError {
  return new ServiceError('not_configured', 'This service does not know its own public address.', {
    hint: 'Set "publicUrl" (WX_PUBLIC_URL) to the address at which browsers reach this service. 请配置 publicUrl。',
  })
}

function notFromWechat(): ServiceError {
  return new ServiceError('invalid_request', 'This is not what WeChat sends back.', {
    hint: 'Go back to the page and sign in anew. 请返回页面重新授权。',
  })
}

function codeUsed(): ServiceError {
  return new ServiceError('code_invalid', 'This code was exchanged more than a minute ago.', {
    hint: 'A code works once: start over for a new one. code 只能使用一次，请重新发起授权。',
  })
}

function notAnAddress(): ServiceError {
  return new ServiceError(
    'invalid_request',
    '"redirectUri" is not an absolute http(s) address that every parser reads alike.',
    {
      hint: 'Send the address of your own callback as browsers write it.',
    },
  )
}

function describe(app: OpenAPIHono): void {
  const people = (description: string) => ({
    302: { description },
    400: { description: 'A page that says what is wrong; no `Location`' },
  })
  const query = (name: string, description: string, required: boolean) => ({
    name,
    in: 'query' as const,
    required,
    description,
    schema: { type: 'string' as const },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/wx/api/fans/authInfo',
    summary: 'Find out who is looking',
    description:
      'Sends the visitor through WeChat and back to `redirectPath` with `portid, appid, openid, userid, unionid` and a one-time `ticket`. Also below `/mpwechat`.',
    parameters: [
      query('portid', 'Selects the account', true),
      query('redirectPath', 'Where to go afterwards; must be on accounts[].redirects', true),
      query('authType', '`snsapi_userinfo` (default) or `snsapi_base`', false),
    ],
    responses: people('To WeChat'),
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: CALLBACK_PATH,
    summary: 'Where WeChat sends visitors back to',
    parameters: [query('state', 'Ours, once', true), query('code', "WeChat's, once", false)],
    responses: people('To `redirectPath`'),
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/wxplatform/webauth',
    summary: 'Show a visitor their own openid or profile, in the older form',
    parameters: [
      query('appid', 'The account', false),
      query('scope', '`snsapi_base` (default) or `snsapi_userinfo`', false),
    ],
    responses: people('To WeChat; the answer is JSON'),
  })
  const body = (schema: z.ZodObject) => ({
    body: { required: true, content: { 'application/json': { schema } } },
  })
  const ok = (description: string, schema: z.ZodObject) => ({
    200: { description, content: { 'application/json': { schema } } },
    ...problemResponses,
  })
  const identity = z.object({
    openid: z.string(),
    unionid: z.string().optional(),
    unionidAbsentBecause: z.enum(['scope', 'not_bound']).optional(),
    userId: z.string().optional().describe('18 digits, as text'),
    appId: z.string(),
    scope,
    issuedAt: z.number().int().describe('Seconds since 1970'),
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/identity/redeem',
    summary: 'Redeem the ticket of a landing address for the identity it proves',
    description: 'For backends with scope `identity`. Once, within 60 s.',
    security: tokenSecurity,
    request: body(redeemFields),
    responses: ok('Who the visitor is', identity.extend({ portId: z.number().int() })),
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/oauth/exchange',
    summary: 'Exchange a code of your own OAuth round trip',
    description: 'For backends with scope `identity`. The same code within 60 s gives the same answer.',
    security: tokenSecurity,
    request: body(exchangeFields),
    responses: ok('Who the visitor is', identity),
  })
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/oauth/url',
    summary: 'Build the address at which WeChat asks a visitor',
    description: "For backends with scope `sign`. Parameters stand in WeChat's order.",
    security: tokenSecurity,
    request: body(urlFields),
    responses: ok('The address', z.object({ url: z.string() })),
  })
}
