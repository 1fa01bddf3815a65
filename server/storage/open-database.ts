import type { Kysely } from 'kysely'
import { openPostgres } from './postgres.ts'
import type { Database } from './schema.ts'
import { openSqlite } from './sqlite.ts'

export type Target =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/**
 * Opens the configured database with this version's tables in it.
 *
 * @throws {StorageError} when it cannot be used
 */
export function openDatabase(target: Target, onError: (error: unknown) => void): Promise<Kysely<Database>> {
  return target.kind === 'postgres' ? openPostgres(target.url, onError) : openSqlite(target.file)
}
