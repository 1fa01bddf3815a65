import type { Grant } from './codes.ts'
import { makeOneTimeId } from './id-shapes.ts'

/** A consent page that waits for an answer. */
export interface Question {
  readonly grant: Grant
  readonly redirectUri: string
  readonly state?: string
  readonly connectRedirect: boolean
  /** The query that brought the visitor to the page. */
  readonly search: string
}

/** What visitors are being asked, and what they agreed to before. */
export interface Consents {
  /** The id with which the page answers, once, within ten minutes. */
  ask(question: Question): string
  take(id: string): Question | undefined
  remember(grant: Grant): void
  isRemembered(grant: Grant): boolean
  clear(): void
}

const LIFE_MS = 600_000
const REMEMBERED = 500

export function createConsents(now: () => number, random: (size: number) => Uint8Array): Consents {
  const waiting = new Map<string, { question: Question; expiresAt: number }>()
  const agreed = new Set<string>()
  const keyOf = ({ appId, visitor }: Grant): string => `${appId} ${visitor.id}`
  return {
    ask(question) {
      const id = makeOneTimeId(random)
      waiting.set(id, { question, expiresAt: now() + LIFE_MS })
      for (const oldest of [...waiting.keys()].slice(0, -REMEMBERED)) waiting.delete(oldest)
      return id
    },
    take(id) {
      const found = waiting.get(id)
      waiting.delete(id)
      return found !== undefined && now() < found.expiresAt ? found.question : undefined
    },
    remember(grant) {
      agreed.add(keyOf(grant))
    },
    isRemembered: (grant) => agreed.has(keyOf(grant)),
    clear() {
      waiting.clear()
      agreed.clear()
    },
  }
}
