import type { OwnedCard, ViewCardAnswer, ViewCardRequest } from '../card-protocol.ts'
import type { World } from '../world.ts'
import type { PlainCause } from './card-words.ts'
import { explain, NOTHING_COMPARED } from './explain.ts'
import { ownedCard, visitorAt } from './looking.ts'

/** The cards a WeChat client opens: every one must be the visitor's, with its plain code, or none is shown. */
export function verifyViewCard(world: World, request: ViewCardRequest): ViewCardAnswer {
  const { appId, cardList, consumed = false } = request
  const visitor = visitorAt(world, request.visitor)
  const account = world.accounts.get(appId)
  const refuse = (cause: PlainCause, cardId: string, what: string): ViewCardAnswer => ({
    errMsg: 'batchViewCard:fail',
    cards: [],
    explanation: explain(cause, { appId, cardId, what }, NOTHING_COMPARED),
  })
  if (account === undefined) return refuse('unknown_account', '', '')
  if (cardList.length === 0) return refuse('empty_list', '', '')
  const cards: OwnedCard[] = []
  for (const { card_id, code } of cardList) {
    const cardId = String(card_id ?? '')
    const plain = String(code ?? '')
    const card = world.cards.find(appId, cardId)
    const taken = world.cards
      .taken(appId)
      .find((each) => each.visitor === visitor.id && each.cardId === cardId && each.code === plain)
    if (card === undefined || taken === undefined) return refuse('not_owned', cardId, plain)
    if (consumed && taken.status !== 'CONSUMED') return refuse('not_consumed', cardId, plain)
    cards.push(ownedCard(card, account, taken))
  }
  return { errMsg: 'batchViewCard:ok', cards }
}
