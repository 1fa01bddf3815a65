import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { readRsaKey } from '../config/key-rules.ts'

/** A key that signs service tokens. */
export interface SigningKey {
  /** First 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A key that encrypts phone numbers. */
export interface PhoneKey {
  /** First 16 hexadecimal digits of the SHA-256 of the key. */
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** The key that is used for new things, then those that only read old ones. */
export type Rotation<Key> = readonly [current: Key, ...previous: Key[]]

/** Every key of our own. */
export interface Keys {
  readonly ssoToken: Rotation<SigningKey>
  readonly phone: Rotation<PhoneKey>
  /** 32 bytes. */
  readonly phoneIndex: Buffer
}

/** Reads an RSA private key in PEM that the configuration's rules have accepted. */
export function readSigningKey(pem: string): SigningKey {
  const privateKey = readRsaKey(pem)
  const publicKey = createPublicKey(privateKey)
  return { kid: fingerprint(publicKey.export({ type: 'spki', format: 'der' })), privateKey, publicKey }
}

/** Reads 32 bytes of base64 that the configuration's rules have accepted. */
export function readPhoneKey(base64: string): PhoneKey {
  const key = Buffer.from(base64, 'base64')
  return { id: fingerprint(key), key }
}

/** The keys as JSON Web Key Set (RFC 7517): public parts only. */
export function publicKeySet(keys: Rotation<SigningKey>): { readonly keys: readonly object[] } {
  return {
    keys: keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    })),
  }
}

function fingerprint(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
