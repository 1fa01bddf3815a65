/** One mistake in the configuration; neither part ever holds a secret. */
export interface ConfigProblem {
  /** Where it is: a key path such as `accounts[0].pageOrigins[1]`, a variable's name, or the file. */
  readonly key: string
  /** What is wrong, what was given when it may be shown, what to do. */
  readonly message: string
}

/**
 * Every mistake of one configuration at once; `message` has one line for each.
 *
 * @example
 * throw new ConfigError([{ key: 'listen.port', message: 'must be a whole number from 0 to 65535, got "http"' }])
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(problemLine).join('\n'))
    this.problems = problems
  }
}

/** The line an operator reads for one mistake: the key, then the sentence. */
export function problemLine(problem: ConfigProblem): string {
  return `${problem.key}: ${problem.message}`
}
