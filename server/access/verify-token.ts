import { compactVerify } from 'jose'
import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import { judgeClaims } from './claims.ts'
import type { Client, Clients } from './clients.ts'
import type { Rotation, SigningKey } from './keys.ts'
import { readTokenText } from './token-text.ts'

export interface VerifyParts {
  readonly keys: Rotation<SigningKey>
  readonly issuer: string
  readonly clients: Pick<Clients, 'find'>
  readonly clock: Pick<Clock, 'now'>
}

/** The only names a header may hold: none of them can bring a key or a meaning of its own. */
const headerNames = new Set(['alg', 'typ', 'kid'])

/**
 * Checks a service token by rules T and answers whose it is.
 *
 * Algorithm and keys come from us: the token only says which of our keys, or the current one when it names none.
 *
 * @throws {ServiceError} `token_expired` when only its time is over, else `unauthorized`, without a reason
 */
export async function verifyToken(token: string, parts: VerifyParts): Promise<Client> {
  const text = readTokenText(token)
  const key = text === undefined ? undefined : chooseKey(text.header, parts.keys)
  if (text === undefined || key === undefined) throw invalidToken()
  await verifySignature(token, key)
  const verdict = judgeClaims(text.payload, {
    issuer: parts.issuer,
    clients: parts.clients,
    nowMs: parts.clock.now(),
  })
  if (verdict === 'invalid') throw invalidToken()
  if (verdict === 'expired') throw expiredToken()
  return verdict
}

function chooseKey(
  header: Readonly<Record<string, unknown>>,
  keys: Rotation<SigningKey>,
): SigningKey | undefined {
  const { alg, typ = 'JWT', kid = '' } = header
  if (alg !== 'RS256' || typ !== 'JWT') return undefined
  if (!Object.keys(header).every((name) => headerNames.has(name))) return undefined
  return kid === '' ? keys[0] : keys.find((key) => key.kid === kid)
}

async function verifySignature(token: string, { publicKey }: SigningKey): Promise<void> {
  try {
    await compactVerify(token, publicKey, { algorithms: ['RS256'] })
  } catch (cause) {
    throw invalidToken(cause)
  }
}

function invalidToken(cause?: unknown): ServiceError {
  return new ServiceError('unauthorized', 'The token is not one of this service.', {
    hint: 'Get one from POST /oauth2/ums/oauth2/accessToken and send it unchanged as "Sso-Token" or "Authorization: Bearer". 请重新获取令牌，并原样放入 Sso-Token 请求头。',
    cause,
  })
}

function expiredToken(): ServiceError {
  return new ServiceError('token_expired', 'The token is over: it lives two hours.', {
    hint: 'Get a new one from POST /oauth2/ums/oauth2/accessToken, then ask again. 令牌已过期，请重新获取。',
  })
}
