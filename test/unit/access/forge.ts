import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createClients } from '../../../server/access/clients.ts'
import { issueToken } from '../../../server/access/issue-token.ts'
import { readSigningKey } from '../../../server/access/keys.ts'
import type { VerifyParts } from '../../../server/access/verify-token.ts'

export const NOW = Date.UTC(2026, 0, 1)
export const NOW_S = NOW / 1_000

const newKey = () =>
  readSigningKey(
    generateKeyPairSync('rsa', { modulusLength: 2_048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  )
export const [current, previous, foreign] = [newKey(), newKey(), newKey()]

export const clients = createClients([
  {
    clientId: 'crm',
    clientSecret: 'crm-secret',
    applicationKey: 'wechatcp',
    scopes: ['sign'],
    accounts: ['wx0123456789abcdef'],
  },
  { clientId: 'shop', clientSecret: 'shop-secret', scopes: ['identity'], accounts: [] },
])

export const parts: VerifyParts = {
  keys: [current, previous],
  issuer: 'https://mem.example.com/mp',
  clients,
  clock: { now: () => NOW },
}

/** A token as the service itself makes it. */
export async function genuine(clientId = 'crm', now = NOW): Promise<string> {
  const client = clients.find(clientId)
  if (client === undefined) throw new Error('no such client in this test')
  const issued = await issueToken(client, { ...parts, clock: { now: () => now }, newTokenId: () => 'id' })
  return issued.accessToken
}

export const header = { kid: current.kid, typ: 'JWT', alg: 'RS256' }
export const payload = {
  applicationKey: 'wechatcp',
  iss: parts.issuer,
  userName: 'crm',
  grantType: 'clientCredentials',
  exp: NOW_S + 7_200,
  iat: NOW_S,
  jti: 'id',
  use: 'service',
}

export const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

type Signer = (input: string) => Uint8Array | string

export const rs = (key: KeyObject, hash = 'sha256'): Signer => {
  return (input) => sign(hash, Buffer.from(input), key)
}
export const ps = (key: KeyObject, hash = 'sha256'): Signer => {
  return (input) =>
    sign(hash, Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
}
export const hs = (secret: string | Uint8Array, hash = 'sha256'): Signer => {
  return (input) => createHmac(hash, secret).update(input).digest()
}

/** A token of any header and payload, objects or JSON texts, signed by our current key unless told otherwise. */
export function forge(
  changes: { header?: unknown; payload?: unknown; signer?: Signer; bytes?: Uint8Array } = {},
): string {
  const head = base64url(text(changes.header ?? header))
  const body = base64url(changes.bytes ?? text(changes.payload ?? payload))
  const signature = (changes.signer ?? rs(current.privateKey))(`${head}.${body}`)
  return `${head}.${body}.${base64url(signature)}`
}

/** `payload` with some claims changed; `undefined` takes one away. */
export const claims = (changes: Record<string, unknown>): string =>
  forge({ payload: { ...payload, ...changes } })

/** `header` with some names changed; `undefined` takes one away. */
export const headed = (changes: Record<string, unknown>, signer?: Signer): string =>
  forge({ header: { ...header, ...changes }, ...(signer === undefined ? {} : { signer }) })
