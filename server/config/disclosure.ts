import { printable } from './key-path.ts'

/** Decides which given values an error line may repeat. */
export interface Disclosure {
  /** The value as it may be printed, or `undefined` when it must not be. */
  show(key: string, value: unknown): string | undefined
  /** The name of a key or variable; something that looks like a secret is replaced. */
  showName(name: string): string
}

const LONGEST_SHOWN = 80
const SHORTEST_SECRET = 4
const SECRET_NAME = /secret|password|passwd|token|private|aeskey|^redis$|^phone(Index)?$/i

/**
 * Makes the judge for one configuration: values at keys that hold secrets, values that came from the environment,
 * text that contains one of those, and text that looks like a credential are never shown.
 *
 * @param raw the configuration with its references replaced
 * @param referenced key paths whose value came from the environment
 */
export function createDisclosure(raw: unknown, referenced: ReadonlyMap<string, string>): Disclosure {
  const secrets = [...new Set([...collectSecrets(raw, false), ...referenced.values()])].filter(
    (secret) => secret.length >= SHORTEST_SECRET,
  )
  const revealing = (text: string): boolean =>
    looksLikeCredential(text) || secrets.some((secret) => text.includes(secret))
  return {
    show(key, value) {
      if (isSecretName(key) || [...referenced.keys()].some((path) => key.startsWith(path))) return undefined
      if (Array.isArray(value)) return 'a list'
      if (typeof value === 'object' && value !== null) return 'an object'
      if (revealing(String(value))) return undefined
      if (typeof value !== 'string') return String(value)
      const text = printable(JSON.stringify(value))
      return text.length <= LONGEST_SHOWN
        ? text
        : `${text.slice(0, LONGEST_SHOWN)}… (${value.length} characters)`
    },
    showName: (name) => (revealing(name) ? '(a name that is not shown)' : printable(name)),
  }
}

/** Long runs of mixed letters and digits, 32 hex digits, and passwords inside an address or its query. */
function looksLikeCredential(text: string): boolean {
  if (/:\/\/[^/?#]*@|[?&](password|pass|sslpassword)=/i.test(text)) return true
  return (text.match(/[A-Za-z0-9+_=-]{24,}/g) ?? []).some((run) => /[0-9]/.test(run) && /[A-Za-z]/.test(run))
}

function isSecretName(key: string): boolean {
  const name = key.split('.').at(-1) ?? key
  return SECRET_NAME.test(name.replace(/\[\d+\]$/, '')) && name !== 'accessToken' && name !== 'tokenApi'
}

function collectSecrets(value: unknown, insideSecret: boolean): string[] {
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    return entries.flatMap(([name, inner]) => collectSecrets(inner, insideSecret || isSecretName(name)))
  }
  const shown = value === null || value === undefined || typeof value === 'boolean'
  return insideSecret && !shown ? [String(value)] : []
}
