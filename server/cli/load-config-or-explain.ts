import { readFileSync } from 'node:fs'
import { ConfigError, problemLine } from '../config/config-error.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/types.ts'
import { printError } from './output.ts'

/** Loads the configuration; on mistakes prints one line for each and nothing else, and returns `undefined`. */
export function loadConfigOrExplain(file: string | undefined): Config | undefined {
  const readFile = (path: string): string => readFileSync(path, 'utf8')
  try {
    return loadConfig({ readFile, env: process.env, ...(file === undefined ? {} : { file }) })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    printError(...error.problems.map(problemLine))
    return undefined
  }
}
