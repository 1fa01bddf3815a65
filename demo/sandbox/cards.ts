import type { SandboxCard } from './card-types.ts'
import { cardIdOf } from './truth/id-shapes.ts'

const sample = (name: string, card: Omit<SandboxCard, 'cardId'>): SandboxCard => ({
  cardId: cardIdOf('wx5a3db0c05a3db0c0', name),
  ...card,
})

/**
 * The cards of `builtInAccount`: one for everybody, one with codes of the merchant, one bound to a person, one out
 * of stock, one that a person may have once. Every other id is a card that does not exist.
 *
 * @example
 * const [plain] = builtInCards
 * const cardId = plain?.cardId
 */
export const builtInCards: readonly SandboxCard[] = [
  sample('plain', {
    title: '拿铁第二杯半价',
    color: 'Color010',
    cardType: 'GROUPON',
    quantity: 1000,
  }),
  sample('custom-code', {
    title: '会员生日礼',
    color: 'Color050',
    cardType: 'GIFT',
    quantity: 3,
    useCustomCode: true,
    customCodes: ['SANDBOX0001', 'SANDBOX0002', 'SANDBOX0003'],
  }),
  sample('bound', {
    title: '老顾客专享券',
    color: 'Color082',
    cardType: 'CASH',
    quantity: 1000,
    bindOpenid: true,
  }),
  sample('out-of-stock', {
    title: '开业大礼包',
    color: 'Color102',
    cardType: 'GENERAL_COUPON',
    quantity: 0,
  }),
  sample('once', {
    title: '新客九折券',
    color: 'Color030',
    cardType: 'DISCOUNT',
    quantity: 1000,
    getLimit: 1,
  }),
]
