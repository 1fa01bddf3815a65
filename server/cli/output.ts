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

/** Lets the reader of our output leave, as `head` does: what it did not want is dropped, and the command goes on. */
export function letReadersLeave(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    })
  }
}
