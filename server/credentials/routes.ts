import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Access } from '../access/access.ts'
import { chooseAccount } from '../choose-account.ts'
import type { Clock } from '../clock.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { readFields } from '../http/read-fields.ts'
import { JSON_TYPE, jsonReply, type Reply } from '../http/reply.ts'
import { summariseAccount } from './account-summary.ts'
import type { CredentialKind } from './credential.ts'
import { CONTESTED_GAP_MS } from './ledger.ts'
import { REFUSAL_GAP_MS } from './refusal-limits.ts'
import { credentialTag, matchesTag } from './token-etag.ts'
import { type LivingCredential, livingCredential } from './token-life.ts'
import { describeCredentials } from './token-openapi.ts'
import type { Vault } from './vault.ts'

/** What the token server needs to know of an account. */
export interface ServedAccount {
  readonly appId: string
  /** Keys the entity tags; never sent. */
  readonly appSecret: string
  readonly name?: string
}

export interface CredentialRouteParts {
  readonly accounts: ReadonlyMap<string, ServedAccount>
  readonly access: Pick<Access, 'require'>
  readonly vault: Pick<Vault, 'latest' | 'refused' | 'state'>
  readonly clock: Pick<Clock, 'now' | 'sleep'>
}

const ticketKinds = ['jsapi', 'wx_card'] as const

const rejectedFields = z.object({
  accessToken: z.string().min(1).max(2_048).describe('The one that WeChat refused'),
})

/** Mounts the token server (中控服务器): tokens and tickets for other backends, and how they are. */
export function mountCredentials(app: OpenAPIHono, endpoint: Endpoint, parts: CredentialRouteParts): void {
  const { accounts, access, vault, clock } = parts

  const named = (context: Context) => context.req.param('appId') ?? ''
  // Scope before account, so that only clients with the scope hear which accounts there are.
  const known = (context: Context) => accounts.get(named(context))?.appId
  const accountOf = (context: Context) => chooseAccount(accounts, named(context))

  async function answer(
    context: Context,
    requestId: string,
    kind: CredentialKind,
    body: (living: LivingCredential) => object,
  ): Promise<Reply> {
    const { appId, appSecret } = accountOf(context)
    await vault.latest(appId, kind, requestId)
    const living = await livingCredential(vault, clock, appId, kind, requestId)
    const etag = credentialTag(appSecret, kind, living.credential.value)
    const headers = { etag, 'x-expires-in': String(living.expiresInS) }
    if (!matchesTag(context.req.header('if-none-match'), etag)) return jsonReply(body(living), headers)
    return { status: 304, body: '', contentType: JSON_TYPE, headers }
  }

  async function accessToken(context: Context, requestId: string): Promise<Reply> {
    await access.require(context, 'token:read', known(context))
    return answer(context, requestId, 'access_token', tokenBody)
  }

  async function rejected(context: Context, requestId: string): Promise<Reply> {
    await access.require(context, 'token:read', known(context))
    const { appId } = accountOf(context)
    const fields = await readFields(context, rejectedFields)
    await vault.refused(appId, 'access_token', fields.accessToken, requestId)
    const living = await livingCredential(vault, clock, appId, 'access_token', requestId)
    const replaced = living.credential.value !== fields.accessToken
    return jsonReply({ ...tokenBody(living), replaced }, replaced ? undefined : retryAfter(appId))
  }

  /** Asking earlier brings nothing new. */
  function retryAfter(appId: string): Readonly<Record<string, string>> {
    const { contested } = vault.state(appId, 'access_token')
    return { 'retry-after': String((contested ? CONTESTED_GAP_MS : REFUSAL_GAP_MS) / 1_000) }
  }

  async function listAccounts(context: Context): Promise<Reply> {
    const principal = await access.require(context, 'admin')
    const nowMs = clock.now()
    const usable = [...accounts.values()].filter(({ appId }) => principal.mayUse(appId))
    return jsonReply({
      accounts: usable.map((account) =>
        summariseAccount(account, (kind) => vault.state(account.appId, kind), nowMs),
      ),
    })
  }

  app.get('/v1/accounts', endpoint('/v1/accounts', listAccounts))
  app.get('/v1/accounts/:appId/access-token', endpoint('/v1/accounts/{appId}/access-token', accessToken))
  app.post(
    '/v1/accounts/:appId/access-token/rejected',
    endpoint('/v1/accounts/{appId}/access-token/rejected', rejected),
  )
  for (const kind of ticketKinds) {
    app.get(
      `/v1/accounts/:appId/tickets/${kind}`,
      endpoint('/v1/accounts/{appId}/tickets/{kind}', async function ticket(context, requestId) {
        await access.require(context, 'ticket:read', known(context))
        return answer(context, requestId, kind, ticketBody)
      }),
    )
  }
  describeCredentials(app, rejectedFields, ticketKinds)
}

function tokenBody({ credential, expiresInS }: LivingCredential) {
  return { accessToken: credential.value, expiresIn: expiresInS }
}

function ticketBody({ credential, expiresInS }: LivingCredential) {
  return { ticket: credential.value, expiresIn: expiresInS }
}
