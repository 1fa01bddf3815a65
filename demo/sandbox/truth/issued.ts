import type { IssuedSnapshot } from '../types.ts'

/** WeChat renews inside the last five minutes, and keeps the former token alive for five minutes. */
export const OVERLAP_MS = 300_000
export const DEFAULT_LIFE_S = 7200
const REMEMBERED = 200

/** A token or ticket with its announced and its real end. */
export interface Issued {
  readonly value: string
  readonly issuedAt: number
  readonly expiresAt: number
  endsAt: number
}

export function issue(value: string, now: number, lifeS: number): Issued {
  const expiresAt = now + lifeS * 1000
  return { value, issuedAt: now, expiresAt, endsAt: expiresAt }
}

export function isValid(issued: Issued, now: number): boolean {
  return now < issued.endsAt
}

export function remainingS(issued: Issued, now: number): number {
  return Math.floor((issued.expiresAt - now) / 1000)
}

/** True when the newest one has at least five minutes left, so that WeChat gives it out again. */
export function isKept(issued: Issued | undefined, now: number): issued is Issued {
  return issued !== undefined && isValid(issued, now) && issued.expiresAt - now >= OVERLAP_MS
}

/** Adds the newest and forgets the oldest; returns what was forgotten. */
export function remember(list: Issued[], issued: Issued): Issued[] {
  list.push(issued)
  return list.splice(0, Math.max(0, list.length - REMEMBERED))
}

export function snapshotOf(list: readonly Issued[], now: number): IssuedSnapshot[] {
  return list.map((issued) => ({ ...issued, valid: isValid(issued, now) }))
}
