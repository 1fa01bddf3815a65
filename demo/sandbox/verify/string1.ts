import { createHash } from 'node:crypto'

/** The parts of the text that is hashed for `wx.config`. */
export interface SignedParts {
  readonly ticket: string
  readonly nonceStr: string
  readonly timestamp: string
  readonly url: string
}

/** Names in lower case, in ASCII order, values as they are: never URL-encoded. */
export function string1Of({ ticket, nonceStr, timestamp, url }: SignedParts): string {
  return `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
}

export function sha1(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex')
}

/** The first and last four characters of a ticket. */
export function maskTicket(ticket: string): string {
  return ticket.length <= 12 ? '***' : `${ticket.slice(0, 4)}…${ticket.slice(-4)}`
}

/** The text that is hashed, fit to be shown. */
export function maskedString1(parts: SignedParts): string {
  return string1Of({ ...parts, ticket: maskTicket(parts.ticket) })
}
