import type { BridgeProfile } from './bridge-protocol.ts'

/** The texts WeChat's own screen shows when a card cannot be added; pages never see them. */
export type CardText = '已领完(addcard)' | '参数错误(addcard)' | '签名错误(addcard)'

/** Why a card call is refused; more than any real client tells. */
export type CardCause =
  | 'empty_list'
  | 'unknown_account'
  | 'card_ext_not_text'
  | 'card_ext_not_json'
  | 'field_not_text'
  | 'signature_missing'
  | 'signature'
  | 'timestamp'
  | 'nonce_too_long'
  | 'unknown_card'
  | 'card_status'
  | 'code_missing'
  | 'code_unexpected'
  | 'code_too_long'
  | 'openid_missing'
  | 'openid_unexpected'
  | 'openid_of_another'
  | 'out_of_stock'
  | 'get_limit'
  | 'repeated'
  | 'code_not_deposited'
  | 'code_taken'
  | 'nothing_fits'
  | 'not_owned'
  | 'not_consumed'

/** Why a card call was refused, for the person in front of the screen. */
export interface CardExplanation {
  readonly cause: CardCause
  /** The values this client would hash, sorted by bytes and put together; the middle of the ticket is masked. */
  readonly string1: string
  /** The same values with their names, in the same order. */
  readonly values: readonly { readonly name: string; readonly value: string }[]
  /** Empty when there is nothing to compute it from. */
  readonly expectedSignature: string
  readonly givenSignature: string
  readonly reason: string
  readonly reasonZh: string
  readonly fix: string
  readonly fixZh: string
}

/** What a card looks like. */
export interface CardFace {
  readonly cardId: string
  readonly title: string
  readonly brandName: string
  /** One of WeChat's names (`Color010`) or `#63b359`. */
  readonly color: string
  readonly cardType: string
}

/** What a client knows when a page calls `wx.addCard`. */
export interface AddCardRequest {
  readonly profile: BridgeProfile
  /** The account whose configuration was accepted. */
  readonly appId: string
  /** Id of the visitor at the phone; default: whoever is looking. */
  readonly visitor?: string
  /** As the page sent it: nothing in it is believed. */
  readonly cardList: readonly { readonly card_id?: unknown; readonly card_ext?: unknown }[]
  /** `check` only looks, for the screen before a person agrees; `take` (default) hands the cards over. */
  readonly step?: 'check' | 'take'
}

/** One card of {@link AddCardAnswer}. */
export interface AddCardVerdict {
  readonly cardId: string
  /** Exactly as it came; another type than text is shown as its JSON. */
  readonly cardExt: string
  readonly ok: boolean
  /** Absent for a card nobody knows. */
  readonly face?: CardFace
  /** Present after `take`. */
  readonly code?: string
  readonly encryptCode?: string
  /** Present on a refusal: what the screen shows, and why. */
  readonly nativeText?: CardText
  readonly explanation?: CardExplanation
}

/** The answer to {@link AddCardRequest}. */
export interface AddCardAnswer {
  /** `batch_add_card:ok` when at least one card is given, else `batch_add_card:fail`. */
  readonly errMsg: 'batch_add_card:ok' | 'batch_add_card:fail'
  /** One for each card, in the order they came. */
  readonly cards: readonly AddCardVerdict[]
  /** Present when there was nothing to look at. */
  readonly explanation?: CardExplanation
}

/** What a client knows when a page calls `wx.chooseCard`. */
export interface ChooseCardRequest {
  readonly profile: BridgeProfile
  readonly appId: string
  readonly visitor?: string
  /** `shopId` of the page; empty for every shop. */
  readonly locationId: string
  readonly cardId: string
  readonly cardType: string
  /** Epoch seconds as text. */
  readonly timestamp: string
  readonly nonceStr: string
  readonly cardSign: string
  readonly signType: string
}

/** A card a visitor has, with the codes a merchant gets. */
export interface OwnedCard extends CardFace {
  readonly code: string
  readonly encryptCode: string
}

/** The answer to {@link ChooseCardRequest}: WeChat shows an empty list and never says why. */
export interface ChooseCardAnswer {
  readonly cards: readonly OwnedCard[]
  /** Present when the list is empty. */
  readonly explanation?: CardExplanation
}

/** What a client knows when a page calls `wx.openCard` or `wx.consumeAndShareCard`. */
export interface ViewCardRequest {
  readonly profile: BridgeProfile
  readonly appId: string
  readonly visitor?: string
  readonly cardList: readonly { readonly card_id?: unknown; readonly code?: unknown }[]
  /** The cards must have been used up, as `consumedShareCard` wants. Default false. */
  readonly consumed?: boolean
}

/** The answer to {@link ViewCardRequest}; `cards` is empty on a refusal. */
export interface ViewCardAnswer {
  readonly errMsg: 'batchViewCard:ok' | 'batchViewCard:fail'
  readonly cards: readonly OwnedCard[]
  readonly explanation?: CardExplanation
}
