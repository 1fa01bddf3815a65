import { type Kysely, type Migration, Migrator } from 'kysely'

// Forward only: a migration that has been released is never edited, the next one follows it.
const migrations: Record<string, Migration> = {
  '2026-11-21-credentials': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('credentials')
        .addColumn('app_id', 'varchar(64)', (column) => column.notNull())
        .addColumn('kind', 'varchar(32)', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('obtained_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('generation', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('credentials_key', ['app_id', 'kind'])
        .execute()
    },
  },
}

/** Brings the database to this version's tables. @throws the database's own error when one step fails. */
export async function migrate<Tables>(database: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
