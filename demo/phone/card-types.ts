import { language } from './language.ts'

const names: Record<string, readonly [string, string]> = {
  GROUPON: ['团购券', 'Group-buying coupon'],
  DISCOUNT: ['折扣券', 'Discount'],
  GIFT: ['兑换券', 'Gift'],
  CASH: ['代金券', 'Cash coupon'],
  GENERAL_COUPON: ['优惠券', 'Coupon'],
  MEMBER_CARD: ['会员卡', 'Member card'],
  SCENIC_TICKET: ['景区门票', 'Scenic spot ticket'],
  MOVIE_TICKET: ['电影票', 'Cinema ticket'],
  BOARDING_PASS: ['飞机票', 'Boarding pass'],
  MEETING_TICKET: ['会议门票', 'Conference ticket'],
  BUS_TICKET: ['汽车票', 'Bus ticket'],
  LUCKY_MONEY: ['红包', 'Red packet'],
}

/** The kind of a card in the language of the phone; WeChat's own name for one that is not known. */
export function cardTypeName(type: string): string {
  return names[type]?.[language() === 'zh' ? 0 : 1] ?? type
}

// https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Create_a_Coupon_Voucher_or_Card.html
const colors: Record<string, string> = {
  Color010: '#63b359',
  Color020: '#2c9f67',
  Color030: '#509fc9',
  Color040: '#5885cf',
  Color050: '#9062c0',
  Color060: '#d09a45',
  Color070: '#e4b138',
  Color080: '#ee903c',
  Color081: '#f08500',
  Color082: '#a9d92d',
  Color090: '#dd6549',
  Color100: '#cc463d',
  Color101: '#cf3e36',
  Color102: '#5e6671',
}

/** The colour of a card: WeChat's name of it, or its value. */
export function cardColor(color: string): string {
  return /^#[0-9a-fA-F]{6}$/.test(color) ? color : (colors[color] ?? '#63b359')
}
