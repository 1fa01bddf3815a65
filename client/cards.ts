import type { AddedCard, CardToAdd, ChosenCard } from './api-types.ts'
import { cardError } from './card-error.ts'
import type { Core } from './core.ts'
import { WeixinError } from './errors.ts'
import type { PageWindow } from './page.ts'
import { post } from './service.ts'
import type { AddCardOptions, CardChoice, CardToOpen, CardWish } from './types.ts'

const wrong = (what: string, given: string) => new WeixinError('invalid_argument', what, given)

/** A list with a text under every one of these names. */
function assertCards(what: string, cards: unknown, ...names: string[]): asserts cards is object[] {
  if (!Array.isArray(cards) || !cards.length) throw wrong(what, 'there is no card in the list')
  for (const card of cards)
    for (const name of names) {
      const value = Object(card)[name]
      if (typeof value !== 'string' || !value)
        throw wrong(what, `${name} is ${JSON.stringify(value)}, not a text`)
    }
}

/** The cards as WeChat takes them, made by the service. */
async function finished(
  { page, options, timeouts }: Core,
  cards: readonly CardWish[],
  { grant }: AddCardOptions,
): Promise<readonly CardToAdd[]> {
  const { cardList } = await post<{ cardList: CardToAdd[] }>(
    page,
    options,
    timeouts,
    'cards/ext',
    { cards, ...(grant !== undefined && { grant }) },
    (fields) => new Blob([JSON.stringify(fields)], { type: 'application/json' }),
  )
  const isAnswer =
    Array.isArray(cardList) &&
    cardList.length === cards.length &&
    cardList.every(({ cardId, cardExt }, at) => cardId === cards[at]?.cardId && typeof cardExt === 'string')
  if (!isAnswer)
    throw new WeixinError('service_unavailable', 'addCard', 'the answer is not about these cards')
  return cardList
}

/** Offers cards; see `Weixin.addCard`. */
export async function addCard(
  core: Core,
  _window: PageWindow,
  cards: readonly (CardWish | CardToAdd)[],
  options: AddCardOptions = {},
): Promise<AddedCard[]> {
  assertCards('addCard', cards, 'cardId')
  const copy = JSON.parse(JSON.stringify(cards)) as (CardWish & Partial<CardToAdd>)[]
  const isFinished = copy.some((card) => 'cardExt' in card)
  if (isFinished) {
    assertCards('addCard', copy, 'cardExt')
    if (options.grant !== undefined) throw wrong('addCard', 'a grant is for a card without cardExt')
  }
  // Verified first: what the service signs must not wait for a slow verification.
  await core.freshSession()
  const cardList = isFinished
    ? copy.map(({ cardId, cardExt }) => ({ cardId, cardExt }))
    : await finished(core, copy, options)
  try {
    const answer = (await core.call('addCard', { cardList })) as { cardList: AddedCard[] }
    return answer.cardList
  } catch (error) {
    throw cardError(error)
  }
}

/** Lets the person choose; see `Weixin.chooseCard`. */
export async function chooseCard(
  core: Core,
  _window: PageWindow,
  choice: CardChoice = {},
): Promise<ChosenCard[]> {
  const { page, options, timeouts } = core
  await core.freshSession()
  const asked = Object.fromEntries(Object.entries(choice).filter(([, value]) => value))
  const signed = await post<{ cardSign: string }>(page, options, timeouts, 'cards/choose', asked)
  if (!signed.cardSign) throw new WeixinError('service_unavailable', 'chooseCard', 'cardSign is missing')
  const answer = (await core.call('chooseCard', signed)) as { cardList: ChosenCard[] }
  return answer.cardList
}

/** Shows cards; see `Weixin.openCard`. */
export async function openCard(core: Core, _window: PageWindow, cards: readonly CardToOpen[]): Promise<void> {
  assertCards('openCard', cards, 'cardId', 'code')
  await core.call('openCard', { cardList: cards.map(({ cardId, code }) => ({ cardId, code })) })
}
