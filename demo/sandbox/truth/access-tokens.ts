import type { TokenKind } from '../types.ts'
import { makeAccessToken } from './id-shapes.ts'
import {
  DEFAULT_LIFE_S,
  type Issued,
  isKept,
  issue,
  isValid,
  OVERLAP_MS,
  remainingS,
  remember,
} from './issued.ts'

/** What an access_token in a request turned out to be. */
type TokenCheck = { readonly appId: string } | 'unknown' | 'expired'

/** Which access_tokens exist, and which of them work at this instant. */
export interface AccessTokens {
  /** A new token; the former one works 300 s more. */
  issue(appId: string, kind: TokenKind): { accessToken: string; expiresInS: number }
  /** The current token, or a new one when the current one is in its last five minutes. */
  keepOrIssue(appId: string, kind: TokenKind): { accessToken: string; expiresInS: number }
  /** True when a refresh was forced less than 30 s ago: forcing again changes nothing. */
  forcedWithinPause(appId: string): boolean
  /** A new stable token, whatever the current one has left. */
  force(appId: string): { accessToken: string; expiresInS: number }
  check(token: string): TokenCheck
  seed(appId: string, kind: TokenKind, token: string, expiresInS: number): void
  revoke(appId: string): void
  list(appId: string, kind: TokenKind): readonly Issued[]
  clear(): void
}

const FORCE_PAUSE_MS = 30_000

interface Owned extends Issued {
  readonly appId: string
}

export function createAccessTokens(now: () => number, random: (size: number) => Uint8Array): AccessTokens {
  const lists = new Map<string, Owned[]>()
  const byValue = new Map<string, Owned>()
  const forcedAt = new Map<string, number>()

  const listOf = (appId: string, kind: TokenKind): Owned[] => {
    const key = `${kind} ${appId}`
    const list = lists.get(key) ?? []
    lists.set(key, list)
    return list
  }

  const add = (appId: string, kind: TokenKind, value: string, lifeS: number, at: number): Owned => {
    const list = listOf(appId, kind)
    supersede(list, kind, at)
    const owned: Owned = { ...issue(value, at, lifeS), appId }
    for (const forgotten of remember(list, owned)) byValue.delete(forgotten.value)
    byValue.set(value, owned)
    return owned
  }

  // The time is read once for one answer: a fresh token has its whole life left, however long the answer takes.
  const answer = (issued: Issued, at: number): { accessToken: string; expiresInS: number } => ({
    accessToken: issued.value,
    expiresInS: remainingS(issued, at),
  })

  const issueNew = (
    appId: string,
    kind: TokenKind,
    at = now(),
  ): { accessToken: string; expiresInS: number } =>
    answer(add(appId, kind, makeAccessToken(random), DEFAULT_LIFE_S, at), at)

  return {
    issue: (appId, kind) => issueNew(appId, kind),
    keepOrIssue(appId, kind) {
      const current = listOf(appId, kind).at(-1)
      const at = now()
      return isKept(current, at) ? answer(current, at) : issueNew(appId, kind, at)
    },
    forcedWithinPause(appId) {
      const passedMs = now() - (forcedAt.get(appId) ?? Number.NEGATIVE_INFINITY)
      return passedMs >= 0 && passedMs < FORCE_PAUSE_MS
    },
    force(appId) {
      forcedAt.set(appId, now())
      return issueNew(appId, 'stable')
    },
    check(token) {
      const owned = byValue.get(token)
      if (owned === undefined) return 'unknown'
      if (isValid(owned, now())) return { appId: owned.appId }
      return now() >= owned.expiresAt ? 'expired' : 'unknown'
    },
    seed(appId, kind, token, expiresInS) {
      add(appId, kind, token, expiresInS, now())
    },
    revoke(appId) {
      for (const kind of ['classic', 'stable'] as const) {
        for (const owned of listOf(appId, kind)) owned.endsAt = Math.min(owned.endsAt, now())
      }
    },
    list: (appId, kind) => lists.get(`${kind} ${appId}`) ?? [],
    clear() {
      lists.clear()
      byValue.clear()
      forcedAt.clear()
    },
  }
}

/** The former token works for five minutes from now; of stable tokens the one before it dies at once. */
function supersede(list: readonly Issued[], kind: TokenKind, now: number): void {
  const former = list.at(-1)
  if (former !== undefined && isValid(former, now)) former.endsAt = now + OVERLAP_MS
  if (kind === 'classic') return
  for (const older of list.slice(0, -1)) older.endsAt = Math.min(older.endsAt, now)
}
