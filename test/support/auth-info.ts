import { builtInAccount, type SandboxOptions } from '../../demo/sandbox/index.ts'
import type { World } from '../../server/compose.ts'
import type { Ask } from './doors.ts'
import { testKeys } from './keys.ts'
import { account, createTestService, form, type TestService } from './service.ts'

export const SECOND = 'wxffffffffffffffff'

export const backend = {
  clientId: 'backend',
  clientSecret: 'bf2b6a3c9d5e4f708192a3b4c5d6e7f8',
  applicationKey: 'shop',
  scopes: ['sign', 'identity', 'people:read', 'people:write'],
  accounts: [account.appId],
}

/** A sandbox with the two accounts of {@link authInfoConfig}. */
export function authInfoSandbox(): SandboxOptions {
  return {
    accounts: [builtInAccount.appId, SECOND].map((appId) => ({
      ...builtInAccount,
      appId,
      safeDomains: ['h5.example.com'],
      oauthDomain: 'mem.example.com',
    })),
  }
}

/** Two accounts on ports 4 and 5, and a client for each. */
export function authInfoConfig() {
  const both = { appSecret: account.appSecret, pageOrigins: account.pageOrigins }
  return {
    publicUrl: 'https://mem.example.com/mp',
    keys: testKeys,
    rateLimits: { authInfo: { points: 0, perSeconds: 60 } },
    accounts: [
      {
        ...both,
        appId: account.appId,
        portIds: [4],
        redirects: ['https://h5.example.com', 'http://mem.example.com/mp3'],
      },
      { ...both, appId: SECOND, portIds: [5], redirects: ['https://other.example.com'] },
    ],
    clients: [backend, { ...backend, clientId: 'other', accounts: [SECOND] }],
  }
}

/** A service with {@link authInfoConfig}, and a sandbox that knows the same accounts. */
export function createAuthInfoService(
  options: { config?: object; world?: World; sandbox?: SandboxOptions } = {},
): Promise<TestService> {
  return createTestService({
    sandbox: { ...authInfoSandbox(), ...options.sandbox },
    config: { ...authInfoConfig(), ...options.config },
    ...(options.world === undefined ? {} : { world: options.world }),
  })
}

/** The service token of a client. */
export async function tokenOf(ask: Ask, clientId = 'backend'): Promise<string> {
  const response = await ask(
    '/oauth2/ums/oauth2/accessToken',
    form({
      grant_type: 'client_credentials',
      autoRefresh: 'false',
      applicationKey: backend.applicationKey,
      client_id: clientId,
      client_secret: backend.clientSecret,
    }),
  )
  const { result } = (await response.json()) as { result: { access_token: string } }
  return result.access_token
}
