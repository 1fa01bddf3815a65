import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { migrate } from './migrations.ts'
import type { Database } from './schema.ts'
import { reasonOf, StorageError } from './storage-error.ts'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 5_000

/**
 * Connects to PostgreSQL and brings its tables up to date.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param onError told of connections that break while nobody uses them; the pool replaces them
 * @throws {StorageError} when the server cannot be reached or refuses, without the password
 */
export async function openPostgres(
  url: string,
  onError: (error: unknown) => void,
): Promise<Kysely<Database>> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    max: 10,
  })
  pool.on('error', onError)
  const database = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.destroy()
    const { host, pathname } = new URL(url)
    throw new StorageError(
      `database: cannot use PostgreSQL at ${host}${pathname} (${reasonOf(error)}). Check that it runs, that this machine may connect, and user, password and database in "database". 无法连接 PostgreSQL，请检查 database 配置。`,
      { cause: error },
    )
  }
}
