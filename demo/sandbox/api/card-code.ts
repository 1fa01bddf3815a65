import type { TakenCard } from '../card-types.ts'
import type { World } from '../world.ts'
import { checkAccessToken } from './checks.ts'
import { Refusal } from './refusal.ts'
import { type ApiRequest, readJson, textField } from './request.ts'

const LIFE_S = 90 * 86_400

/** POST card/code/decrypt: the code behind what `wx.chooseCard` gave to the page. */
export function decryptCode(world: World, { query, body }: ApiRequest): object {
  const { appId } = checkAccessToken(world, query)
  const encrypted = textField(readJson(body), 'encrypt_code')
  if (encrypted === '') throw new Refusal(41011)
  const found = world.cards.taken(appId).find(({ encryptCode }) => encryptCode === encrypted)
  if (found === undefined) throw new Refusal(40075)
  return { errcode: 0, errmsg: 'ok', code: found.code }
}

/** POST card/code/get: who has a code, and whether it can be used. */
export function getCode(world: World, request: ApiRequest): object {
  const { fields, found } = codeOf(world, request)
  const isNormal = found.status === 'NORMAL'
  // Without check_consume a used code is described, with it it is refused.
  if (fields.check_consume !== false && !isNormal) throw new Refusal(40099)
  const beginTime = Math.floor(found.takenAt / 1000)
  return {
    errcode: 0,
    errmsg: 'ok',
    card: { card_id: found.cardId, begin_time: beginTime, end_time: beginTime + LIFE_S, code: found.code },
    openid: found.openid,
    can_consume: isNormal,
    user_card_status: found.status,
    ...(found.outerStr === undefined ? {} : { outer_str: found.outerStr }),
  }
}

/** POST card/code/consume: uses a code up, once. */
export function consumeCode(world: World, request: ApiRequest): object {
  const { appId, found } = codeOf(world, request)
  if (found.status === 'CONSUMED') throw new Refusal(40099)
  world.cards.consume(appId, found)
  return { errcode: 0, errmsg: 'ok', card: { card_id: found.cardId }, openid: found.openid }
}

interface Found {
  readonly appId: string
  readonly fields: Record<string, unknown>
  readonly found: TakenCard
}

/** A code of the merchant's own is only found together with its card. */
function codeOf(world: World, { query, body }: ApiRequest): Found {
  const { appId } = checkAccessToken(world, query)
  const fields = readJson(body)
  const code = textField(fields, 'code')
  const cardId = textField(fields, 'card_id')
  if (code === '') throw new Refusal(41011)
  const card = cardId === '' ? undefined : world.cards.find(appId, cardId)
  if (cardId !== '' && card === undefined) throw new Refusal(40073)
  const found = world.cards.taken(appId).find((taken) => {
    const own = world.cards.find(appId, taken.cardId)?.useCustomCode === true
    return taken.code === code && (cardId === '' ? !own : taken.cardId === cardId)
  })
  if (found === undefined) throw new Refusal(40056)
  return { appId, fields, found }
}
