/** Prints to the standard output. */
export function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

/** Prints to the standard error output. */
export function printError(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`)
}

/** Prints one JSON document to the standard output. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2))
}
