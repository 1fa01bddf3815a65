// The page's own backend: it redeems the ticket and keeps the session in a cookie no script can read.

export interface Person {
  openid: string
  unionid?: string
  unionidAbsentBecause?: 'scope' | 'not_bound'
  /** The unified user's id, as text. */
  userId?: string
}

export interface BackendRefusal {
  code: string
  hint: string
}

export type SessionAnswer =
  | { person: Person }
  /** The backend knows nobody by this browser's cookie. */
  | { person: null }
  | { refusal: BackendRefusal }
  /** There is no backend at this address. */
  | { missing: true }

const address = 'api/session'

export const readSession = (): Promise<SessionAnswer> => ask({ method: 'GET' })
export const endSession = (): Promise<SessionAnswer> => ask({ method: 'DELETE' })
export const openSession = (ticket: string): Promise<SessionAnswer> =>
  ask({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  })

async function ask(init: RequestInit): Promise<SessionAnswer> {
  try {
    const response = await fetch(address, init)
    const answer: unknown = await response.json()
    if (typeof answer !== 'object' || answer === null) throw new Error(`HTTP ${response.status}`)
    if (response.ok && 'person' in answer) return { person: answer.person as Person | null }
    if (response.status === 404) return { missing: true }
    const { code, hint } = answer as Partial<BackendRefusal>
    return { refusal: { code: code ?? `HTTP ${response.status}`, hint: hint ?? '' } }
  } catch (error) {
    return { refusal: { code: 'backend_unreachable', hint: String(error) } }
  }
}
