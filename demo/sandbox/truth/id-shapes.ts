type Random = (size: number) => Uint8Array

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** An access_token: two digits, an underscore, 154 characters. */
export function makeAccessToken(random: Random): string {
  const [byte = 0] = random(1)
  return `${10 + (byte % 90)}_${base64url(random(116)).slice(0, 154)}`
}

/** A ticket: 86 characters. */
export function makeTicket(random: Random): string {
  return base64url(random(64))
}

/** A request id: three groups of 8 hex digits, the first one the Unix time in seconds. */
export function makeRid(nowMs: number, random: Random): string {
  const seconds = Math.max(0, Math.floor(nowMs / 1000)) % 2 ** 32
  const rest = hex(random(8))
  return `${seconds.toString(16).padStart(8, '0')}-${rest.slice(0, 8)}-${rest.slice(8)}`
}
