import type { Kysely } from 'kysely'
import type { Database } from '../storage/schema.ts'
import type { PeopleParts } from './parts.ts'
import { createUserId } from './user-id.ts'

export interface UserRow {
  readonly user_id: string
  readonly union_id: string
  readonly created_by: string | null
  readonly created_at: number
  readonly updated_at: number
}

// Two of 9 × 10^17 ids meet once in a lifetime of universes; more often means that the randomness is broken.
const MAX_TRIES = 5

/**
 * The unified user of a union id, made when there is none. Of any number of callers at once, on any number of
 * replicas, one makes it and all get it.
 */
export async function ensureUser(
  database: Kysely<Database>,
  { clock, random }: Pick<PeopleParts, 'clock' | 'random'>,
  unionId: string,
  createdBy: string | null,
): Promise<UserRow> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = clock.now()
    await database
      .insertInto('users')
      .values({
        user_id: createUserId(random),
        union_id: unionId,
        created_by: createdBy,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const user = await database
      .selectFrom('users')
      .selectAll()
      .where('union_id', '=', unionId)
      .executeTakeFirst()
    if (user !== undefined) return user
  }
  throw new Error(`no free user id in ${MAX_TRIES} tries: the source of randomness repeats itself`)
}
