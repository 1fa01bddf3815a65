import { isValid } from '../truth/issued.ts'
import type { World } from '../world.ts'
import type { Wording } from './wording.ts'

/** A text a signer may have used in place of the living ticket. */
export interface TicketVariant extends Wording {
  readonly ticket: string
}

/** Dead tickets, tickets of another kind or account, and access_tokens; newest first. */
export function ticketVariants(world: World, appId: string): TicketVariant[] {
  return [
    ...dead(world, appId),
    ...ofCards(world, appId),
    ...accessTokens(world, appId),
    ...[...world.accounts.keys()]
      .filter((other) => other !== appId)
      .flatMap((other) => ofAnother(world, other)),
  ]
}

function dead(world: World, appId: string): TicketVariant[] {
  const words: Wording = {
    reason: 'The jsapi_ticket used for signing no longer works: it has expired or was replaced.',
    reasonZh: '签名用的 jsapi_ticket 已经失效：过期了，或者被新的替换了。',
    fix: 'Fetch the ticket again and sign again. Keep one place that caches it (7200 s) for all processes.',
    fixZh: '重新获取 jsapi_ticket 再签名。只保留一个地方缓存它（7200 秒），供所有进程使用。',
  }
  const now = world.now()
  const list = world.tickets.list(appId, 'jsapi').filter((issued) => !isValid(issued, now))
  return list.toReversed().map(({ value }) => ({ ticket: value, ...words }))
}

function ofCards(world: World, appId: string): TicketVariant[] {
  const words: Wording = {
    reason: 'The card ticket (type=wx_card) was used; wx.config needs the one of type=jsapi.',
    reasonZh: '用了卡券的 api_ticket（type=wx_card）；wx.config 要用 type=jsapi 的票据。',
    fix: 'Call cgi-bin/ticket/getticket with type=jsapi and keep the two kinds apart.',
    fixZh: '用 type=jsapi 调用 cgi-bin/ticket/getticket，两种票据分开保存。',
  }
  return world.tickets.list(appId, 'wx_card').map(({ value }) => ({ ticket: value, ...words }))
}

function accessTokens(world: World, appId: string): TicketVariant[] {
  const words: Wording = {
    reason: 'The access_token was used in place of the jsapi_ticket.',
    reasonZh: '把 access_token 当成了 jsapi_ticket。',
    fix: 'Exchange the access_token for a ticket first: cgi-bin/ticket/getticket?access_token=…&type=jsapi.',
    fixZh: '先用 access_token 换取票据：cgi-bin/ticket/getticket?access_token=…&type=jsapi。',
  }
  const tokens = [...world.tokens.list(appId, 'stable'), ...world.tokens.list(appId, 'classic')]
  return tokens.map(({ value }) => ({ ticket: value, ...words }))
}

function ofAnother(world: World, other: string): TicketVariant[] {
  const words: Wording = {
    reason: `The ticket belongs to another account, ${other}.`,
    reasonZh: `用的是另一个公众号 ${other} 的票据。`,
    fix: 'Give wx.config the appId whose ticket signs, or sign with the ticket of this appId.',
    fixZh: '让 wx.config 的 appId 与签名用的票据属于同一个公众号。',
  }
  return world.tickets.list(other, 'jsapi').map(({ value }) => ({ ticket: value, ...words }))
}
