import { isValid } from '../truth/issued.ts'
import type { TicketVariant } from '../verify/ticket-variants.ts'
import type { Wording } from '../verify/wording.ts'
import type { World } from '../world.ts'

/** What a signer may have used in place of the living card ticket, likeliest first. */
export function cardTicketVariants(world: World, appId: string): TicketVariant[] {
  const others = [...world.accounts.keys()].filter((other) => other !== appId)
  return [
    ...world.tickets.list(appId, 'jsapi').map(({ value }) => ({ ticket: value, ...JSAPI })),
    ...dead(world, appId),
    ...[...world.tokens.list(appId, 'stable'), ...world.tokens.list(appId, 'classic')].map(({ value }) => ({
      ticket: value,
      ...ACCESS_TOKEN,
    })),
    ...secretOf(world, appId),
    ...others.flatMap((other) =>
      world.tickets.list(other, 'wx_card').map(({ value }) => ({ ticket: value, ...ofAnother(other) })),
    ),
  ]
}

function dead(world: World, appId: string): TicketVariant[] {
  const now = world.now()
  return world.tickets
    .list(appId, 'wx_card')
    .filter((issued) => !isValid(issued, now))
    .toReversed()
    .map(({ value }) => ({ ticket: value, ...DEAD }))
}

function secretOf(world: World, appId: string): TicketVariant[] {
  const account = world.accounts.get(appId)
  return account === undefined ? [] : [{ ticket: account.appSecret, ...SECRET }]
}

function ofAnother(other: string): Wording {
  return {
    reason: `The card ticket belongs to another account, ${other}.`,
    reasonZh: `用的是另一个公众号 ${other} 的卡券 api_ticket。`,
    fix: 'Sign with the wx_card ticket of the account that wx.config was given.',
    fixZh: '用 wx.config 里那个公众号的 wx_card 票据签名。',
  }
}

const JSAPI: Wording = {
  reason:
    'The jsapi ticket was used; it reproduces the given signature. Cards need the ticket of type=wx_card.',
  reasonZh: '用了 jsapi_ticket（用它可以算出传入的签名）；卡券要用 type=wx_card 的 api_ticket。',
  fix: 'Call cgi-bin/ticket/getticket with type=wx_card, and cache the two tickets apart.',
  fixZh: '用 type=wx_card 调用 cgi-bin/ticket/getticket，两种票据分开缓存。',
}

const DEAD: Wording = {
  reason: 'The card ticket used for signing no longer works: it has expired or was replaced.',
  reasonZh: '签名用的卡券 api_ticket 已经失效：过期了，或者被新的替换了。',
  fix: 'Fetch the wx_card ticket again and sign again. Keep one place that caches it (7200 s) for all processes.',
  fixZh: '重新获取 wx_card 票据再签名。只保留一个地方缓存它（7200 秒），供所有进程使用。',
}

const ACCESS_TOKEN: Wording = {
  reason: 'The access_token was used in place of the card ticket.',
  reasonZh: '把 access_token 当成了卡券 api_ticket。',
  fix: 'Exchange it for a ticket first: cgi-bin/ticket/getticket?access_token=…&type=wx_card.',
  fixZh: '先用 access_token 换取票据：cgi-bin/ticket/getticket?access_token=…&type=wx_card。',
}

const SECRET: Wording = {
  reason: 'The AppSecret was used in place of the card ticket.',
  reasonZh: '用了 AppSecret 而不是卡券 api_ticket。',
  fix: 'Sign with the ticket of cgi-bin/ticket/getticket?type=wx_card.',
  fixZh: '用 cgi-bin/ticket/getticket?type=wx_card 得到的票据签名。',
}
