export interface JsonErrorPlace {
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1, in UTF-16 units. */
  readonly column: number
  readonly reason: string
}

/**
 * Finds where a text stops being JSON.
 *
 * The engine's own message is of no use here: it names a position only for some mistakes, and it repeats the text
 * around it, which may be a secret.
 */
export function locateJsonError(text: string): JsonErrorPlace {
  const { offset, reason } = scan(text)
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, reason }
}

interface Stop {
  readonly offset: number
  readonly reason: string
}

// What may come next: a value, a key, and so on.
type Expected = 'value' | 'value_or_end' | 'key' | 'key_or_end' | 'colon' | 'comma_or_end'

// Inside a text everything from the space on may stand, but no quote and no backslash by itself.
const token =
  /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b|[{}[\]:,]/uy
const space = /[ \t\r\n]*/y

function scan(text: string): Stop {
  const open: string[] = []
  let expected: Expected = 'value'
  let offset = 0
  for (;;) {
    space.lastIndex = offset
    offset += space.exec(text)?.[0].length ?? 0
    const finished: boolean = open.length === 0 && expected === 'comma_or_end'
    token.lastIndex = offset
    const found = token.exec(text)?.[0]
    if (found === undefined) return { offset, reason: explain(text, offset, finished) }
    const next: Expected | undefined = finished ? undefined : follow(found, expected, open)
    if (next === undefined) return { offset, reason: misplaced(found, expected, finished) }
    expected = next
    offset += found.length
  }
}

/** What may follow after `found`, or `undefined` when it may not stand here. */
function follow(found: string, expected: Expected, open: string[]): Expected | undefined {
  const inside = open.at(-1)
  if (found === '}' || found === ']') {
    const closes = found === '}' ? '{' : '['
    const allowed =
      expected === 'comma_or_end' || expected === (closes === '{' ? 'key_or_end' : 'value_or_end')
    if (inside !== closes || !allowed) return undefined
    open.pop()
    return 'comma_or_end'
  }
  if (found === ',') return expected === 'comma_or_end' ? (inside === '{' ? 'key' : 'value') : undefined
  if (found === ':') return expected === 'colon' ? 'value' : undefined
  if (expected === 'key' || expected === 'key_or_end') return found.startsWith('"') ? 'colon' : undefined
  if (expected !== 'value' && expected !== 'value_or_end') return undefined
  if (found !== '{' && found !== '[') return 'comma_or_end'
  open.push(found)
  return found === '{' ? 'key_or_end' : 'value_or_end'
}

function misplaced(found: string, expected: Expected, finished: boolean): string {
  if (finished) return 'there is more text after the end of the object'
  if ((found === '}' || found === ']') && (expected === 'key' || expected === 'value')) {
    return `a value is missing before "${found}", or the comma before it is one too many`
  }
  const wanted: Record<Expected, string> = {
    value: 'a value',
    value_or_end: 'a value or "]"',
    key: 'a key in double quotes',
    key_or_end: 'a key in double quotes or "}"',
    colon: 'a ":" after the key',
    comma_or_end: 'a comma or the closing bracket',
  }
  return `${wanted[expected]} is expected here`
}

function explain(text: string, offset: number, finished: boolean): string {
  const character = text[offset]
  if (character === undefined) {
    return text.trim() === ''
      ? 'the file is empty'
      : 'the file ends too early: a closing bracket or a value is missing'
  }
  if (/^\/[/*]/.test(text.slice(offset, offset + 2))) return 'comments are not allowed in JSON: remove it'
  if (character === "'" || character === '“' || character === '”')
    return 'texts need straight double quotes (")'
  if (character === '"') return 'this text has no end on its line, or a "\\" that is not doubled'
  if (finished) return 'there is more text after the end of the object'
  return 'there is something that is not JSON: keys and texts need double quotes'
}
