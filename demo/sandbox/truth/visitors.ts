import type { SandboxVisitor, VisitorIdentity, VisitorList } from '../oauth-types.ts'
import type { SandboxAccount } from '../types.ts'
import { openidOf, unionidOf } from './id-shapes.ts'

/** Who may look at a page, and who does. */
export interface Visitors {
  current(): SandboxVisitor
  find(id: string): SandboxVisitor | undefined
  /** @throws {TypeError} when nobody has this id. */
  get(id: string): SandboxVisitor
  all(): readonly SandboxVisitor[]
  put(visitors: readonly SandboxVisitor[]): void
  /** @throws {TypeError} when nobody has this id. */
  choose(id: string): void
  clear(): void
}

/** @throws {TypeError} when there is nobody, or `first` is nobody. */
export function createVisitors(initial: readonly SandboxVisitor[], first: string | undefined): Visitors {
  const byId = new Map<string, SandboxVisitor>()

  const get = (id: string): SandboxVisitor => {
    const found = byId.get(id)
    if (found !== undefined) return found
    throw new TypeError(
      `The sandbox has no visitor ${JSON.stringify(id)}; it has ${[...byId.keys()].join(', ')}.`,
    )
  }
  const start = (): string => {
    byId.clear()
    for (const visitor of initial) byId.set(visitor.id, visitor)
    return get(first ?? initial[0]?.id ?? '').id
  }
  let current = start()

  return {
    current: () => get(current),
    find: (id) => byId.get(id),
    get,
    all: () => [...byId.values()],
    put(visitors) {
      for (const visitor of visitors) byId.set(visitor.id, visitor)
    },
    choose(id) {
      current = get(id).id
    },
    clear() {
      current = start()
    },
  }
}

/** A visitor as an account sees them; `virtual` is the made-up person of a snapshot page. */
export function identityOf(
  account: SandboxAccount,
  visitor: SandboxVisitor,
  virtual = false,
): VisitorIdentity {
  const { appId, openPlatform = 'sandbox' } = account
  const person = virtual ? `snapshot of ${visitor.id}` : visitor.id
  const isBound = openPlatform !== false && visitor.unionid
  return {
    appId,
    openid: openidOf(appId, person),
    ...(isBound ? { unionid: unionidOf(openPlatform, person) } : {}),
  }
}

export function visitorList(visitors: Visitors, accounts: Iterable<SandboxAccount>): VisitorList {
  const all = [...accounts]
  return {
    current: visitors.current().id,
    visitors: visitors.all().map((visitor) => ({
      ...visitor,
      identities: all.map((account) => identityOf(account, visitor)),
    })),
  }
}
