import { ConfigError } from './config-error.ts'
import { locateJsonError } from './json-error.ts'

/** Returns the text of a file, or throws what `node:fs` throws. */
export type ReadTextFile = (path: string) => string

/**
 * Reads a JSON file; a byte order mark at its beginning is fine.
 *
 * @throws {ConfigError} with the one reason: no such file, a folder, not readable, or the line and column where
 * it stops being JSON. The text of the file is never repeated.
 */
export function readJsonFile(path: string, readFile: ReadTextFile): unknown {
  const text = readOrExplain(path, readFile).replace(/^\ufeff/, '')
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const { line, column, reason } = locateJsonError(text)
    throw new ConfigError([
      { key: path, message: `is not valid JSON at line ${line}, column ${column}: ${reason}` },
    ])
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: check the path given to --config',
  EISDIR: 'is a folder: give the path of the JSON file in it',
  EACCES: 'must not be read by this user: give the user of this process the right to read it',
  EPERM: 'must not be read by this user: give the user of this process the right to read it',
}

function readOrExplain(path: string, readFile: ReadTextFile): string {
  try {
    return readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new ConfigError([{ key: path, message: reasons[code] ?? `cannot be read (${code})` }])
  }
}
