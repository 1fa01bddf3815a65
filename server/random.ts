import { randomBytes } from 'node:crypto'

/** Cryptographically random bytes; handed in so that tests can foresee them. */
export type RandomBytes = (size: number) => Uint8Array

export const systemRandom: RandomBytes = (size) => randomBytes(size)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
// The largest multiple of the alphabet below 256: a byte from there on would favour the first letters.
const limit = 256 - (256 % alphabet.length)
const poolSize = 4096

/**
 * Makes a source of random texts of `[a-zA-Z0-9]`: nonces, request ids.
 *
 * Characters are drawn by the pool and cut off it, because one call of the system's generator costs as much as a
 * whole signature, and a text put together from characters a tenth of one.
 *
 * @param length characters per text; 16 hold 95 random bits
 */
export function createRandomText(random: RandomBytes, length = 16): () => string {
  let pool = ''
  let next = 0
  return () => {
    while (pool.length - next < length) {
      pool = pool.slice(next) + drawPool(random)
      next = 0
    }
    next += length
    return pool.slice(next - length, next)
  }
}

function drawPool(random: RandomBytes): string {
  const codes = Buffer.alloc(poolSize)
  let drawn = 0
  for (const byte of random(poolSize)) {
    if (byte < limit) codes[drawn++] = alphabet.charCodeAt(byte % alphabet.length)
  }
  return codes.toString('latin1', 0, drawn)
}

/** A number from 0 up to, but not including, 1: for jitter, where nothing depends on it being secret. */
export function randomFraction(random: RandomBytes): number {
  const bytes = random(4)
  return (((bytes[0] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0)) / 0x1000000
}
