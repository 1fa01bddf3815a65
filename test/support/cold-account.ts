import { builtInAccount } from '../../demo/sandbox/index.ts'
import { account } from './service.ts'
import { until } from './until.ts'

/** At its start the service asks WeChat for so many accounts; the one after them is cold until a page comes. */
export const WARM_ACCOUNTS = 50

const appIds = Array.from(
  { length: WARM_ACCOUNTS + 1 },
  (_, number) => `wx${String(number).padStart(16, '0')}`,
)

/** The account nobody has asked for. */
export const COLD: string = appIds.at(-1) ?? ''

/** For the sandbox. */
export const sandboxAccounts = appIds.map((appId) => ({ ...builtInAccount, appId }))
/** For the service. */
export const configAccounts = appIds.map((appId) => ({ ...account, appId }))

/** Until the start of these processes is over, and only {@link COLD} is without a ticket. */
export async function warmedUp(services: readonly { readonly url: string }[]): Promise<void> {
  for (const { url } of services) {
    await until(async () => {
      const answer = await fetch(`${url}/readyz`)
      const { accounts } = (await answer.json()) as { accounts: { state: string }[] }
      return accounts.filter(({ state }) => state === 'ready').length === WARM_ACCOUNTS
    })
  }
}
