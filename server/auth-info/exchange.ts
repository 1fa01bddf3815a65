import { sha256 } from '../sha256.ts'
import type { AuthInfoAccount } from './accounts.ts'
import type { FlowStore } from './flow-store.ts'
import type { Identified } from './identify.ts'
import type { Identity } from './identity.ts'

/**
 * Exchanges a code that a backend brought; the same code within a minute gives the same answer, because networks
 * and web views repeat themselves.
 *
 * @throws {ServiceError} `code_invalid`, `snapshot_user`, or why WeChat could not be asked
 */
export async function exchangeOnce(
  flows: Pick<FlowStore, 'once'>,
  identify: (account: AuthInfoAccount, code: string, requestId?: string) => Promise<Identified>,
  account: AuthInfoAccount,
  code: string,
  requestId?: string,
): Promise<Identity | undefined> {
  const result = await flows.once(`exchange-${sha256(`${account.appId} ${code}`)}`, async () => {
    const { identity } = await identify(account, code, requestId)
    return { body: JSON.stringify(identity) }
  })
  return result !== undefined && 'body' in result ? (JSON.parse(result.body) as Identity) : undefined
}
