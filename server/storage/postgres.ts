import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { migrate } from './migrations.ts'
import { lendAnswering } from './postgres-pool.ts'
import type { Database } from './schema.ts'
import { reasonOf, StorageError } from './storage-error.ts'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 5_000
/** A server that cannot be reached any more cannot end the statement either. */
const ANSWER_TIMEOUT_MS = 6_000
/** A process that stops, or loses its network, in a transaction must not keep its locks from the others. */
const IDLE_TRANSACTION_MS = 2_000

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
  const database = connectPostgres(url, onError)
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.destroy()
    throw postgresError(url, error)
  }
}

/** Makes the pool of connections, without asking the server for anything yet. */
export function connectPostgres(url: string, onError: (error: unknown) => void): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    max: 10,
  })
  // Every idle connection reports the same loss.
  let lost = false
  pool.on('error', (error) => {
    if (!lost) onError(error)
    lost = true
  })
  pool.on('connect', () => {
    lost = false
  })
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: lendAnswering(pool, ANSWER_TIMEOUT_MS) }),
  })
}

/** Says what cannot be used, why, and what to do; without the password. */
export function postgresError(url: string, error: unknown): StorageError {
  const { host, pathname } = new URL(url)
  return new StorageError(
    `database: cannot use PostgreSQL at ${host}${pathname} (${reasonOf(error)}). Check that it runs, that this machine may connect, and user, password and database in "database". 无法连接 PostgreSQL，请检查 database 配置。`,
    { cause: error },
  )
}
