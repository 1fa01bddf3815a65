import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import type { RandomBytes } from '../random.ts'

export interface PhoneKeys {
  /** 32 bytes each. The first one encrypts, all of them decrypt; an id is never given to another key. */
  readonly phone: readonly { readonly id: string; readonly key: Uint8Array }[]
  /** 32 bytes; cannot be changed later, because numbers are found by it. */
  readonly phoneIndex: Uint8Array
}

interface SealedPhone {
  readonly keyId: string
  /** Base64 of initialization vector (12 bytes), ciphertext and tag (16 bytes). */
  readonly sealed: string
}

interface PhoneVault {
  /** Encrypts with the first key; the result opens in this user's row only. */
  seal(userId: string, phone: string): SealedPhone
  /** @throws Error when the key is gone, or the text was changed or stood in another row */
  open(userId: string, sealed: SealedPhone): string
  /** A keyed hash: the same number gives the same text, which tells nothing without the key. */
  index(phone: string): string
}

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Keeps phone numbers unreadable at rest: AES-256-GCM with key ids, and HMAC-SHA-256 to find them. */
export function createPhoneVault(keys: PhoneKeys, random: RandomBytes): PhoneVault {
  const byId = new Map(keys.phone.map(({ id, key }) => [id, key]))
  const [current] = keys.phone
  if (current === undefined) throw new TypeError('"keys.phone" must hold at least one key')
  return {
    seal(userId, phone) {
      const iv = random(IV_BYTES)
      const cipher = createCipheriv(CIPHER, current.key, iv).setAAD(boundTo(userId, current.id))
      const parts = [iv, cipher.update(phone, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return { keyId: current.id, sealed: Buffer.concat(parts).toString('base64') }
    },
    open(userId, { keyId, sealed }) {
      const key = byId.get(keyId)
      if (key === undefined) throw new Error(`the phone key ${keyId} is not among keys.phone any more`)
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(boundTo(userId, keyId))
        .setAuthTag(bytes.subarray(-TAG_BYTES))
      const phone = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES))
      return Buffer.concat([phone, decipher.final()]).toString('utf8')
    },
    index: (phone) => createHmac('sha256', keys.phoneIndex).update(`phone:${phone}`).digest('base64url'),
  }
}

function boundTo(userId: string, keyId: string): Buffer {
  return Buffer.from(`user_phones:${userId}:${keyId}`)
}
