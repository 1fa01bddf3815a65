/** Whether a card was approved; only `VERIFY_OK` and `DISPATCH` can be added. */
export type CardStatus =
  | 'CARD_STATUS_NOT_VERIFY'
  | 'CARD_STATUS_VERIFY_FAIL'
  | 'CARD_STATUS_VERIFY_OK'
  | 'CARD_STATUS_USER_DELETE'
  | 'CARD_STATUS_DISPATCH'

/** The kinds of card WeChat has. */
export type CardType =
  | 'GROUPON'
  | 'DISCOUNT'
  | 'GIFT'
  | 'CASH'
  | 'GENERAL_COUPON'
  | 'MEMBER_CARD'
  | 'SCENIC_TICKET'
  | 'MOVIE_TICKET'
  | 'BOARDING_PASS'
  | 'MEETING_TICKET'
  | 'BUS_TICKET'
  | 'LUCKY_MONEY'

/** A card an account hands out. */
export interface SandboxCard {
  /** 28 characters that begin with `p`; the five after it belong to the account. */
  readonly cardId: string
  readonly title: string
  /** Default: the name of the account. */
  readonly brandName?: string
  /** One of WeChat's 14 names, `Color010` to `Color102`, or `#63b359`. Default `Color010`. */
  readonly color?: string
  readonly cardType: CardType
  /** How many there are in all. */
  readonly quantity: number
  /** How many one person may have. Default 50, as on WeChat. */
  readonly getLimit?: number
  /** The merchant gives every card its code in `cardExt`. Default false. */
  readonly useCustomCode?: boolean
  /** The codes that may be given, when the merchant has deposited them. Default: every code nobody has. */
  readonly customCodes?: readonly string[]
  /** Only the person whose openid stands in `cardExt` may have it. Default false. */
  readonly bindOpenid?: boolean
  /** Default `CARD_STATUS_VERIFY_OK`. */
  readonly status?: CardStatus
  /** Shops where it can be used. Default: every shop. */
  readonly shopIds?: readonly string[]
}

/** A card somebody has. */
export interface TakenCard {
  readonly cardId: string
  /** Id of the visitor. */
  readonly visitor: string
  readonly openid: string
  /** 12 digits, or the merchant's own code. */
  readonly code: string
  /** What `wx.chooseCard` gives in place of the code; `card/code/decrypt` turns it into the code. */
  readonly encryptCode: string
  readonly takenAt: number
  readonly status: 'NORMAL' | 'CONSUMED'
  /** `outer_str`, or the older `outer_id`, of the cardExt. */
  readonly outerStr?: string
}

/** A card, what is left of it, and who has it. */
export interface CardSnapshot extends SandboxCard {
  readonly stock: number
  readonly taken: readonly TakenCard[]
}
