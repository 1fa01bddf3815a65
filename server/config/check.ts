import { ConfigError, type ConfigProblem } from './config-error.ts'
import { crossProblems } from './cross-checks.ts'
import { createDisclosure } from './disclosure.ts'
import { type Environment, type Expanded, missingVariableProblems } from './references.ts'
import { configSchema } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import type { Config } from './types.ts'

/**
 * Checks a configuration whose references are replaced, applies `PORT`, fills in defaults and freezes it.
 *
 * @param rename turns a key path into the name the operator knows it by
 * @throws {ConfigError} with every mistake, one per key
 */
export function checkConfig(
  expanded: Expanded,
  environment: Environment,
  rename: (key: string) => string = (key) => key,
): Config {
  const disclosure = createDisclosure(expanded.value, expanded.referenced)
  const checked = configSchema.safeParse(expanded.value)
  const port = readPort(environment)
  const problems = onePerKey([
    ...missingVariableProblems(expanded, disclosure),
    ...(checked.success ? [] : schemaProblems(checked.error.issues, expanded.value, disclosure)),
    ...crossProblems(expanded.value, disclosure),
  ]).map(({ key, message }) => ({ key: key === '' ? 'configuration' : rename(key), message }))
  if (port.problem !== undefined) problems.push(port.problem)
  if (problems.length > 0 || !checked.success) throw new ConfigError(problems)
  const config = checked.data
  return freeze(
    port.value === undefined ? config : { ...config, listen: { ...config.listen, port: port.value } },
  )
}

function readPort(environment: Environment): { value?: number; problem?: ConfigProblem } {
  const text = environment.PORT?.trim() ?? ''
  if (text === '') return {}
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return { value: Number(text) }
  const message = 'the environment variable must be a whole number from 0 to 65535; correct or unset it'
  return { problem: { key: 'PORT', message } }
}

function onePerKey(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const first = new Map<string, ConfigProblem>()
  for (const problem of problems) if (!first.has(problem.key)) first.set(problem.key, problem)
  return [...first.values()]
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
