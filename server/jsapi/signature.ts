import { chooseAccount } from '../choose-account.ts'
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
 * Makes what finds the signer of the account that a request means.
 *
 * With thousands of accounts each look-up goes through memory that no cache holds any more, and most accounts have no
 * page at the moment. So a signer is made when its first page comes, and holds on to all that it needs.
 *
 * @throws {ServiceError} `unknown_account`, or `invalid_request` when a name is needed
 */
export function createPageSigners(
  parts: SignatureParts,
  accounts: ReadonlyMap<string, SigningAccount>,
): (appId: string | undefined) => PageSigner {
  const signers = new Map<string, PageSigner>()
  return (named) => {
    const known = named === undefined ? undefined : signers.get(named)
    if (known !== undefined) return known
    const account = chooseAccount(accounts, named)
    const signer = signers.get(account.appId) ?? createPageSigner(parts, account)
    signers.set(account.appId, signer)
    return signer
  }
}

function createPageSigner(parts: SignatureParts, { appId, pageOrigins }: SigningAccount): PageSigner {
  const { vault, clock, newNonce } = parts
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
