import { createHmac } from 'node:crypto'
import type { CredentialKind } from './credential.ts'

// 22 characters of base64url hold 132 bits: enough that two values never share a tag.
const TAG_LENGTH = 22

/**
 * Makes the entity tag of one token or ticket.
 *
 * It depends on the value and on the AppSecret alone: the same on every replica and after a restart or a flushed
 * store, another one for every other value, and without the AppSecret it tells nothing about the value.
 */
export function credentialTag(appSecret: string, kind: CredentialKind, value: string): string {
  const mac = createHmac('sha256', appSecret).update(`etag ${kind} ${value}`).digest('base64url')
  return `"${mac.slice(0, TAG_LENGTH)}"`
}

/** Whether `If-None-Match` names this tag: a list of tags, weak or strong, or `*` (RFC 9110, 13.1.2). */
export function matchesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? []
  return tags.includes(tag)
}
