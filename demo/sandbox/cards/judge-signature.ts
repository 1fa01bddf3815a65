import type { Wording } from '../verify/wording.ts'
import type { World } from '../world.ts'
import { cardTicketVariants } from './card-ticket-variants.ts'
import { type CardValue, signCardValues, TICKET } from './card-values.ts'
import type { Compared } from './explain.ts'
import { findCardCause } from './find-card-cause.ts'
import { livingCardTickets } from './living-tickets.ts'
import type { Surroundings } from './value-variants.ts'

/** A card signature and what it should be of. */
export interface Judged extends Surroundings {
  readonly appId: string
  /** Without the ticket. */
  readonly values: readonly CardValue[]
  readonly given: string
  readonly misspelt: readonly CardValue[]
}

/** The living ticket that gives the signature, or why none does. */
export function judgeSignature(
  world: World,
  judged: Judged,
): { ok: true; ticket: string; compared: Compared } | { ok: false; words: Wording; compared: Compared } {
  const { appId, values, given } = judged
  const withTicket = (ticket: string): CardValue[] => [{ name: TICKET, value: ticket }, ...values]
  const tickets = livingCardTickets(world, appId)
  const ticket = tickets.find((each) => signCardValues(withTicket(each)) === given)
  if (ticket !== undefined) return { ok: true, ticket, compared: { values: withTicket(ticket), given } }
  const live = tickets.at(-1)
  const compared = { values: live === undefined ? values : withTicket(live), given }
  const neverFetched = world.tickets.list(appId, 'wx_card').length === 0
  const variants = cardTicketVariants(world, appId)
  const words = findCardCause({ ...judged, values: withTicket(live ?? ''), tickets: variants })
  const isTicket = variants.some(({ reason }) => reason === words.reason)
  return { ok: false, words: neverFetched && !isTicket ? NO_TICKET : words, compared }
}

const NO_TICKET: Wording = {
  reason:
    'The sandbox has never given out a wx_card ticket for this account: the signer has its ticket from elsewhere.',
  reasonZh: '沙箱从未给这个公众号发过 wx_card 票据：签名服务用的票据来自别处。',
  fix: "Point the signer's WeChat API host at the sandbox and let it fetch a ticket of type=wx_card.",
  fixZh: '把签名服务的微信接口地址指向沙箱，让它获取 type=wx_card 的票据。',
}
