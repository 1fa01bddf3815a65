import type { OAuthTokenSnapshot, VisitorIdentity } from '../oauth-types.ts'
import type { Grant } from './codes.ts'
import { makeSnsToken } from './id-shapes.ts'
import { DEFAULT_LIFE_S } from './issued.ts'

/** The access_token of a visitor, with what it opens. */
export interface OAuthToken {
  readonly grant: Grant
  readonly identity: VisitorIdentity
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: number
  readonly refreshExpiresAt: number
}

/** Which access_tokens and refresh_tokens of visitors work at this instant. */
export interface OAuthTokens {
  issue(grant: Grant, identity: VisitorIdentity): OAuthToken
  /** Lets the access_token live 7200 s from now; one that has ended is replaced by a new one. */
  refresh(appId: string, refreshToken: string): OAuthToken | 'unknown' | 'expired'
  check(accessToken: string): OAuthToken | 'unknown' | 'expired'
  /** Newest last. */
  list(appId: string): OAuthTokenSnapshot[]
  clear(): void
}

const LIFE_MS = DEFAULT_LIFE_S * 1000
const REFRESH_LIFE_MS = 30 * 86_400_000
const REMEMBERED = 500

export function createOAuthTokens(now: () => number, random: (size: number) => Uint8Array): OAuthTokens {
  const byRefreshToken = new Map<string, OAuthToken>()
  const refreshTokens = new Map<string, string>()

  const keep = (token: OAuthToken): OAuthToken => {
    byRefreshToken.set(token.refreshToken, token)
    refreshTokens.set(token.accessToken, token.refreshToken)
    for (const oldest of [...byRefreshToken.keys()].slice(0, -REMEMBERED)) byRefreshToken.delete(oldest)
    for (const oldest of [...refreshTokens.keys()].slice(0, -REMEMBERED)) refreshTokens.delete(oldest)
    return token
  }

  return {
    issue: (grant, identity) =>
      keep({
        grant,
        identity,
        accessToken: makeSnsToken(random),
        refreshToken: makeSnsToken(random),
        expiresAt: now() + LIFE_MS,
        refreshExpiresAt: now() + REFRESH_LIFE_MS,
      }),
    refresh(appId, refreshToken) {
      const token = byRefreshToken.get(refreshToken)
      if (token === undefined || token.grant.appId !== appId) return 'unknown'
      if (now() >= token.refreshExpiresAt) return 'expired'
      const accessToken = now() < token.expiresAt ? token.accessToken : makeSnsToken(random)
      return keep({ ...token, accessToken, expiresAt: now() + LIFE_MS })
    },
    check(accessToken) {
      const token = byRefreshToken.get(refreshTokens.get(accessToken) ?? '')
      if (token === undefined) return 'unknown'
      return token.accessToken === accessToken && now() < token.expiresAt ? token : 'expired'
    },
    list: (appId) =>
      [...byRefreshToken.values()]
        .filter(({ grant }) => grant.appId === appId)
        .map(({ grant, identity, ...token }) => ({
          ...token,
          visitor: grant.visitor.id,
          openid: identity.openid,
          scope: grant.scope,
          virtual: grant.virtual,
          valid: now() < token.expiresAt,
        })),
    clear() {
      byRefreshToken.clear()
      refreshTokens.clear()
    },
  }
}
