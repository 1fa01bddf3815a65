import { ServiceError } from '../errors.ts'
import {
  type AccountSecret,
  fetchClassicToken,
  fetchStableToken,
  type Issued,
} from '../wechat/access-token.ts'
import { fetchTicket } from '../wechat/ticket.ts'
import { forRequest, type WechatTransport } from '../wechat/transport.ts'
import type { Obtain, Vault } from './vault.ts'
import { withAccessToken } from './with-access-token.ts'

export interface TokenAccount extends AccountSecret {
  readonly tokenApi: 'stable' | 'classic'
}

/** Makes the vault's way to WeChat: tokens by the account's token API, tickets by the vault's own token. */
export function createObtain(
  request: WechatTransport,
  accounts: ReadonlyMap<string, TokenAccount>,
  vault: () => Pick<Vault, 'get' | 'refused'>,
): Obtain {
  return async ({ appId, kind, refused, requestId }) => {
    const account = accounts.get(appId)
    if (account === undefined) throw new ServiceError('unknown_account', `No account ${appId} is configured.`)
    const ask = forRequest(request, requestId)
    if (kind === 'access_token') return obtainToken(ask, account, refused)
    return withAccessToken(vault(), appId, (token) => fetchTicket(ask, token, kind), requestId)
  }
}

async function obtainToken(
  request: WechatTransport,
  account: TokenAccount,
  refused: string | undefined,
): Promise<Issued> {
  if (account.tokenApi === 'classic') return fetchClassicToken(request, account)
  const stable = await fetchStableToken(request, account)
  // Another server may have replaced the refused token already; only if it comes back is force worth its price.
  return stable.value === refused ? fetchStableToken(request, account, true) : stable
}
