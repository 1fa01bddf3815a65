import { SignJWT } from 'jose'
import type { Clock } from '../clock.ts'
import { GRANT_TYPE, PURPOSE, TOKEN_LIFE_S } from './claims.ts'
import type { Client } from './clients.ts'
import type { Rotation, SigningKey } from './keys.ts'

export interface IssueParts {
  readonly keys: Rotation<SigningKey>
  readonly issuer: string
  readonly clock: Pick<Clock, 'now'>
  /** Makes the `jti`. */
  readonly newTokenId: () => string
}

export interface IssuedToken {
  readonly accessToken: string
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Signs a new service token for a client, with the current key. */
export async function issueToken(client: Client, parts: IssueParts): Promise<IssuedToken> {
  const [{ kid, privateKey }] = parts.keys
  const issuedAtS = Math.floor(parts.clock.now() / 1_000)
  const expiresAtS = issuedAtS + TOKEN_LIFE_S
  const accessToken = await new SignJWT({
    applicationKey: client.applicationKey,
    iss: parts.issuer,
    userName: client.clientId,
    grantType: GRANT_TYPE,
    exp: expiresAtS,
    iat: issuedAtS,
    jti: parts.newTokenId(),
    use: PURPOSE,
  })
    .setProtectedHeader({ kid, typ: 'JWT', alg: 'RS256' })
    .sign(privateKey)
  return { accessToken, issuedAt: issuedAtS * 1_000, expiresAt: expiresAtS * 1_000 }
}
