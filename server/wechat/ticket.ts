import type { Issued } from './access-token.ts'
import { readExpiresIn, readText } from './read-answer.ts'
import type { WechatTransport } from './transport.ts'

export type TicketKind = 'jsapi' | 'wx_card'

/** Asks `cgi-bin/ticket/getticket` for the ticket that signs pages (`jsapi`) or cards (`wx_card`). */
export async function fetchTicket(
  request: WechatTransport,
  accessToken: string,
  type: TicketKind,
): Promise<Issued> {
  const path = 'cgi-bin/ticket/getticket'
  const answer = await request({ method: 'GET', path, query: { access_token: accessToken, type } })
  return { value: readText(answer, 'ticket', path), expiresInS: readExpiresIn(answer, path) }
}
