import { chooseAccount } from '../choose-account.ts'
import type { Clock } from '../clock.ts'
import type { Count } from '../count.ts'
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
  readonly countSigned: (appId: string) => Count
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
    const signer = signers.get(account.appId) ?? new PageSigner(parts, account)
    signers.set(account.appId, signer)
    return signer
  }
}

/** Signs the pages of one account; a class, because one object a signer is less to fetch than a closure for each part. */
export class PageSigner implements SigningAccount {
  readonly appId: string
  readonly pageOrigins: ReadonlySet<string>
  readonly #parts: SignatureParts
  readonly #ticket: CredentialReader
  readonly #signed: Count

  constructor(parts: SignatureParts, { appId, pageOrigins }: SigningAccount) {
    this.appId = appId
    this.pageOrigins = pageOrigins
    this.#parts = parts
    this.#ticket = parts.vault.reader(appId, 'jsapi')
    this.#signed = parts.countSigned(appId)
  }

  /** With the living ticket and a new nonce; waits only where there is no ticket yet. */
  sign(received: string, requestId?: string): PageSignature | Promise<PageSignature> {
    const url = pageUrlToSign(received, this.pageOrigins)
    const living = this.#ticket.read(requestId)
    if (living !== undefined) return this.#signWith(living.value, url)
    const ticket = this.#parts.vault.get(this.appId, 'jsapi', requestId)
    return ticket.then(({ value }) => this.#signWith(value, url))
  }

  #signWith(ticket: string, url: string): PageSignature {
    const { appId } = this
    const { newNonce, clock } = this.#parts
    const nonceStr = newNonce()
    const timestamp = Math.floor(clock.now() / 1000)
    const signature = signJsapi({ ticket, nonceStr, timestamp, url })
    this.#signed.add()
    return { appId, timestamp, nonceStr, signature, url }
  }
}
