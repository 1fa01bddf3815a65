import { ConfigError, type ConfigProblem } from '../../../server/config/config-error.ts'

/** The problems a call reports; fails when it reports none. */
function problemsOf(load: () => unknown): readonly ConfigProblem[] {
  try {
    load()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('expected a ConfigError, but the configuration was accepted')
}

/** The lines of a ConfigError, as an operator sees them. */
export const linesOf = (load: () => unknown): string[] =>
  problemsOf(load).map(({ key, message }) => `${key}: ${message}`)
