import type { Selectable } from 'kysely'
import type { FansTable } from '../storage/people-tables.ts'
import { ensureUser } from './ensure-user.ts'
import type { PeopleParts } from './parts.ts'
import { storing } from './storage-failure.ts'

/** Somebody whom WeChat has just told us about, never the virtual person of a snapshot page. */
export interface Visitor {
  readonly appId: string
  readonly openid: string
  readonly unionid?: string
  readonly nickname?: string
  readonly headImgUrl?: string
}

export type Recognise = (visitor: Visitor) => Promise<{ userId?: string }>

const MAX_TEXT = 1_024

/**
 * Remembers who was here (a fan by account and openid, a unified user by unionid) and answers the user's id.
 *
 * Who is known and unchanged costs one read and no write. A unionid that was learned earlier is remembered for
 * visits that do not show it.
 *
 * @throws {ServiceError} `storage_unavailable`
 */
export function createRecognise(parts: PeopleParts): Recognise {
  const { database, clock } = parts

  function find(visitor: Visitor) {
    return database
      .selectFrom('fans')
      .leftJoin('users', 'users.union_id', 'fans.union_id')
      .select(['fans.union_id', 'fans.nickname', 'fans.head_img_url', 'users.user_id'])
      .where('fans.app_id', '=', visitor.appId)
      .where('fans.open_id', '=', visitor.openid)
      .executeTakeFirst()
  }

  async function write(visitor: Visitor, learned: Partial<Learned>): Promise<void> {
    const now = clock.now()
    await database
      .insertInto('fans')
      .values({
        app_id: visitor.appId,
        open_id: visitor.openid,
        ...learned,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(['app_id', 'open_id']).doUpdateSet({ ...learned, updated_at: now }),
      )
      .execute()
  }

  return (visitor) =>
    storing(async () => {
      const learned = learnedFrom(visitor)
      const known = await find(visitor)
      if (known !== undefined && nothingNew(known, learned)) {
        if (known.user_id !== null) return { userId: known.user_id }
        if (known.union_id === null) return {}
      }
      const unionId = learned.union_id ?? known?.union_id
      const user = unionId ? await ensureUser(database, parts, unionId, null) : undefined
      await write(visitor, learned)
      return user === undefined ? {} : { userId: user.user_id }
    })
}

type Learned = Pick<Selectable<FansTable>, 'union_id' | 'nickname' | 'head_img_url'>

// An empty text is WeChat's way of not telling, and takes nothing away that we know.
function learnedFrom({ unionid, nickname, headImgUrl }: Visitor): Partial<Learned> {
  return {
    ...(unionid ? { union_id: unionid } : {}),
    ...(nickname ? { nickname: storable(nickname) } : {}),
    ...(headImgUrl ? { head_img_url: storable(headImgUrl) } : {}),
  }
}

function nothingNew(known: Learned, learned: Partial<Learned>): boolean {
  return Object.entries(learned).every(([column, value]) => known[column as keyof Learned] === value)
}

// PostgreSQL refuses NUL and half characters, SQLite cuts at NUL; a nickname must not stop anybody from logging in.
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, MAX_TEXT).toWellFormed()
}
