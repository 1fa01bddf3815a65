import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

export type Target =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/**
 * Opens the configured database with this version's tables in it.
 *
 * @throws {StorageError} when it cannot be used
 */
export async function openDatabase(
  target: Target,
  onError: (error: unknown) => void,
): Promise<Kysely<Database>> {
  // Only the driver that is configured is loaded.
  if (target.kind === 'postgres') {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(target.url, onError)
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(target.file)
}
