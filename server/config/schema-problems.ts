import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import type { Disclosure } from './disclosure.ts'
import { formatKeyPath, type KeyPath, valueAt } from './key-path.ts'
import { adviseUnknownKey } from './nearest-key.ts'
import { readRule } from './rule-text.ts'

interface Located extends ConfigProblem {
  readonly path: KeyPath
}

/** Turns what the schema found into one problem per key; `raw` is what was checked. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  raw: unknown,
  disclosure: Disclosure,
): ConfigProblem[] {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => unknownKey(issue.path, name, disclosure))
      : [],
  )
  // A misspelt key is one mistake, not an unknown key and a missing one.
  const meant = new Set(unknown.flatMap(({ meantKey }) => meantKey))
  const broken = issues
    .filter((issue) => issue.code !== 'unrecognized_keys')
    .map((issue) => brokenRule(issue, raw, disclosure))
    .filter((problem) => !(meant.has(problem.key) && valueAt(raw, problem.path) === undefined))
  return [...unknown, ...broken].map(({ key, message }) => ({ key, message }))
}

function unknownKey(path: KeyPath, name: string, disclosure: Disclosure): Located & { meantKey: string[] } {
  const advice = adviseUnknownKey(objectPath(path), name)
  const shown = disclosure.showName(name)
  const meantKey =
    advice.likely && advice.nearest !== undefined ? [formatKeyPath([...path, advice.nearest])] : []
  const key = shown === name ? formatKeyPath([...path, name]) : joinKey(formatKeyPath(path), shown)
  return { path: [...path, name], key, message: advice.sentence, meantKey }
}

function brokenRule(issue: z.core.$ZodIssue, raw: unknown, disclosure: Disclosure): Located {
  const key = formatKeyPath(issue.path)
  const value = valueAt(raw, issue.path)
  const { expects, remedy, suggestion } = readRule(issue.message)
  const shown = disclosure.show(key, value)
  const located = {
    path: issue.path,
    key: issue.path.some((step) => disclosure.showName(String(step)) !== String(step))
      ? hideSteps(issue.path, disclosure)
      : key,
  }
  if (value === undefined) return { ...located, message: `is missing: it ${sentence(expects, '', remedy)}` }
  const given = shown === undefined ? '' : `, got ${shown}`
  const advice = suggestion === '' || shown === undefined ? remedy : `${remedy}: "${suggestion}"`
  return { ...located, message: sentence(expects, given, advice) }
}

const sentence = (expects: string, given: string, remedy: string): string =>
  `${expects}${given}${remedy === '' ? '' : `; ${remedy}`}`

const joinKey = (parent: string, name: string): string => (parent === '' ? name : `${parent}.${name}`)

const objectPath = (path: KeyPath): string => formatKeyPath(path).replace(/\[\d+\]/g, '[]')

function hideSteps(path: KeyPath, disclosure: Disclosure): string {
  return formatKeyPath(
    path.map((step) => (typeof step === 'number' ? step : disclosure.showName(String(step)))),
  )
}
