import { type Fan, fromRow } from './fan.ts'
import type { PeopleParts } from './parts.ts'
import { storing } from './storage-failure.ts'

export type FindFan = (userId: string, appId: string) => Promise<Fan | undefined>

/**
 * The fan that a unified user is in one account; `undefined` when there is none.
 *
 * @throws {ServiceError} `storage_unavailable`
 */
export function createFindFan({ database }: PeopleParts): FindFan {
  return (userId, appId) =>
    storing(async () => {
      const row = await database
        .selectFrom('users')
        .innerJoin('fans', 'fans.union_id', 'users.union_id')
        .selectAll('fans')
        .select(['users.user_id', 'users.union_id'])
        .where('users.user_id', '=', userId)
        .where('fans.app_id', '=', appId)
        .orderBy('fans.updated_at', 'desc')
        .orderBy('fans.fan_id', 'desc')
        .executeTakeFirst()
      return row === undefined ? undefined : fromRow(row, row.union_id, row.user_id)
    })
}
