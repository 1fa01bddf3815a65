import type { ConfigProblem } from './config-error.ts'
import type { Disclosure } from './disclosure.ts'
import { formatKeyPath, type KeyPath } from './key-path.ts'

/** The values of environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface Expanded {
  readonly value: unknown
  /** Key path of every text that came from the environment → that text. */
  readonly referenced: ReadonlyMap<string, string>
  readonly missing: readonly MissingVariable[]
}

interface MissingVariable {
  readonly key: string
  readonly name: string
  readonly reason: 'not_set' | 'empty' | 'no_name'
}

const numbers = new Set(['port', 'trustedProxies', 'points', 'perSeconds'])
const lists = new Set(['apiHosts', 'pageOrigins', 'redirects', 'publicCards', 'scopes', 'ssoToken', 'phone'])

/**
 * Replaces every text `env:NAME` by the value of that variable.
 *
 * Variables only hold text: where the configuration wants a number, digits become one, and where it wants a list
 * of texts, commas separate them.
 */
export function expandReferences(raw: unknown, environment: Environment): Expanded {
  const referenced = new Map<string, string>()
  const missing: MissingVariable[] = []

  const replace = (text: string, path: KeyPath): unknown => {
    const key = formatKeyPath(path)
    const name = text.slice('env:'.length)
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (!/^[A-Za-z_]\w*$/.test(name)) missing.push({ key, name, reason: 'no_name' })
    else if (value === undefined) missing.push({ key, name, reason: 'not_set' })
    else if (value === '') missing.push({ key, name, reason: 'empty' })
    else {
      referenced.set(key, value)
      return convert(value, path)
    }
    return undefined
  }

  const walk = (value: unknown, path: KeyPath): unknown => {
    if (typeof value === 'string') return value.startsWith('env:') ? replace(value, path) : value
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return Object.fromEntries(entries.map(([name, inner]) => [name, walk(inner, [...path, name])]))
  }

  return { value: walk(raw, []), referenced, missing }
}

/** The items of a comma separated list, without the white space around them. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Says for each reference that could not be replaced which key and which variable it is about. */
export function missingVariableProblems(expanded: Expanded, disclosure: Disclosure): ConfigProblem[] {
  return expanded.missing.map(({ key, name, reason }) => {
    const shown = disclosure.showName(name)
    if (reason === 'no_name') {
      return {
        key,
        message: '"env:" must be followed by the name of an environment variable, such as "env:WX_SECRET"',
      }
    }
    const state = reason === 'empty' ? 'is empty' : 'is not set'
    return { key, message: `the environment variable ${shown} ${state}: set it, or write the value here` }
  })
}

function convert(value: string, path: KeyPath): unknown {
  const name = path.findLast((step) => typeof step === 'string')
  const direct = path.at(-1) === name
  const wantsNumber = direct ? numbers.has(String(name)) : name === 'portIds'
  if (wantsNumber && /^\d{1,15}$/.test(value)) return Number(value)
  if (direct && lists.has(String(name))) return splitList(value)
  if (direct && name === 'portIds')
    return splitList(value).map((item) => (/^\d{1,15}$/.test(item) ? Number(item) : item))
  return value
}
