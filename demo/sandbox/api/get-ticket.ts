import type { TicketType } from '../types.ts'
import type { World } from '../world.ts'
import { checkAccessToken, dailyQuotaRefusal } from './checks.ts'
import { dailyLimit } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { ApiRequest } from './request.ts'

/** GET cgi-bin/ticket/getticket: the jsapi or card ticket. */
export function getTicket(world: World, { query }: ApiRequest): object {
  const account = checkAccessToken(world, query)
  const type = query.get('type') ?? ''
  if (!isTicketType(type)) throw new Refusal(40097)
  if (type === 'wx_card' && account.cardRight === false) throw new Refusal(48001)
  const path = 'cgi-bin/ticket/getticket'
  const limit = dailyLimit(world, account, path) ?? Number.POSITIVE_INFINITY
  if (!world.quotas.take(account.appId, path, 'day', limit)) throw dailyQuotaRefusal(world)
  const { ticket, expiresInS } = world.tickets.get(account.appId, type)
  return { errcode: 0, errmsg: 'ok', ticket, expires_in: expiresInS }
}

function isTicketType(type: unknown): type is TicketType {
  return type === 'jsapi' || type === 'wx_card'
}
