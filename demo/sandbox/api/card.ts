import type { CardStatus, SandboxCard } from '../card-types.ts'
import { identityOf } from '../truth/visitors.ts'
import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'
import { checkAccessToken } from './checks.ts'
import { Refusal } from './refusal.ts'
import { type ApiRequest, readJson, textField } from './request.ts'

const LARGEST_PAGE = 50

/** POST card/get: a card as it was made, with the stock that is left. */
export function getCard(world: World, { query, body }: ApiRequest): object {
  const account = checkAccessToken(world, query)
  const cardId = textField(readJson(body), 'card_id')
  const card = world.cards.find(account.appId, cardId)
  if (card === undefined) throw new Refusal(40073)
  const kind = card.cardType.toLowerCase()
  return {
    errcode: 0,
    errmsg: 'ok',
    card: { card_type: card.cardType, [kind]: { base_info: baseInfo(world, account, card) } },
  }
}

/** POST card/batchget: the ids of the account's cards, page by page. */
export function batchGetCards(world: World, { query, body }: ApiRequest): object {
  const { appId } = checkAccessToken(world, query)
  const { offset, count, status_list: statuses } = readJson(body)
  if (!isIndex(offset) || !isIndex(count) || count > LARGEST_PAGE) throw new Refusal(40097)
  const wanted = (typeof statuses === 'string' ? [statuses] : statuses) as unknown
  if (wanted !== undefined && !Array.isArray(wanted)) throw new Refusal(47001)
  const ids = world.cards
    .list(appId)
    .filter((card) => wanted === undefined || wanted.includes(statusOf(card)))
    .map(({ cardId }) => cardId)
  return {
    errcode: 0,
    errmsg: 'ok',
    card_id_list: ids.slice(offset, offset + count),
    total_num: ids.length,
  }
}

/** POST card/user/getcardlist: what one person has. */
export function listCardsOf(world: World, { query, body }: ApiRequest): object {
  const account = checkAccessToken(world, query)
  const fields = readJson(body)
  const openid = textField(fields, 'openid')
  const cardId = textField(fields, 'card_id')
  const isKnown = world.visitors.all().some((visitor) => identityOf(account, visitor).openid === openid)
  if (!isKnown) throw new Refusal(40003)
  const cards = world.cards
    .taken(account.appId)
    .filter((taken) => taken.openid === openid && taken.status === 'NORMAL')
    .filter((taken) => cardId === '' || taken.cardId === cardId)
    .map((taken) => ({ card_id: taken.cardId, code: taken.code }))
  return { errcode: 0, errmsg: 'ok', card_list: cards, has_share_card: false }
}

function baseInfo(world: World, account: SandboxAccount, card: SandboxCard): object {
  const { shopIds } = card
  return {
    id: card.cardId,
    brand_name: card.brandName ?? account.name ?? account.appId,
    title: card.title,
    color: card.color ?? 'Color010',
    sku: { quantity: world.cards.stock(account.appId, card), total_quantity: card.quantity },
    get_limit: card.getLimit ?? 50,
    use_custom_code: card.useCustomCode ?? false,
    bind_openid: card.bindOpenid ?? false,
    ...(shopIds === undefined
      ? { use_all_locations: true, location_id_list: [] }
      : { use_all_locations: false, location_id_list: shopIds.map((id) => numberOr(id)) }),
    status: statusOf(card),
  }
}

function statusOf({ status }: SandboxCard): CardStatus {
  return status ?? 'CARD_STATUS_VERIFY_OK'
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function numberOr(id: string): number | string {
  return /^\d{1,15}$/.test(id) ? Number(id) : id
}
