import type { Clock } from '../clock.ts'
import { beginLife, leftOf } from '../credentials/life.ts'
import type { CredentialStore } from '../credentials/store.ts'
import { fetchTicket, type TicketKind } from '../wechat/ticket.ts'
import type { WechatTransport } from '../wechat/transport.ts'

export interface LivingTicket {
  readonly value: string
  /** Until WeChat lets it die. */
  readonly leftMs: number
  /** Whether it is the one that a running service signs with. */
  readonly stored: boolean
}

/** Finds the ticket of an account. @throws {ServiceError} why there is none */
export type FindTicket = (appId: string, kind: TicketKind) => Promise<LivingTicket>

/**
 * Makes the look for tickets: in the store of the configuration first, and only without a living one at WeChat.
 *
 * Nothing is written, so that a running service notices nothing.
 *
 * @param store absent when it cannot be used
 * @param tokenOf a token for the case that WeChat has to be asked
 */
export function createFindTicket(
  store: Pick<CredentialStore, 'read'> | undefined,
  request: WechatTransport,
  tokenOf: (appId: string) => Promise<string>,
  clock: Clock,
): FindTicket {
  const fetched = new Map<string, LivingTicket>()
  return async (appId, kind) => {
    const known = fetched.get(`${appId} ${kind}`)
    if (known !== undefined) return known
    // A store in trouble has its own step.
    const credential = await store?.read(appId, kind).catch(() => undefined)
    if (credential !== undefined) {
      const leftMs = leftOf(beginLife(credential, clock, 0), clock)
      if (leftMs > 0) return { value: credential.value, leftMs, stored: true }
    }
    const { value, expiresInS } = await fetchTicket(request, await tokenOf(appId), kind)
    const ticket = { value, leftMs: expiresInS * 1_000, stored: false }
    fetched.set(`${appId} ${kind}`, ticket)
    return ticket
  }
}
