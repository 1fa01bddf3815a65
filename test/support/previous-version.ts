import { type Kysely, type Migration, Migrator, sql } from 'kysely'
import { credentials } from '../../server/storage/migrations/credentials.ts'
import { oneTime } from '../../server/storage/migrations/one-time.ts'
import { people } from '../../server/storage/migrations/people.ts'

/** The tables as version 0.1.0 made them. A migration that was released is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '001-credentials': credentials,
  '002-one-time': oneTime,
  '003-people': people,
}

export interface PreviousCredential {
  readonly value: string
  readonly obtainedAt: number
  readonly expiresAt: number
  readonly generation: number
}

/** What version 0.1.0 says to the database, statement by statement. */
export interface PreviousVersion {
  migrate(): Promise<void>
  writeCredential(appId: string, kind: string, credential: PreviousCredential): Promise<void>
  readCredential(appId: string, kind: string): Promise<PreviousCredential | undefined>
  putOnce(key: string, value: string, expiresAt: number): Promise<void>
  takeOnce(key: string): Promise<string | undefined>
  addUser(userId: string, unionId: string): Promise<void>
  addPhone(userId: string, phone: { index: string; keyId: string; sealed: string }): Promise<void>
  addFan(appId: string, openId: string, unionId: string, nickname: string): Promise<void>
  nicknameOf(userId: string, appId: string): Promise<string | undefined>
}

export function createPreviousVersion(database: Kysely<unknown>): PreviousVersion {
  const now = Date.now()
  return {
    async migrate() {
      const provider = { getMigrations: async () => MIGRATIONS }
      const { error } = await new Migrator({ db: database, provider }).migrateToLatest()
      if (error !== undefined) throw error
    },
    async writeCredential(appId, kind, { value, obtainedAt, expiresAt, generation }) {
      await sql`insert into credentials (app_id, kind, value, obtained_at, expires_at, generation)
        values (${appId}, ${kind}, ${value}, ${obtainedAt}, ${expiresAt}, ${generation})
        on conflict (app_id, kind) do update set value = ${value}, obtained_at = ${obtainedAt},
          expires_at = ${expiresAt}, generation = ${generation}
        where credentials.generation < ${generation}`.execute(database)
    },
    async readCredential(appId, kind) {
      const { rows } = await sql<{
        value: string
        obtained_at: number | string
        expires_at: number | string
        generation: number | string
      }>`select value, obtained_at, expires_at, generation from credentials
        where app_id = ${appId} and kind = ${kind}`.execute(database)
      const [row] = rows
      return row === undefined
        ? undefined
        : {
            value: row.value,
            obtainedAt: Number(row.obtained_at),
            expiresAt: Number(row.expires_at),
            generation: Number(row.generation),
          }
    },
    async putOnce(key, value, expiresAt) {
      await sql`insert into one_time (key, value, expires_at) values (${key}, ${value}, ${expiresAt})
        on conflict (key) do update set value = ${value}, expires_at = ${expiresAt}`.execute(database)
    },
    async takeOnce(key) {
      const { rows } = await sql<{ value: string }>`delete from one_time where key = ${key}
        returning value, expires_at`.execute(database)
      return rows[0]?.value
    },
    async addUser(userId, unionId) {
      await sql`insert into users (user_id, union_id, created_by, created_at, updated_at)
        values (${userId}, ${unionId}, ${'backend'}, ${now}, ${now}) on conflict do nothing`.execute(database)
    },
    async addPhone(userId, { index, keyId, sealed }) {
      await sql`insert into user_phones (user_id, phone_index, key_id, sealed, created_at)
        values (${userId}, ${index}, ${keyId}, ${sealed}, ${now})
        on conflict do nothing returning user_id`.execute(database)
    },
    async addFan(appId, openId, unionId, nickname) {
      await sql`insert into fans (app_id, open_id, union_id, nickname, created_at, updated_at)
        values (${appId}, ${openId}, ${unionId}, ${nickname}, ${now}, ${now})
        on conflict (app_id, open_id) do update set union_id = excluded.union_id,
          nickname = coalesce(excluded.nickname, fans.nickname), updated_at = excluded.updated_at
        where fans.union_id is null or fans.union_id = excluded.union_id returning open_id`.execute(database)
    },
    async nicknameOf(userId, appId) {
      const { rows } = await sql<{ nickname: string }>`select fans.*, users.user_id from users
        inner join fans on fans.union_id = users.union_id
        where users.user_id = ${userId} and fans.app_id = ${appId}
        order by fans.updated_at desc, fans.fan_id desc`.execute(database)
      return rows[0]?.nickname
    },
  }
}
