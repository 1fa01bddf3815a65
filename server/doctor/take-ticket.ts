import type { Clock } from '../clock.ts'
import type { AccountConfig, Config } from '../config/types.ts'
import type { RandomBytes } from '../random.ts'
import { fetchStableToken } from '../wechat/access-token.ts'
import { createTransport } from '../wechat/transport.ts'
import { createFindTicket, type LivingTicket } from './living-ticket.ts'
import { openStores } from './open-stores.ts'

/**
 * The living ticket for the pages of an account: the one in the store of the configuration, or one from WeChat.
 *
 * Nothing is written, and neither kind of token of a running service is replaced.
 *
 * @throws {ServiceError} why there is none
 */
export async function takeTicket(
  config: Config,
  account: AccountConfig,
  world: { readonly fetch: typeof fetch; readonly clock: Clock; readonly random: RandomBytes },
): Promise<LivingTicket> {
  const { clock, random } = world
  const stores = await openStores(config, { clock, random, newName: undefined })
  try {
    const request = createTransport({ ...world, apiHosts: config.wechat.apiHosts })
    const tokenOf = async () => (await fetchStableToken(request, account)).value
    return await createFindTicket(stores.credentials, request, tokenOf, clock)(account.appId, 'jsapi')
  } finally {
    await stores.close()
  }
}
