import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Kysely, sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DatabaseTarget } from '../config/types.ts'
import { countPendingMigrations } from '../storage/migrations.ts'
import { connectPostgres, postgresError } from '../storage/postgres.ts'
import type { Database } from '../storage/schema.ts'
import { createSqlOneTime } from '../storage/sql-one-time.ts'
import { connectSqlite, sqliteError } from '../storage/sqlite.ts'
import { describeFailure } from './describe-failure.ts'
import { type Finding, failed, passed, warning } from './step.ts'
import { type NewName, tryStore, written } from './try-store.ts'
import { canMakeFile } from './writable-folder.ts'

export interface CheckedDatabase {
  readonly finding: Finding
  /** Open, with the tables of this version. */
  readonly database: Kysely<Database> | undefined
}

type Times = Pick<Clock, 'now' | 'monotonic'>

/**
 * Whether the database answers, has this version's tables and can be written.
 *
 * Nothing is made and nothing is migrated: an older service may be running on it.
 */
export async function checkDatabase(
  target: DatabaseTarget,
  clock: Times,
  newName: NewName,
): Promise<CheckedDatabase> {
  if (target.kind === 'postgres') {
    const database = connectPostgres(target.url, () => undefined)
    const { host, pathname } = new URL(target.url)
    return look(database, clock, newName, {
      name: async () => `PostgreSQL ${await postgresVersion(database)} at ${host}${pathname}`,
      wrap: (error) => postgresError(target.url, error),
    })
  }
  if (target.file === ':memory:') return unusable(nowhere)
  const file = resolve(target.file)
  if (!(await exists(file))) return unusable(await notThereYet(file))
  try {
    return await look(connectSqlite(file), clock, newName, {
      name: async () => `SQLite in ${file}`,
      wrap: (error) => sqliteError(file, error),
    })
  } catch (error) {
    return unusable(describeFailure(sqliteError(file, error)))
  }
}

const unusable = (finding: Finding): CheckedDatabase => ({ finding, database: undefined })

async function look(
  database: Kysely<Database>,
  clock: Times,
  newName: NewName,
  words: { readonly name: () => Promise<string>; readonly wrap: (error: unknown) => Error },
): Promise<CheckedDatabase> {
  try {
    const name = await words.name()
    const pending = await countPendingMigrations(database)
    if (pending > 0) {
      await database.destroy()
      return unusable(behind(name, pending))
    }
    await tryStore(createSqlOneTime(database, clock), newName)
    return {
      finding: passed(`${name} has the tables of this version${written(newName)}.`),
      database,
    }
  } catch (error) {
    await database.destroy()
    return unusable(describeFailure(words.wrap(error)))
  }
}

async function postgresVersion(database: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ server_version: string }>`show server_version`.execute(database)
  return /^[\d.]+/.exec(rows[0]?.server_version ?? '')?.[0] ?? ''
}

async function notThereYet(file: string): Promise<Finding> {
  if (await canMakeFile(file)) {
    return passed(`${file} is not there yet; wx-h5 serve makes it at its first start.`)
  }
  return failed(
    `${file} is not there, and this user cannot make it.`,
    'Give this user the right to write its folder, or set "database" to another sqlite:PATH.',
    '请让当前用户可以写入该目录，或把 database 改为其他 sqlite:PATH。',
  )
}

function behind(name: string, pending: number): Finding {
  return warning(
    `${name} answers, and lacks ${pending} of this version's changes to the tables.`,
    'wx-h5 serve of this version makes them at its start; back up the database first. The doctor changes nothing.',
    '本版本的 wx-h5 serve 会在启动时完成升级，请先备份数据库。doctor 不会修改任何内容。',
  )
}

const nowhere = warning(
  'Everything is kept in memory.',
  'Set "database" to sqlite:PATH or postgres://…: otherwise every restart forgets people, logins, tokens and tickets.',
  '请把 database 设为 sqlite:PATH 或 postgres://…：否则每次重启都会丢失用户、登录状态、token 和 ticket。',
)

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
