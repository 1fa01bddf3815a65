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

/** Signs one page of an account with the living ticket and a new nonce; waits only where there is no ticket yet. */
export function signPage(
  parts: SignatureParts,
  account: SigningAccount,
  received: string,
  requestId?: string,
): PageSignature | Promise<PageSignature> {
  const url = pageUrlToSign(received, account.pageOrigins)
  const { appId } = account
  const living = parts.vault.peek(appId, 'jsapi', requestId)
  if (living !== undefined) return signWith(parts, appId, living.value, url)
  return parts.vault.get(appId, 'jsapi', requestId).then(({ value }) => signWith(parts, appId, value, url))
}

function signWith(parts: SignatureParts, appId: string, ticket: string, url: string): PageSignature {
  const nonceStr = parts.newNonce()
  const timestamp = Math.floor(parts.clock.now() / 1000)
  return { appId, timestamp, nonceStr, signature: signJsapi({ ticket, nonceStr, timestamp, url }), url }
}
