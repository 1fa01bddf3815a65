/** Longest token that is looked at, in characters; ours have about 800, with a key of 4096 bits about 1,150. */
const MAX_LENGTH = 4_096

type JsonObject = Readonly<Record<string, unknown>>

export interface TokenText {
  readonly header: JsonObject
  readonly payload: JsonObject
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Takes a token apart (rule T1): three parts, each the one base64url text of its bytes; header and payload are
 * JSON objects that name nothing twice. `undefined` when it is anything else.
 */
export function readTokenText(token: string): TokenText | undefined {
  if (token.length > MAX_LENGTH) return undefined
  const [headerText, payloadText, signature, ...more] = token.split('.').map(decode)
  if (headerText === undefined || payloadText === undefined || more.length > 0) return undefined
  if (signature === undefined) return undefined
  const [header, payload] = [readObject(headerText), readObject(payloadText)]
  return header === undefined || payload === undefined ? undefined : { header, payload }
}

function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  // Node reads many spellings of the same bytes; only one is written back the same.
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined
}

function readObject(bytes: Buffer): JsonObject | undefined {
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.keys(value).length === countNames(text) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

/** How many names the outermost object of a JSON text gives, repeated ones included. */
function countNames(json: string): number {
  let depth = 0
  let names = 0
  for (const [piece] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (piece === '{' || piece === '[') depth++
    else if (piece === '}' || piece === ']') depth--
    else if (piece === ':' && depth === 1) names++
  }
  return names
}
