import type { CardFace, OwnedCard } from '../card-protocol.ts'
import type { SandboxCard, TakenCard } from '../card-types.ts'
import type { SandboxVisitor } from '../oauth-types.ts'
import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'

/** Who is at the phone: named, or whoever is looking. @throws {TypeError} when nobody has this id. */
export function visitorAt(world: World, id: string | undefined): SandboxVisitor {
  return id === undefined || id === '' ? world.visitors.current() : world.visitors.get(id)
}

export function faceOf(card: SandboxCard, account: SandboxAccount): CardFace {
  const { cardId, title, brandName, color = 'Color010', cardType } = card
  return { cardId, title, brandName: brandName ?? account.name ?? account.appId, color, cardType }
}

export function ownedCard(card: SandboxCard, account: SandboxAccount, taken: TakenCard): OwnedCard {
  return { ...faceOf(card, account), code: taken.code, encryptCode: taken.encryptCode }
}
