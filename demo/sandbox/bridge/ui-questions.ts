import type { CardExplanation, CardFace, CardText, OwnedCard } from '../card-protocol.ts'

/** A card on the add-card screen. */
export interface OfferedCard {
  cardId: string
  /** True when it can be added. */
  ok: boolean
  /** Absent for a card nobody knows. */
  face?: CardFace
  /** What the screen shows in place of a card that cannot be added. */
  nativeText?: CardText
  explanation?: CardExplanation
}

/** The add-card screen: adding with some cards refused adds the others. */
export interface AddCardQuestion {
  cards: OfferedCard[]
}

/** The list of cards to choose from; empty after a bad signature or a filter that fits nothing. */
export interface ChooseCardQuestion {
  cards: OwnedCard[]
  explanation?: CardExplanation
}

/** Cards that are opened. */
export interface ViewCardQuestion {
  cards: OwnedCard[]
}

/** What a page hands over to be paid, or to get a red packet. */
export interface PayQuestion {
  timeStamp: string
  nonceStr: string
  package: string
  signType: string
}

/** An address of a person, as people write it. */
export interface PostalAddress {
  userName: string
  telNumber: string
  postalCode: string
  provinceName: string
  cityName: string
  countyName: string
  detailInfo: string
  nationalCode?: string
}

/** A Bluetooth beacon nearby. */
export interface Beacon {
  uuid: string
  major: number
  minor: number
  /** Metres. */
  accuracy: number
  /** dBm. */
  rssi: number
  /** 0 unknown, 1 immediate, 2 near, 3 far. */
  proximity: number
  heading: number
}

/** An open tag that was tapped. */
export interface OpenTagQuestion {
  /** `wx-open-launch-weapp`, `wx-open-launch-app` or `wx-open-subscribe`. */
  name: string
  attributes: Record<string, string>
}
