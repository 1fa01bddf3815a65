import { readFileSync } from 'node:fs'
import { ConfigError, problemLine } from '../config/config-error.ts'
import { hasEnvironmentConfig } from '../config/environment-config.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/types.ts'
import { nothingConfigured } from './nothing-configured.ts'
import { printError } from './output.ts'

export type LoadedConfig =
  | { readonly config: Config; readonly mistakes?: undefined }
  | { readonly config?: undefined; readonly mistakes: readonly string[] }

/** Loads the configuration, or says all that is wrong with it, one mistake a line. */
export function loadConfigOrMistakes(file: string | undefined, command: string): LoadedConfig {
  if (file === undefined && !hasEnvironmentConfig(process.env))
    return { mistakes: nothingConfigured(command) }
  const readFile = (path: string): string => readFileSync(path, 'utf8')
  try {
    return { config: loadConfig({ readFile, env: process.env, ...(file === undefined ? {} : { file }) }) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { mistakes: error.problems.map(problemLine) }
  }
}

/** Loads the configuration; on mistakes prints one line for each and nothing else, and returns `undefined`. */
export function loadConfigOrExplain(file: string | undefined, command: string): Config | undefined {
  const { config, mistakes } = loadConfigOrMistakes(file, command)
  if (mistakes !== undefined) printError(...mistakes)
  return config
}
