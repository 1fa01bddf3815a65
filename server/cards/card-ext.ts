import { signCardExt } from './sign.ts'

/** One card as the caller asks for it. */
export interface CardRequest {
  readonly cardId: string
  readonly code?: string
  readonly openid?: string
  readonly balance?: string
  readonly outerStr?: string
  /** The older name of `outerStr`. */
  readonly outerId?: string
  readonly fixedBeginTimestamp?: string
}

export interface CardExtParts {
  readonly ticket: string
  readonly timestamp: number
  readonly nonceStr: string
}

/**
 * Builds the finished `cardExt` of one card: a JSON text in which every value is a text, because iOS takes nothing
 * else.
 */
export function buildCardExt(parts: CardExtParts, card: CardRequest): string {
  const timestamp = String(parts.timestamp)
  const { cardId, code, openid, balance } = card
  const signature = signCardExt({
    ticket: parts.ticket,
    cardId,
    timestamp,
    nonceStr: parts.nonceStr,
    ...(code === undefined ? {} : { code }),
    ...(openid === undefined ? {} : { openid }),
    ...(balance === undefined ? {} : { balance }),
  })
  return JSON.stringify({
    code,
    openid,
    timestamp,
    nonce_str: parts.nonceStr,
    balance,
    fixed_begintimestamp: card.fixedBeginTimestamp,
    outer_str: card.outerStr,
    outer_id: card.outerId,
    signature,
  })
}
