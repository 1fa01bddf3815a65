import type { Clock } from '../clock.ts'
import type { Vault } from '../credentials/vault.ts'
import { pageUrlToSign } from './page-url.ts'
import { signJsapi } from './sign.ts'
import type { SigningAccount } from './signing-account.ts'

export interface PageSignature {
  readonly appId: string
  readonly timestamp: number
  readonly nonceStr: string
  readonly signature: string
  /** The exact text that was signed. */
  readonly url: string
}

export interface SignatureParts {
  readonly vault: Pick<Vault, 'get' | 'peek'>
  readonly clock: Pick<Clock, 'now'>
  readonly newNonce: () => string
}

/** Signs one page of an account with the living ticket and a new nonce. */
export async function signPage(
  parts: SignatureParts,
  account: SigningAccount,
  received: string,
  requestId?: string,
): Promise<PageSignature> {
  const url = pageUrlToSign(received, account.pageOrigins)
  const { appId } = account
  const ticket = (
    parts.vault.peek(appId, 'jsapi', requestId) ?? (await parts.vault.get(appId, 'jsapi', requestId))
  ).value
  const nonceStr = parts.newNonce()
  const timestamp = Math.floor(parts.clock.now() / 1000)
  return { appId, timestamp, nonceStr, signature: signJsapi({ ticket, nonceStr, timestamp, url }), url }
}
