import { checkConfig } from './check.ts'
import { configFromEnvironment } from './environment-config.ts'
import { type ReadTextFile, readJsonFile } from './json-file.ts'
import { type Environment, expandReferences } from './references.ts'
import type { Config } from './types.ts'

export interface LoadConfigOptions {
  /** Path of the JSON file; without it, the environment alone must name an account (`WX_APP_ID` …). */
  readonly file?: string
  readonly readFile: ReadTextFile
  readonly env: Environment
}

/**
 * Loads the configuration from a file or, without one, from the environment alone.
 *
 * `PORT` in the environment takes precedence over `listen.port` either way.
 *
 * @throws {ConfigError} with every mistake at once
 * @example
 * const config = loadConfig({ file: 'wx-h5.json', readFile: (path) => readFileSync(path, 'utf8'), env: process.env })
 */
export function loadConfig(options: LoadConfigOptions): Config {
  if (options.file === undefined) return configFromEnvironment(options.env)
  return parseConfig(readJsonFile(options.file, options.readFile), options.env)
}

/**
 * Checks a configuration that is already parsed JSON, fills in every default and freezes it deeply.
 *
 * @param raw what `JSON.parse` returned
 * @param env where `"env:NAME"` takes its values from; default: no variables
 * @throws {ConfigError} with every mistake at once
 * @example
 * const config = parseConfig({ accounts: [{ appId: 'wx0123456789abcdef', appSecret: 'env:WX_SECRET' }] }, process.env)
 */
export function parseConfig(raw: unknown, env: Environment = {}): Config {
  return checkConfig(expandReferences(raw, env), env)
}
