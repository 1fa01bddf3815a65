import type { Context } from 'hono'
import { ServiceError } from '../errors.ts'
import type { Client, Scope } from './clients.ts'
import { type VerifyParts, verifyToken } from './verify-token.ts'

/** Who is calling, and what they may do. */
export interface Principal {
  readonly clientId: string
  readonly scopes: ReadonlySet<Scope>
  /** Whether the client may use this account. */
  mayUse(appId: string): boolean
}

/** Guards the routes that only known clients may call. */
export interface Access {
  /**
   * The caller of a request: from `Sso-Token` or `Authorization: Bearer`, never query or cookie.
   *
   * @throws {ServiceError} `unauthorized` (401), `token_expired` (401)
   */
  authenticate(context: Context): Promise<Principal>
  /**
   * The caller, when it has the scope and, with `appId`, may use that account.
   *
   * @throws {ServiceError} `unauthorized` (401), `token_expired` (401), `scope_missing` (403),
   * `account_not_allowed` (403)
   * @example
   * const { clientId } = await access.require(context, 'people:read', appId)
   */
  require(context: Context, scope: Scope, appId?: string): Promise<Principal>
  /** Whether the request brings a token at all; routes that pages may use too ask this first. */
  hasToken(context: Context): boolean
}

export function createAccess(parts: VerifyParts): Access {
  async function authenticate(context: Context): Promise<Principal> {
    return toPrincipal(await verifyToken(readToken(context), parts))
  }
  return {
    authenticate,
    hasToken: (context) =>
      context.req.header('sso-token') !== undefined ||
      readBearer(context.req.header('authorization')) !== undefined,
    async require(context, scope, appId) {
      const principal = await authenticate(context)
      if (!principal.scopes.has(scope)) throw scopeMissing(scope)
      if (appId !== undefined && !principal.mayUse(appId)) throw accountNotAllowed()
      return principal
    },
  }
}

function toPrincipal({ clientId, scopes, accounts }: Client): Principal {
  return { clientId, scopes, mayUse: (appId) => accounts.size === 0 || accounts.has(appId) }
}

/** The token of a request; two headers are fine as long as they say the same. */
function readToken(context: Context): string {
  const ssoToken = context.req.header('sso-token')
  const bearer = readBearer(context.req.header('authorization'))
  const token = ssoToken ?? bearer
  if (token === undefined) {
    throw new ServiceError('unauthorized', 'This address needs a token.', {
      hint: 'Get one from POST /oauth2/ums/oauth2/accessToken and send it as "Sso-Token" or "Authorization: Bearer". 请先获取令牌，并放入 Sso-Token 请求头。',
    })
  }
  if (bearer !== undefined && bearer !== token) {
    throw new ServiceError('unauthorized', 'The request brings two different tokens.', {
      hint: 'Send one of the headers "Sso-Token" and "Authorization", or the same token in both. 请只发送一个令牌。',
    })
  }
  return token
}

// Another scheme belongs to somebody in front of us, such as a gateway, and says nothing here.
function readBearer(authorization: string | undefined): string | undefined {
  const [, scheme, token] = /^([^ ]*) *(.*)$/s.exec(authorization ?? '') ?? []
  return scheme?.toLowerCase() === 'bearer' ? (token ?? '') : undefined
}

/** The refusal of a client that lacks a scope. */
function scopeMissing(scope: Scope): ServiceError {
  return new ServiceError('scope_missing', `This client has not the scope "${scope}".`, {
    hint: `Add "${scope}" to clients[].scopes of this client. 请在该客户端的 clients[].scopes 中加入 "${scope}"。`,
  })
}

function accountNotAllowed(): ServiceError {
  return new ServiceError('account_not_allowed', 'This client may not use this account.', {
    hint: 'Add the appId to clients[].accounts of this client. 请将该 appId 加入此客户端的 clients[].accounts。',
  })
}
