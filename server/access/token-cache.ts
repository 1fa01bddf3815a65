import type { Clock } from '../clock.ts'
import type { Client } from './clients.ts'
import type { IssuedToken } from './issue-token.ts'

/** A kept token with less life than this is no longer given out. */
const NEAR_END_MS = 300_000

export interface TokenCache {
  /** The kept token of a client, or a new one when that is near its end; callers at once share one. */
  get(client: Client): Promise<IssuedToken>
}

/** Keeps one token for each configured client, which is what bounds it. */
export function createTokenCache(
  issue: (client: Client) => Promise<IssuedToken>,
  clock: Pick<Clock, 'now'>,
): TokenCache {
  const kept = new Map<string, IssuedToken>()
  const pending = new Map<string, Promise<IssuedToken>>()

  async function renew(client: Client): Promise<IssuedToken> {
    const token = await issue(client)
    kept.set(client.clientId, token)
    return token
  }

  return {
    async get(client) {
      const token = kept.get(client.clientId)
      if (token !== undefined && isFresh(token, clock.now())) return token
      const running = pending.get(client.clientId)
      if (running !== undefined) return running
      const renewal = renew(client).finally(() => pending.delete(client.clientId))
      pending.set(client.clientId, renewal)
      return renewal
    },
  }
}

// A clock that was set back would make a token of the future, which nobody accepts.
function isFresh({ issuedAt, expiresAt }: IssuedToken, now: number): boolean {
  return issuedAt <= now && expiresAt - now > NEAR_END_MS
}
