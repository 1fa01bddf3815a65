import type { TicketType } from '../types.ts'
import { makeTicket } from './id-shapes.ts'
import { DEFAULT_LIFE_S, type Issued, isKept, issue, remainingS, remember } from './issued.ts'

export interface TicketRules {
  readonly rotation: 'kept' | 'every-call'
  readonly formerTicketS: number
}

/** Which tickets exist, and which of them verify at this instant. */
export interface Tickets {
  get(appId: string, type: TicketType): { ticket: string; expiresInS: number }
  rotate(appId: string, type: TicketType): void
  seed(appId: string, type: TicketType, ticket: string, expiresInS: number): void
  /** Newest last, dead ones included. */
  list(appId: string, type: TicketType): readonly Issued[]
  clear(): void
}

export function createTickets(
  now: () => number,
  random: (size: number) => Uint8Array,
  rules: TicketRules,
): Tickets {
  const lists = new Map<string, Issued[]>()

  const listOf = (appId: string, type: TicketType): Issued[] => {
    const key = `${type} ${appId}`
    const list = lists.get(key) ?? []
    lists.set(key, list)
    return list
  }

  /** Adds the newest ticket; the former ones verify for `formerS` more. */
  const add = (list: Issued[], issued: Issued, formerS: number): Issued => {
    const latest = issued.issuedAt + formerS * 1000
    for (const former of list) former.endsAt = Math.min(former.endsAt, latest)
    remember(list, issued)
    return issued
  }

  return {
    get(appId, type) {
      const list = listOf(appId, type)
      const current = list.at(-1)
      const at = now()
      const issued =
        rules.rotation === 'kept' && isKept(current, at)
          ? current
          : add(list, issue(makeTicket(random), at, DEFAULT_LIFE_S), rules.formerTicketS)
      return { ticket: issued.value, expiresInS: remainingS(issued, at) }
    },
    rotate(appId, type) {
      add(listOf(appId, type), issue(makeTicket(random), now(), DEFAULT_LIFE_S), 0)
    },
    seed(appId, type, ticket, expiresInS) {
      add(listOf(appId, type), issue(ticket, now(), expiresInS), 0)
    },
    list: (appId, type) => lists.get(`${type} ${appId}`) ?? [],
    clear: () => lists.clear(),
  }
}
