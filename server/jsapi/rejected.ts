import type { Clock } from '../clock.ts'
import { type Budget, createBudget } from '../credentials/budget.ts'
import type { Credential } from '../credentials/credential.ts'
import type { Vault } from '../credentials/vault.ts'
import { ServiceError } from '../errors.ts'
import { pageUrlToSign } from './page-url.ts'
import { signJsapi } from './sign.ts'
import type { SigningAccount } from './signing-account.ts'

export interface RejectedSignature {
  readonly url: string
  readonly timestamp: number
  readonly nonceStr: string
  readonly signature: string
}

/** A page may have the ticket refreshed this often, because anybody can claim that WeChat refused it. */
const REFRESHES = { gapMs: 300_000, perDay: 10 }

/**
 * Makes the answer to a page that says WeChat refused our signature.
 *
 * The signature must be one that we made. If its ticket is still the current one, the ticket is refreshed, at
 * most once in 5 minutes per account; if a newer one is there already, the page only has to sign again.
 *
 * @returns a function that answers whether signing again will use another ticket
 * @throws {ServiceError} `signature_unknown`, or why the refresh failed
 */
export function createRejected(
  vault: Pick<Vault, 'get' | 'state' | 'refused'>,
  clock: Clock,
): (account: SigningAccount, rejected: RejectedSignature, requestId?: string) => Promise<boolean> {
  const budgets = new Map<string, Budget>()
  return async (account, rejected, requestId) => {
    const { appId } = account
    const url = pageUrlToSign(rejected.url, account.pageOrigins)
    const current = await vault.get(appId, 'jsapi', requestId)
    const { previous } = vault.state(appId, 'jsapi')
    const madeWith = (credential: Credential | undefined): boolean =>
      credential !== undefined &&
      signJsapi({ ...rejected, url, ticket: credential.value }) === rejected.signature
    if (madeWith(current)) {
      const budget = budgets.get(appId) ?? createBudget(REFRESHES, clock)
      budgets.set(appId, budget)
      if (!budget.open()) return false
      const next = await vault.refused(appId, 'jsapi', current.value, requestId)
      if (next.generation === current.generation) return false
      budget.take()
      return true
    }
    if (madeWith(previous)) return true
    throw new ServiceError(
      'signature_unknown',
      'This signature was not made here, or its ticket is long gone.',
      {
        hint: 'Send url, timestamp, nonceStr and signature as /v1/jsapi/signature answered them; otherwise sign again.',
      },
    )
  }
}
