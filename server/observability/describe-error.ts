/**
 * An error as the log may show it: kind, text, code and stack.
 *
 * Database drivers put rows into other fields of their errors (`detail: Key (open_id)=(…)`), and people do not belong
 * into a log.
 */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { message: 'something that is not an error was thrown' }
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { type: error.name, message: error.message, ...code, stack: error.stack ?? '' }
}
