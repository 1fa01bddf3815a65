import { sha1 } from '../sha1.ts'

/** A value that takes part in a card signature; empty and absent ones add nothing. */
type CardValue = string | number | undefined

export interface CardExtSignatureInput {
  /** The living `wx_card` ticket of the account. Not the ticket that signs pages. */
  readonly ticket: string
  readonly cardId: string
  /** Seconds since 1970. */
  readonly timestamp: string | number
  readonly nonceStr?: string
  /** For cards with codes of their own. */
  readonly code?: string | number
  /** For cards that are bound to one person. */
  readonly openid?: string
  /** Only for cards of the old kind LUCKY_MONEY. */
  readonly balance?: string | number
}

export interface ChooseCardSignatureInput {
  /** The living `wx_card` ticket of the account. */
  readonly ticket: string
  readonly appId: string
  /** Seconds since 1970. */
  readonly timestamp: string | number
  readonly nonceStr: string
  readonly shopId?: string | number
  readonly cardId?: string
  readonly cardType?: string
}

/**
 * Signs the `cardExt` of `wx.addCard`: SHA-1 of the values, sorted by their bytes and put one after the other.
 *
 * What else stands in a cardExt (`outer_str`, `fixed_begintimestamp`) is not signed. Source: JS-SDK document,
 * appendix 4.
 *
 * @throws {TypeError} without a ticket, a card or a timestamp
 * @example
 * const signature = signCardExt({
 *   ticket: 'ticket-from-getticket',
 *   cardId: 'pjZ8Yt1XGILfi-FUsewpnnolGgZk',
 *   timestamp: 1404896688,
 *   nonceStr: '123',
 *   code: '1434008071',
 * })
 */
export function signCardExt(input: CardExtSignatureInput): string {
  const { ticket, cardId, timestamp } = input
  if (!ticket || !cardId || !timestamp) {
    throw new TypeError('signCardExt needs "ticket", "cardId" and "timestamp"')
  }
  return signValues([ticket, cardId, timestamp, input.nonceStr, input.code, input.openid, input.balance])
}

/**
 * Signs the parameters of `wx.chooseCard`, by the same rule.
 *
 * @throws {TypeError} without a ticket, an appId, a timestamp or a nonce
 * @example
 * const cardSign = signChooseCard({
 *   ticket: 'ticket-from-getticket',
 *   appId: 'wx0123456789abcdef',
 *   timestamp: 1404896688,
 *   nonceStr: 'Wm3WZYTPz0wzccnW',
 * })
 */
export function signChooseCard(input: ChooseCardSignatureInput): string {
  const { ticket, appId, timestamp, nonceStr } = input
  if (!ticket || !appId || !timestamp || !nonceStr) {
    throw new TypeError('signChooseCard needs "ticket", "appId", "timestamp" and "nonceStr"')
  }
  return signValues([ticket, appId, input.shopId, timestamp, nonceStr, input.cardId, input.cardType])
}

/** Sorted as bytes: by UTF-16 a few rare characters would change places. */
function signValues(values: readonly CardValue[]): string {
  const texts = values.map((value) => Buffer.from(value === undefined ? '' : String(value)))
  return sha1(Buffer.concat(texts.sort(Buffer.compare)).toString())
}
