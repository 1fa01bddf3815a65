import { snapshotOf } from './truth/issued.ts'
import type { AccountSnapshot, SandboxAccount } from './types.ts'
import type { World } from './world.ts'

/** Everything that is true of one account now. */
export function snapshotAccount(world: World, account: SandboxAccount): AccountSnapshot {
  const { appId, name, safeDomains, ipWhitelist, frozen = false } = account
  const now = world.now()
  return {
    appId,
    ...(name === undefined ? {} : { name }),
    safeDomains,
    ...(ipWhitelist === undefined ? {} : { ipWhitelist }),
    frozen,
    tokens: {
      classic: snapshotOf(world.tokens.list(appId, 'classic'), now),
      stable: snapshotOf(world.tokens.list(appId, 'stable'), now),
    },
    tickets: {
      jsapi: snapshotOf(world.tickets.list(appId, 'jsapi'), now),
      wx_card: snapshotOf(world.tickets.list(appId, 'wx_card'), now),
    },
    codes: world.codes.list(appId),
    oauthTokens: world.oauthTokens.list(appId),
    cards: world.cards.snapshot(appId),
    usedToday: world.quotas.usedToday(appId),
  }
}
