import type { CredentialKind } from '../../server/credentials/credential.ts'

/**
 * What a client is about to do.
 *
 * - `sign` a page · `read` a credential · `write` something that must stay · `use` what works only once
 */
export type Act =
  | { readonly kind: 'sign'; readonly appId: string }
  | { readonly kind: 'read'; readonly appId: string; readonly of: CredentialKind }
  | { readonly kind: 'write'; readonly key: string; readonly value: string }
  | { readonly kind: 'use'; readonly key: string }

/** What WeChat's client hashes together with a ticket. */
export interface Signed {
  readonly url: string
  readonly nonceStr: string
  readonly timestamp: number
  readonly signature: string
}

/** One operation of one client, from the moment it was asked to the moment the answer was there. */
export interface Operation {
  readonly client: string
  readonly act: Act
  /** Epoch milliseconds on the clock of the truth. */
  readonly invokedAt: number
  readonly endedAt: number
  /** The order of all beginnings and ends, exact where milliseconds are not. */
  readonly invoked: number
  readonly ended: number
  /** `info`: nobody knows whether it happened, because the answer never came. */
  readonly outcome: 'ok' | 'fail' | 'info'
  /** For `sign` and `read` that went well. */
  readonly seen?: Signed | string
  readonly why?: string
}

/** A clear no: the operation did not happen. Every other error makes it `info`. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export interface History {
  readonly operations: readonly Operation[]
  /** Does it and writes it down. What the attempt throws is in the operation; it is not thrown again. */
  record(client: string, act: Act, attempt: () => Promise<Signed | string | undefined>): Promise<Operation>
}

/** @param now the clock of the truth: the sandbox's */
export function createHistory(now: () => number): History {
  const operations: Operation[] = []
  let order = 0
  return {
    operations,
    async record(client, act, attempt) {
      const began = { client, act, invoked: order++, invokedAt: now() }
      const end = (rest: Pick<Operation, 'outcome' | 'seen' | 'why'>): Operation => {
        const operation = { ...began, ended: order++, endedAt: now(), ...rest }
        operations.push(operation)
        return operation
      }
      try {
        const seen = await attempt()
        return end({ outcome: 'ok', ...(seen === undefined ? {} : { seen }) })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return end({ outcome: error instanceof Refused ? 'fail' : 'info', why })
      }
    },
  }
}
