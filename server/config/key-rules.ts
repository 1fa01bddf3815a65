import { createPrivateKey, type KeyObject } from 'node:crypto'
import { rule } from './rule-text.ts'

/** Shorter RSA keys are refused, as `jose` and RFC 7518 do. */
export const MIN_RSA_BITS = 2_048

const RSA = `must be an RSA private key of ${MIN_RSA_BITS} bits or more, PKCS#8 PEM`
const BYTES = 'must be 32 random bytes as base64'

const makeRsa = 'make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048'
const makeBytes = 'make them with: openssl rand -base64 32'

/** What is wrong with an RSA private key, or `undefined`. */
export function rsaKeyProblem(pem: string): string | undefined {
  const key = tryPrivateKey(pem)
  if (key === undefined)
    return rule(RSA, `it cannot be read: write the whole PEM without a passphrase, or ${makeRsa}`)
  if (key.asymmetricKeyType !== 'rsa') return rule(RSA, `it is a key of another kind: ${makeRsa}`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return bits < MIN_RSA_BITS ? rule(RSA, `it has ${bits} bits: ${makeRsa}`) : undefined
}

/** Reads an RSA private key that has passed {@link rsaKeyProblem}. */
export function readRsaKey(pem: string): KeyObject {
  return createPrivateKey(withLineBreaks(pem))
}

/** What is wrong with a key of 32 bytes, or `undefined`. */
export function bytesKeyProblem(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 32 && bytes.toString('base64') === text ? undefined : rule(BYTES, makeBytes)
}

function tryPrivateKey(pem: string): KeyObject | undefined {
  try {
    return readRsaKey(pem)
  } catch {
    return undefined
  }
}

// Environment variables and one-line files often hold the two characters \n in place of a line break.
const withLineBreaks = (pem: string): string => pem.replaceAll('\\n', '\n')
