import type { Clock } from '../clock.ts'
import type { CredentialReader, Vault } from '../credentials/vault.ts'
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
  readonly vault: Pick<Vault, 'get' | 'reader'>
  readonly clock: Pick<Clock, 'now'>
  readonly newNonce: () => string
  /** What counts the signatures of an account. */
  readonly countSigned: (appId: string) => () => void
}

/** Signs the pages of one account. */
export interface PageSigner extends SigningAccount {
  /** With the living ticket and a new nonce; waits only where there is no ticket yet. */
  sign(received: string, requestId?: string): PageSignature | Promise<PageSignature>
}

/**
 * Makes the signer of an account.
 *
 * It holds on to what belongs to the account, because with thousands of them each look-up goes through memory that
 * no cache holds any more; and it looks only when the first page comes, because most of them have none.
 */
export function createPageSigner(parts: SignatureParts, account: SigningAccount): PageSigner {
  const { vault, clock, newNonce } = parts
  const { appId, pageOrigins } = account
  let read: CredentialReader | undefined
  let count: (() => void) | undefined

  function signWith(ticket: string, url: string): PageSignature {
    const nonceStr = newNonce()
    const timestamp = Math.floor(clock.now() / 1000)
    const signature = signJsapi({ ticket, nonceStr, timestamp, url })
    count ??= parts.countSigned(appId)
    count()
    return { appId, timestamp, nonceStr, signature, url }
  }

  return {
    appId,
    pageOrigins,
    sign(received, requestId) {
      const url = pageUrlToSign(received, pageOrigins)
      read ??= vault.reader(appId, 'jsapi')
      const living = read(requestId)
      if (living !== undefined) return signWith(living.value, url)
      return vault.get(appId, 'jsapi', requestId).then(({ value }) => signWith(value, url))
    },
  }
}
