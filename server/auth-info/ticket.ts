import { ServiceError } from '../errors.ts'
import { sha256 } from '../sha256.ts'
import type { OneTimeStore } from '../storage/one-time.ts'
import type { Identity } from './identity.ts'

/** What a ticket stands for. */
export interface TicketContent extends Identity {
  readonly portId: number
}

const TTL_MS = 60_000
const shape = /^[a-zA-Z0-9]{32}$/

/** Issues a ticket for an identity: redeemed once, within 60 s, it proves who came. It is found by its hash. */
export async function issueTicket(
  store: OneTimeStore,
  newTicket: () => string,
  content: TicketContent,
): Promise<string> {
  const ticket = newTicket()
  await store.put(keyOf(ticket), JSON.stringify(content), TTL_MS)
  return ticket
}

/**
 * Redeems a ticket, once in the world.
 *
 * @param mayUse whether the caller may know people of an account; a ticket of another account stays unused
 * @throws {ServiceError} `ticket_invalid`, the same for one that never was, is used, is too old or is another's
 */
export async function redeemTicket(
  store: OneTimeStore,
  ticket: string,
  mayUse: (appId: string) => boolean,
): Promise<TicketContent> {
  const seen = shape.test(ticket) ? await store.read(keyOf(ticket)) : undefined
  if (seen === undefined || !mayUse((JSON.parse(seen) as TicketContent).appId)) throw invalid()
  const taken = await store.take(keyOf(ticket))
  if (taken === undefined) throw invalid()
  return JSON.parse(taken) as TicketContent
}

const keyOf = (ticket: string): string => `ticket:${sha256(ticket)}`

function invalid(): ServiceError {
  return new ServiceError('ticket_invalid', 'This ticket is unknown, used, or older than 60 seconds.', {
    hint: 'Redeem a ticket once and at once; then keep a session of your own. ticket 只能在 60 秒内兑换一次，请随后建立自己的会话。',
  })
}
