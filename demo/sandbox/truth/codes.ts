import type { CodeSnapshot, OAuthScope, SandboxVisitor } from '../oauth-types.ts'
import { makeCode } from './id-shapes.ts'

/** What a visitor agreed to, or WeChat took for granted. */
export interface Grant {
  readonly appId: string
  readonly visitor: SandboxVisitor
  readonly scope: OAuthScope
  /** For the made-up person of a snapshot page. */
  readonly virtual: boolean
}

/** The codes of web page authorization: one use, five minutes, one account. */
export interface Codes {
  issue(grant: Grant): string
  /** Uses a code up. */
  redeem(appId: string, code: string): Grant | 'unknown' | 'used'
  /** Newest last. */
  list(appId: string): CodeSnapshot[]
  clear(): void
}

const LIFE_MS = 300_000
const REMEMBERED = 500

interface Issued {
  readonly grant: Grant
  readonly issuedAt: number
  readonly expiresAt: number
  used: boolean
}

export function createCodes(now: () => number, random: (size: number) => Uint8Array): Codes {
  const codes = new Map<string, Issued>()
  return {
    issue(grant) {
      const code = makeCode(random)
      const issuedAt = now()
      codes.set(code, { grant, issuedAt, expiresAt: issuedAt + LIFE_MS, used: false })
      for (const oldest of [...codes.keys()].slice(0, -REMEMBERED)) codes.delete(oldest)
      return code
    },
    redeem(appId, code) {
      const issued = codes.get(code)
      if (issued === undefined || issued.grant.appId !== appId) return 'unknown'
      if (issued.used) return 'used'
      if (now() >= issued.expiresAt) return 'unknown'
      issued.used = true
      return issued.grant
    },
    list: (appId) =>
      [...codes]
        .filter(([, { grant }]) => grant.appId === appId)
        .map(([value, { grant, issuedAt, expiresAt, used }]) => ({
          value,
          visitor: grant.visitor.id,
          scope: grant.scope,
          issuedAt,
          expiresAt,
          state: used ? 'used' : now() < expiresAt ? 'live' : 'expired',
        })),
    clear: () => codes.clear(),
  }
}
