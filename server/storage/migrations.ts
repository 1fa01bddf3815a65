import { setTimeout as delay } from 'node:timers/promises'
import { DEFAULT_MIGRATION_TABLE, type Kysely, type Migration, Migrator, SqliteAdapter, sql } from 'kysely'
import { credentialLedger } from './migrations/credential-ledger.ts'
import { credentials } from './migrations/credentials.ts'
import { oneTime } from './migrations/one-time.ts'
import { people } from './migrations/people.ts'

// Forward only and in this order: one that has been released is never edited, the next one follows it.
const migrations: Record<string, Migration> = {
  '001-credentials': credentials,
  '002-one-time': oneTime,
  '003-people': people,
  '004-credential-ledger': credentialLedger,
}

const LOCK_WAIT_MS = 30_000
const LOCK_RETRY_MS = 20

/**
 * Brings the database to this version's tables; replicas that start at once wait for each other.
 *
 * @throws the database's own error when one step fails
 */
export async function migrate<Tables>(database: Kysely<Tables>): Promise<void> {
  const isSqlite = database.getExecutor().adapter instanceof SqliteAdapter
  await (isSqlite ? database.connection().execute(migrateSqlite) : toLatest(database))
}

/** How many steps the database is behind this version; nothing is changed. */
export async function countPendingMigrations<Tables>(database: Kysely<Tables>): Promise<number> {
  const steps = await migratorOf(database).getMigrations()
  return steps.filter(({ executedAt }) => executedAt === undefined).length
}

function migratorOf<Tables>(database: Kysely<Tables>, known = migrations): Migrator {
  return new Migrator({ db: database, provider: { getMigrations: async () => known } })
}

// In a rolling upgrade, and after a rollback, the tables are those of a later version. They only add to ours, but the
// migrator takes steps that it does not know for a damaged database.
async function laterOnes<Tables>(database: Kysely<Tables>): Promise<Record<string, Migration>> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return {}
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(database)
  const unknown = rows.filter(({ name }) => !Object.hasOwn(migrations, name))
  return Object.fromEntries(unknown.map(({ name }) => [name, { up: async () => undefined }]))
}

async function toLatest<Tables>(database: Kysely<Tables>): Promise<void> {
  const known = { ...migrations, ...(await laterOnes(database)) }
  const { error } = await migratorOf(database, known).migrateToLatest()
  if (error !== undefined) throw error
}

// For SQLite the migrator neither locks nor opens a transaction: two processes would make the same tables, and one
// that is killed halfway would leave half of them.
async function migrateSqlite<Tables>(connection: Kysely<Tables>): Promise<void> {
  await lock(connection)
  try {
    await toLatest(connection)
    await sql`commit`.execute(connection)
  } catch (error) {
    await sql`rollback`.execute(connection)
    throw error
  }
}

/** Waits without blocking: whoever holds the lock may be another connection of this very process. */
async function lock<Tables>(connection: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ timeout: number }>`pragma busy_timeout`.execute(connection)
  await sql`pragma busy_timeout = 0`.execute(connection)
  for (let waitedMs = 0; ; waitedMs += LOCK_RETRY_MS) {
    try {
      await sql`begin immediate`.execute(connection)
      break
    } catch (error) {
      if (!isBusy(error) || waitedMs >= LOCK_WAIT_MS) throw error
      await delay(LOCK_RETRY_MS)
    }
  }
  await sql`pragma busy_timeout = ${sql.lit(rows[0]?.timeout ?? 0)}`.execute(connection)
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
