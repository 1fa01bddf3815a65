import type { CardSnapshot, SandboxCard, TakenCard } from '../card-types.ts'
import type { SandboxAccount } from '../types.ts'
import { makeCardCode, makeEncryptCode } from './id-shapes.ts'

/** One card on its way to one person. */
interface Taking {
  readonly appId: string
  readonly card: SandboxCard
  readonly visitor: string
  readonly openid: string
  /** The merchant's own code; absent, WeChat makes one. */
  readonly code?: string
  readonly outerStr?: string
  /** What must not come a second time. */
  readonly onceKey: string
}

/** Which cards exist, what is left of them, and who has them. */
export interface Cards {
  list(appId: string): readonly SandboxCard[]
  find(appId: string, cardId: string): SandboxCard | undefined
  put(appId: string, cards: readonly SandboxCard[]): void
  /** Cards people have of an account, oldest first. */
  taken(appId: string): readonly TakenCard[]
  stock(appId: string, card: SandboxCard): number
  isUsed(onceKey: string): boolean
  take(taking: Taking): TakenCard
  /** Marks a card as used up. */
  consume(appId: string, owned: TakenCard): void
  /** Does it and takes it back: for looking at what would happen. */
  rehearse<T>(action: () => T): T
  snapshot(appId: string): CardSnapshot[]
  /** Back to the cards of the accounts, with nobody having any. */
  clear(): void
}

const REMEMBERED_KEYS = 10_000

export function createCards(
  accounts: ReadonlyMap<string, SandboxAccount>,
  now: () => number,
  random: (size: number) => Uint8Array,
): Cards {
  let offered = new Map<string, readonly SandboxCard[]>()
  let owned = new Map<string, readonly TakenCard[]>()
  let used: readonly string[] = []

  const start = (): void => {
    offered = new Map([...accounts].map(([appId, { cards = [] }]) => [appId, cards]))
    owned = new Map()
    used = []
  }
  start()

  const list = (appId: string): readonly SandboxCard[] => offered.get(appId) ?? []
  const taken = (appId: string): readonly TakenCard[] => owned.get(appId) ?? []
  const ofCard = (appId: string, { cardId }: SandboxCard): TakenCard[] =>
    taken(appId).filter((each) => each.cardId === cardId)
  const stock = (appId: string, card: SandboxCard): number =>
    Math.max(0, card.quantity - ofCard(appId, card).length)
  const freshCode = (appId: string): string => {
    const code = makeCardCode(random)
    return taken(appId).some((each) => each.code === code) ? freshCode(appId) : code
  }

  return {
    list,
    taken,
    stock,
    find: (appId, cardId) => list(appId).find((card) => card.cardId === cardId),
    put(appId, cards) {
      const ids = new Set(cards.map(({ cardId }) => cardId))
      offered.set(appId, [...cards])
      owned.set(
        appId,
        taken(appId).filter(({ cardId }) => ids.has(cardId)),
      )
    },
    isUsed: (onceKey) => used.includes(onceKey),
    take({ appId, card, visitor, openid, code, outerStr, onceKey }) {
      const one: TakenCard = {
        cardId: card.cardId,
        visitor,
        openid,
        code: code ?? freshCode(appId),
        encryptCode: makeEncryptCode(random),
        takenAt: now(),
        status: 'NORMAL',
        ...(outerStr === undefined ? {} : { outerStr }),
      }
      owned.set(appId, [...taken(appId), one])
      used = [...used, onceKey].slice(-REMEMBERED_KEYS)
      return one
    },
    consume(appId, { cardId, code }) {
      const isIt = (each: TakenCard): boolean => each.cardId === cardId && each.code === code
      owned.set(
        appId,
        taken(appId).map((each) => (isIt(each) ? { ...each, status: 'CONSUMED' } : each)),
      )
    },
    rehearse(action) {
      const before = { offered, owned, used }
      owned = new Map(owned)
      try {
        return action()
      } finally {
        ;({ offered, owned, used } = before)
      }
    },
    snapshot: (appId) =>
      list(appId).map((card) => ({ ...card, stock: stock(appId, card), taken: ofCard(appId, card) })),
    clear: start,
  }
}
