import type { ChooseCardAnswer, ChooseCardRequest } from '../card-protocol.ts'
import type { SandboxCard } from '../card-types.ts'
import type { World } from '../world.ts'
import type { CardFacts, PlainCause } from './card-words.ts'
import { type Compared, explain, explainSignature, NOTHING_COMPARED } from './explain.ts'
import { judgeSignature } from './judge-signature.ts'
import { ownedCard, visitorAt } from './looking.ts'

/**
 * The cards a WeChat client shows for `wx.chooseCard`: what the visitor has and can still use, of this account,
 * narrowed by card, kind and shop. A bad signature, a bad timestamp and a filter that fits nothing all show an empty
 * list, as on WeChat; only the explanation tells them apart.
 */
export function verifyChooseCard(world: World, request: ChooseCardRequest): ChooseCardAnswer {
  const { appId, cardSign, timestamp } = request
  const visitor = visitorAt(world, request.visitor)
  const account = world.accounts.get(appId)
  const refuse = (
    cause: PlainCause,
    what: string,
    compared: Compared = NOTHING_COMPARED,
  ): ChooseCardAnswer => {
    const facts: CardFacts = { appId, cardId: request.cardId, what }
    return { cards: [], explanation: explain(cause, facts, compared) }
  }
  if (account === undefined) return refuse('unknown_account', '')
  if (cardSign === '') return refuse('signature_missing', 'cardSign')
  const judged = judgeSignature(world, {
    appId,
    values: [
      { name: 'app_id', value: appId },
      { name: 'location_id', value: request.locationId },
      { name: 'time_stamp', value: timestamp },
      { name: 'nonce_str', value: request.nonceStr },
      { name: 'card_id', value: request.cardId },
      { name: 'card_type', value: request.cardType },
    ],
    given: cardSign,
    unsigned: [{ name: 'sign_type', value: request.signType }],
    misspelt: [],
    writtenNumbers: [],
  })
  if (!judged.ok) return { cards: [], explanation: explainSignature(judged.compared, judged.words) }
  if (!/^\d{1,11}$/.test(timestamp)) return refuse('timestamp', timestamp, judged.compared)
  const cards = world.cards.taken(appId).flatMap((taken) => {
    const card = world.cards.find(appId, taken.cardId)
    const isTheirs = taken.visitor === visitor.id && taken.status === 'NORMAL'
    return card !== undefined && isTheirs && fits(card, request) ? [ownedCard(card, account, taken)] : []
  })
  return cards.length > 0 ? { cards } : refuse('nothing_fits', filterOf(request), judged.compared)
}

function fits(card: SandboxCard, { cardId, cardType, locationId }: ChooseCardRequest): boolean {
  return (
    (cardId === '' || card.cardId === cardId) &&
    (cardType === '' || card.cardType === cardType) &&
    (locationId === '' || card.shopIds === undefined || card.shopIds.includes(locationId))
  )
}

function filterOf({ cardId, cardType, locationId }: ChooseCardRequest): string {
  return Object.entries({ cardId, cardType, shopId: locationId })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
