import { builtInCards } from './cards.ts'
import type { SandboxAccount } from './types.ts'

/**
 * The account a sandbox has when none is handed in: a sample that exists nowhere else.
 *
 * @example
 * const body = { grant_type: 'client_credential', appid: builtInAccount.appId, secret: builtInAccount.appSecret }
 */
export const builtInAccount: SandboxAccount = {
  appId: 'wx5a3db0c05a3db0c0',
  appSecret: '5a3db0c0000000000000000000000000',
  name: '沙箱公众号',
  safeDomains: ['localhost', '127.0.0.1'],
  oauthDomain: ['localhost', '127.0.0.1'],
  cards: builtInCards,
}
