import type { CardCause } from '../card-protocol.ts'
import type { CardValue } from './card-values.ts'

/** The fields of a cardExt that take part in the signature, with the ticket and the card beside them. */
const SIGNED = ['timestamp', 'nonce_str', 'code', 'openid', 'balance'] as const

/** A cardExt as the client understands it. */
export interface CardExt {
  readonly timestamp: string
  readonly nonceStr: string
  readonly code: string
  readonly openid: string
  readonly signature: string
  /** `outer_str`, or the older `outer_id`. */
  readonly outerStr: string
  /** What is signed of it, by wire name; empty ones included. */
  readonly signed: readonly CardValue[]
  /** Everything else that stands in it, for finding mistakes. */
  readonly others: readonly CardValue[]
  /** Numbers as they were written, where reading changes them: `12345678901234567890`, `1e3`. */
  readonly writtenNumbers: readonly CardValue[]
}

export type CardExtMistake = Extract<CardCause, 'card_ext_not_text' | 'card_ext_not_json' | 'field_not_text'>

/** Reads a cardExt: JSON text whose fields are texts or numbers. */
export function readCardExt(
  cardExt: unknown,
): { ok: true; ext: CardExt } | { ok: false; mistake: CardExtMistake; field: string } {
  if (typeof cardExt !== 'string') return { ok: false, mistake: 'card_ext_not_text', field: '' }
  const fields = parseObject(cardExt)
  if (fields === undefined) return { ok: false, mistake: 'card_ext_not_json', field: '' }
  const wrong = [...SIGNED, 'signature'].find((name) => !isScalar(fields[name]))
  if (wrong !== undefined) return { ok: false, mistake: 'field_not_text', field: wrong }
  const text = (name: string): string => textOf(fields[name])
  const signed = SIGNED.map((name) => ({ name, value: text(name) }))
  const known: readonly string[] = [...SIGNED, 'signature']
  return {
    ok: true,
    ext: {
      timestamp: text('timestamp'),
      nonceStr: text('nonce_str'),
      code: text('code'),
      openid: text('openid'),
      signature: text('signature'),
      outerStr: text('outer_str') || text('outer_id'),
      signed,
      others: Object.entries(fields)
        .filter(([name, value]) => !known.includes(name) && isScalar(value) && textOf(value) !== '')
        .map(([name, value]) => ({ name, value: textOf(value) })),
      writtenNumbers: signed.flatMap(({ name, value }) => {
        const written = typeof fields[name] === 'number' ? numberIn(cardExt, name) : undefined
        return written === undefined || written === value ? [] : [{ name, value: written }]
      }),
    },
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch (_notJson) {
    return undefined
  }
}

/** An absent field and null count as empty. */
function isScalar(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || typeof value === 'number'
}

function textOf(value: unknown): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value)
}

function numberIn(text: string, name: string): string | undefined {
  return new RegExp(`"${name}"\\s*:\\s*(-?[0-9][0-9.eE+-]*)`).exec(text)?.[1]
}
