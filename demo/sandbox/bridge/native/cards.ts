import type { AddCardVerdict, OwnedCard, ViewCardRequest } from '../../card-protocol.ts'
import { isRecord, textOf } from '../plain-copy.ts'
import type { OfferedCard } from '../ui-questions.ts'
import { type NativeAnswer, type NativeApi, type NativeContext, ok } from './api.ts'

/**
 * batchAddCard: the cards are judged, shown, and taken when the person agrees.
 *
 * Pages never see WeChat's own text: with no card to add they get `fail`, whatever the reason was.
 */
export const batchAddCard: NativeApi = async (args, context) => {
  const { cards: keeper, ui, quirks } = context
  if (keeper === undefined) return nobodyKnowsCards
  const request = { ...callerOf(context), cardList: recordsOf(args.card_list) }
  const looked = await keeper.verifyAddCard({ ...request, step: 'check' })
  context.onCardVerdict({ call: 'batchAddCard', request: { ...request, step: 'check' }, answer: looked })
  const end = await ui.addCard({ cards: looked.cards.map(offered) })
  if (end === 'cancel') return { status: 'cancel' }
  if (looked.errMsg !== 'batch_add_card:ok') return { status: quirks.addCardRefusal }
  if (end === 'fail') return { status: 'fail' }
  const answer = await keeper.verifyAddCard({ ...request, step: 'take' })
  context.onCardVerdict({ call: 'batchAddCard', request: { ...request, step: 'take' }, answer })
  if (answer.errMsg !== 'batch_add_card:ok') return { status: quirks.addCardRefusal }
  const list = answer.cards.map((card) => addedCard(card, quirks.addCardCode))
  return {
    status: 'ok',
    fields: { card_list: quirks.cardListShape === 'array' ? list : JSON.stringify(list) },
  }
}

/** chooseCard: the person's own cards; encrypted codes of the picked ones, as JSON text on every client. */
export const chooseCard: NativeApi = async (args, context) => {
  const { cards: keeper, ui, quirks } = context
  if (keeper === undefined) return nobodyKnowsCards
  const request = {
    ...callerOf(context),
    appId: textOf(args.app_id) || context.appId(),
    locationId: textOf(args.location_id),
    cardId: textOf(args.card_id),
    cardType: textOf(args.card_type),
    timestamp: textOf(args.time_stamp),
    nonceStr: textOf(args.nonce_str),
    cardSign: textOf(args.card_sign),
    signType: textOf(args.sign_type),
  }
  const answer = await keeper.verifyChooseCard(request)
  context.onCardVerdict({ call: 'chooseCard', request, answer })
  const { cards, explanation } = answer
  const picked = await ui.chooseCard({
    cards: [...cards],
    ...(explanation === undefined ? {} : { explanation }),
  })
  if (cards.length === 0 && picked !== 'fail')
    return quirks.emptyChooseCard === 'ok' ? chosen([], request.appId) : { status: 'cancel' }
  if (typeof picked === 'string') return { status: picked }
  const some = picked.picked.flatMap((at) => cards[at] ?? [])
  return some.length === 0 ? { status: 'cancel' } : chosen(some, request.appId)
}

/** batchViewCard: opens cards the person has. */
export const batchViewCard: NativeApi = (args, context) =>
  viewCards('batchViewCard', { cardList: recordsOf(args.card_list) }, context)

/** consumedShareCard: opens a card that was used up, to be shared. */
export const consumedShareCard: NativeApi = (args, context) => {
  const cardList = [{ card_id: args.consumedCardId, code: args.consumedCode }]
  return viewCards('consumedShareCard', { cardList, consumed: true }, context)
}

async function viewCards(
  call: 'batchViewCard' | 'consumedShareCard',
  given: Pick<ViewCardRequest, 'cardList' | 'consumed'>,
  context: NativeContext,
): Promise<NativeAnswer> {
  if (context.cards === undefined) return nobodyKnowsCards
  const request = { ...callerOf(context), ...given }
  const answer = await context.cards.verifyViewCard(request)
  context.onCardVerdict({ call, request, answer })
  if (answer.errMsg !== 'batchViewCard:ok') return { status: 'fail' }
  const end = await context.ui.viewCard({ cards: [...answer.cards] })
  return end === 'close' ? ok : { status: end }
}

const nobodyKnowsCards: NativeAnswer = {
  status: 'fail',
  fields: { err_desc: 'No sandbox knows the cards: give the bridge "sandbox" or "cards".' },
}

function callerOf({
  profile,
  visitor,
  appId,
}: NativeContext): Pick<ViewCardRequest, 'profile' | 'appId' | 'visitor'> {
  return { profile, appId: appId(), ...(visitor === undefined ? {} : { visitor }) }
}

function recordsOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.map((each) => (isRecord(each) ? each : {})) : []
}

function offered({ cardId, ok: can, face, nativeText, explanation }: AddCardVerdict): OfferedCard {
  return {
    cardId,
    ok: can,
    ...(face === undefined ? {} : { face }),
    ...(nativeText === undefined ? {} : { nativeText }),
    ...(explanation === undefined ? {} : { explanation }),
  }
}

function addedCard(card: AddCardVerdict, shown: 'plain' | 'encrypted'): Record<string, unknown> {
  const code = shown === 'plain' ? card.code : card.encryptCode
  return { card_id: card.cardId, card_ext: card.cardExt, code, is_succ: card.ok ? 1 : 0 }
}

function chosen(cards: readonly OwnedCard[], appId: string): NativeAnswer {
  const list = cards.map(({ cardId, encryptCode }) => ({
    card_id: cardId,
    encrypt_code: encryptCode,
    app_id: appId,
  }))
  return { status: 'ok', fields: { choose_card_info: JSON.stringify(list) } }
}
