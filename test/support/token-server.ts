import type { CredentialKind } from '../../server/credentials/credential.ts'
import { backend, tokenOf } from './auth-info.ts'
import { Refused } from './history.ts'
import type { HttpAnswer, HttpClient } from './http-client.ts'

/** A backend that takes tokens and tickets from the service. */
export interface TokenServer {
  /** The service token, for other routes. */
  readonly ssoToken: string
  /** @throws {Refused} with status and code when there is none */
  read(appId: string, of: CredentialKind): Promise<string>
  /** Says that WeChat refused this token; the one to go on with. @throws {Refused} */
  rejected(appId: string, accessToken: string): Promise<string>
}

/** For the configuration: a client that may read everything. */
export const tokenClient = {
  ...backend,
  scopes: ['identity', 'token:read', 'ticket:read', 'admin'],
  accounts: [],
}

/** Gets a service token and speaks for {@link tokenClient} from then on. */
export async function createTokenServer(client: HttpClient, service: string): Promise<TokenServer> {
  const token = await tokenOf((path, init) => fetch(`${service}${path}`, init))
  const headers = { 'sso-token': token, 'content-type': 'application/json' }
  return {
    ssoToken: token,
    async read(appId, of) {
      const path = of === 'access_token' ? 'access-token' : `tickets/${of}`
      return credentialIn(await client.ask(`${service}/v1/accounts/${appId}/${path}`, { headers }))
    },
    async rejected(appId, accessToken) {
      const url = `${service}/v1/accounts/${appId}/access-token/rejected`
      const body = JSON.stringify({ accessToken })
      return credentialIn(await client.ask(url, { method: 'POST', headers, body }))
    },
  }
}

function credentialIn({ status, text }: HttpAnswer): string {
  const fields = JSON.parse(text) as { accessToken?: string; ticket?: string; code?: string }
  const value = fields.accessToken ?? fields.ticket
  if (status !== 200 || value === undefined) throw new Refused(`${status} ${fields.code}`)
  return value
}
