import { type ExpressionBuilder, sql, type Transaction } from 'kysely'
import { ServiceError } from '../errors.ts'
import type { FanColumns } from '../storage/people-tables.ts'
import type { Database } from '../storage/schema.ts'
import { type NewFan, toRow } from './fan.ts'
import type { PeopleParts } from './parts.ts'
import { storing } from './storage-failure.ts'

export type AddFans = (appId: string, fans: readonly NewFan[]) => Promise<void>

/** Rows per statement: SQLite takes 32,766 values in one, and every row has 22. */
const CHUNK = 500

const MERGED = [
  'subscribe',
  'nickname',
  'sex',
  'sex_desc',
  'city',
  'country',
  'province',
  'language',
  'head_img_url',
  'subscribed_at',
  'remark',
  'group_id',
  'tag_ids',
  'subscribe_scene',
  'qr_scene',
  'qr_scene_str',
  'group_name',
] as const satisfies readonly (keyof FanColumns)[]

/**
 * Stores the fans of one account, all of them or none; a second time changes nothing but what is new.
 *
 * A fan is found again by account and openId; what a row leaves out stays as it was. A fan belongs to the unified
 * user with the same union id, whichever of the two is added first.
 *
 * @param fans no openId twice
 * @throws {ServiceError} `user_conflict` naming row and field, and nothing is stored: `userId` is not the user of
 *   this `unionId`, or the fan is known with another `unionId`; `storage_unavailable`
 */
export function createAddFans({ database, clock }: PeopleParts): AddFans {
  /** Users and their union ids never change, so this holds also after somebody else has written. */
  async function assertUsers(fans: readonly NewFan[]): Promise<void> {
    const claimed = fans.flatMap(({ userId }) => (userId === undefined ? [] : [userId]))
    const unionIds = new Map<string, string>()
    for (let start = 0; start < claimed.length; start += CHUNK) {
      const rows = await database
        .selectFrom('users')
        .select(['user_id', 'union_id'])
        .where('user_id', 'in', claimed.slice(start, start + CHUNK))
        .execute()
      for (const row of rows) unionIds.set(row.user_id, row.union_id)
    }
    const wrong = fans.flatMap(({ userId, unionId }, index) =>
      userId === undefined || unionIds.get(userId) === unionId ? [] : [`fans[${index}].userId`],
    )
    if (wrong.length > 0) throw conflict(wrong, 'is not the user of the unionId in the same row', WRONG_USER)
  }

  return (appId, fans) =>
    storing(async () => {
      if (fans.length === 0) return
      await assertUsers(fans)
      const now = clock.now()
      // In one order for everybody: two replicas with the same fans wait for each other instead of locking up.
      const sorted = [...fans].sort((a, b) => (a.openId < b.openId ? -1 : 1))
      await database.transaction().execute(async (transaction) => {
        const stored = new Set<string>()
        for (let start = 0; start < sorted.length; start += CHUNK) {
          const rows = sorted.slice(start, start + CHUNK).map((fan) => toRow(appId, fan, now))
          for (const openId of await upsert(transaction, rows)) stored.add(openId)
        }
        const refused = fans.flatMap(({ openId }, index) =>
          stored.has(openId) ? [] : [`fans[${index}].unionId`],
        )
        if (refused.length > 0)
          throw conflict(refused, 'differs from the unionId that is known for this openId', OTHER_UNION)
      })
    })
}

async function upsert(
  transaction: Transaction<Database>,
  rows: readonly ReturnType<typeof toRow>[],
): Promise<string[]> {
  const written = await transaction
    .insertInto('fans')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'open_id'])
        .doUpdateSet((expression) => ({
          union_id: expression.ref('excluded.union_id'),
          ...Object.fromEntries(MERGED.map((column) => [column, newerOrKnown(column)])),
          updated_at: expression.ref('excluded.updated_at'),
        }))
        .where(sameUnionId),
    )
    .returning('open_id')
    .execute()
  return written.map((row) => row.open_id)
}

function newerOrKnown(column: (typeof MERGED)[number]) {
  return sql`coalesce(${sql.ref(`excluded.${column}`)}, ${sql.ref(`fans.${column}`)})`
}

type Upserting = { fans: Database['fans']; excluded: Database['fans'] }

function sameUnionId(expression: ExpressionBuilder<Upserting, 'fans' | 'excluded'>) {
  return expression.or([
    expression('fans.union_id', 'is', null),
    expression('fans.union_id', '=', expression.ref('excluded.union_id')),
  ])
}

const NAMED = 20
const WRONG_USER =
  'Leave "userId" out, or ask addUser for the user of the unionId. 可省略 userId，或先用 addUser 查询该 unionId 对应的用户。'
const OTHER_UNION =
  'A person has one unionId in an account: compare with what WeChat answers for this openId. 同一公众号内一个 openId 只对应一个 unionId，请以微信返回的数据为准。'

function conflict(fields: readonly string[], reason: string, hint: string): ServiceError {
  const more = fields.length > NAMED ? ` and ${fields.length - NAMED} more` : ''
  return new ServiceError(
    'user_conflict',
    `${fields.slice(0, NAMED).join(', ')}${more}: ${reason}. Nothing was stored.`,
    { hint },
  )
}
