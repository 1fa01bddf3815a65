import type { Client, Clients } from './clients.ts'

/** Life of a service token, in seconds. */
export const TOKEN_LIFE_S = 7_200

/** How far the clocks of two replicas may differ, in seconds. */
export const LEEWAY_S = 30

export const GRANT_TYPE = 'clientCredentials'

/** Says that a token opens this service; whatever else we may sign says something else, or nothing. */
export const PURPOSE = 'service'

/** What a token must fit. */
export interface Expected {
  readonly issuer: string
  readonly clients: Pick<Clients, 'find'>
  readonly nowMs: number
}

/**
 * Judges the payload of a token whose signature is right (rules T4, T5).
 *
 * @returns its client, `expired` when nothing but its time is over, or `invalid`
 */
export function judgeClaims(
  payload: Readonly<Record<string, unknown>>,
  expected: Expected,
): Client | 'expired' | 'invalid' {
  const { iss, userName, applicationKey, grantType, use, jti } = payload
  const now = expected.nowMs / 1_000
  const client = typeof userName === 'string' ? expected.clients.find(userName) : undefined
  const fits =
    client !== undefined &&
    iss === expected.issuer &&
    applicationKey === client.applicationKey &&
    grantType === GRANT_TYPE &&
    use === PURPOSE &&
    (jti === undefined || typeof jti === 'string') &&
    hasFittingTimes(payload, now + LEEWAY_S)
  if (!fits) return 'invalid'
  return Number(payload.exp) + LEEWAY_S > now ? client : 'expired'
}

function hasFittingTimes({ iat, exp, nbf }: Readonly<Record<string, unknown>>, latest: number): boolean {
  if (!isSeconds(iat) || !isSeconds(exp) || !(nbf === undefined || isSeconds(nbf))) return false
  return iat <= latest && (nbf ?? iat) <= latest && exp > iat && exp <= iat + TOKEN_LIFE_S
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
