import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../storage/schema.ts'

/**
 * Runs `work` in one transaction: all of it is stored, or nothing.
 *
 * The first statement of `work` must write. SQLite then waits for its turn right there; a transaction that read
 * first would be refused when somebody else wrote in between.
 *
 * @throws what `work` threw, also when SQLite has undone a transaction by itself and rolling back fails
 */
export async function atomically<Result>(
  database: Kysely<Database>,
  work: (transaction: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  const failures: unknown[] = []
  try {
    return await database.transaction().execute(async (transaction) => {
      try {
        return await work(transaction)
      } catch (error) {
        failures.push(error)
        throw error
      }
    })
  } catch (error) {
    throw failures.length > 0 ? failures[0] : error
  }
}
