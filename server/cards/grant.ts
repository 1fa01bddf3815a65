import { ServiceError } from '../errors.ts'
import { sha256 } from '../sha256.ts'
import type { OneTimeStore } from '../storage/one-time.ts'

/** What a backend lets a page have, once: one card, bound to the person whom the backend has recognised. */
export interface CardGrant {
  readonly appId: string
  readonly openid: string
  readonly cardId: string
  readonly code?: string
}

/** How long a page may take to use a grant. */
export const GRANT_TTL_MS = 600_000

/** Stores a grant and answers the text by which the page uses it. */
export async function giveGrant(
  store: OneTimeStore,
  newGrant: () => string,
  grant: CardGrant,
): Promise<string> {
  const text = newGrant()
  await store.put(keyOf(text), JSON.stringify(grant), GRANT_TTL_MS)
  return text
}

/**
 * Uses a grant, once in the world, for the card it names.
 *
 * @throws {ServiceError} `grant_invalid`; a grant for another card or account stays unused
 */
export async function spendGrant(
  store: OneTimeStore,
  text: string,
  wanted: { readonly appId: string; readonly cardId: string },
): Promise<CardGrant> {
  const seen = parse(await store.read(keyOf(text)))
  if (seen?.appId !== wanted.appId || seen.cardId !== wanted.cardId) throw invalid()
  const taken = parse(await store.take(keyOf(text)))
  if (taken === undefined) throw invalid()
  return taken
}

const keyOf = (text: string): string => `grant:${sha256(text)}`

function parse(grant: string | undefined): CardGrant | undefined {
  return grant === undefined ? undefined : (JSON.parse(grant) as CardGrant)
}

function invalid(): ServiceError {
  return new ServiceError('grant_invalid', 'This grant is unknown, used, too old, or for another card.', {
    hint: 'Let your backend ask POST /v1/cards/grants for a new one, once per card. 请由后端为每张卡重新申请 grant。',
  })
}
