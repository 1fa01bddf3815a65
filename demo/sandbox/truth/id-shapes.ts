import { createHash } from 'node:crypto'

type Random = (size: number) => Uint8Array

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
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

/** A code of web page authorization: 32 letters and digits, the first one 0. */
export function makeCode(random: Random): string {
  return `0${[...random(31)].map((byte) => ALPHANUMERIC[byte % ALPHANUMERIC.length]).join('')}`
}

/** An access_token or refresh_token of a visitor. */
export function makeSnsToken(random: Random): string {
  return `59_${base64url(random(63))}`
}

/** The id of a question a page asks once. */
export function makeOneTimeId(random: Random): string {
  return hex(random(16))
}

/** 28 characters that begin with `o`; the five after it belong to the account. The same for the same two. */
export function openidOf(appId: string, visitorId: string): string {
  return `o${lettersOf(`account ${appId}`, 5)}${lettersOf(`openid ${appId} ${visitorId}`, 22)}`
}

/** 28 characters that begin with `p`; the five after it are those of the account's openids. */
export function cardIdOf(appId: string, name: string): string {
  return `p${lettersOf(`account ${appId}`, 5)}${lettersOf(`card ${appId} ${name}`, 22)}`
}

/** The code of a card: 12 digits. */
export function makeCardCode(random: Random): string {
  return [...random(12)].map((byte) => byte % 10).join('')
}

/** What stands for a code until the merchant decrypts it: 64 characters of plain base64, `+` and `/` included. */
export function makeEncryptCode(random: Random): string {
  return Buffer.from(random(48)).toString('base64')
}

/** 28 characters that begin with `o`; the same in all accounts of one open platform. */
export function unionidOf(openPlatform: string, visitorId: string): string {
  return `o${lettersOf(`unionid ${openPlatform} ${visitorId}`, 27)}`
}

function lettersOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length)
}
