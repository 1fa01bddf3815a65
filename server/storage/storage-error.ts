/** A database cannot be used; `message` names it and the configuration key. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
}

/** The reason in a database driver's error, which may be an aggregate of several addresses that failed. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
