import { type Kysely, type Migration, Migrator } from 'kysely'
import { credentials } from './migrations/credentials.ts'
import { oneTime } from './migrations/one-time.ts'
import { people } from './migrations/people.ts'

// Forward only and in this order: one that has been released is never edited, the next one follows it.
const migrations: Record<string, Migration> = {
  '001-credentials': credentials,
  '002-one-time': oneTime,
  '003-people': people,
}

/**
 * Brings the database to this version's tables; replicas that start at once wait for each other.
 *
 * @throws the database's own error when one step fails
 */
export async function migrate<Tables>(database: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
