import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, SqliteDialect, sql } from 'kysely'
import Sqlite from 'libsql'
import { afterEach, expect, test } from 'vitest'
import { takeTurns } from '../../../server/storage/sqlite-writes.ts'

interface Tables {
  notes: { text: string }
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Two connections to one file, as two processes have them; the first one is in the hands of the test. */
async function openTwo(): Promise<{ other: Sqlite.Database; database: Kysely<Tables> }> {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-turns-'))
  closers.push(() => rm(folder, { recursive: true }))
  const [other, connection] = [new Sqlite(join(folder, 'a.db')), new Sqlite(join(folder, 'a.db'))]
  other.exec('pragma journal_mode = WAL')
  other.exec('create table notes (text text primary key)')
  connection.exec('pragma busy_timeout = 10')
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: takeTurns(connection) }) })
  closers.push(() => database.destroy())
  closers.push(async () => other.close())
  return { other, database }
}

const seenBy = (other: Sqlite.Database) => other.prepare('select text from notes order by text').all([])
const add = (database: Kysely<Tables>, text: string) => database.insertInto('notes').values({ text })

test('after a write that another process blocked, the next ones are really stored', async () => {
  const { other, database } = await openTwo()
  other.exec('begin immediate')
  await expect(add(database, 'plain').execute()).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  await expect(add(database, 'returning').returning('text').execute()).rejects.toMatchObject({
    code: 'SQLITE_BUSY',
  })
  await expect(
    database.transaction().execute((transaction) => add(transaction, 'transaction').execute()),
  ).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  other.exec('rollback')

  await add(database, '1').execute()
  expect(await add(database, '2').returning('text').execute()).toEqual([{ text: '2' }])
  await database.transaction().execute(async (transaction) => {
    await add(transaction, '3').execute()
    await add(transaction, '4').execute()
  })
  expect(seenBy(other)).toEqual([{ text: '1' }, { text: '2' }, { text: '3' }, { text: '4' }])
})

test('a transaction that reads first is not overtaken by another process', async () => {
  const { other, database } = await openTwo()
  await database.transaction().execute(async (transaction) => {
    expect(await transaction.selectFrom('notes').selectAll().execute()).toEqual([])
    other.exec('pragma busy_timeout = 0')
    expect(() => other.exec("insert into notes values ('other')")).toThrow('database is locked')
    await add(transaction, 'mine').execute()
  })
  expect(seenBy(other)).toEqual([{ text: 'mine' }])
})

test('reads do not wait for a writer', async () => {
  const { other, database } = await openTwo()
  other.exec("begin immediate; insert into notes values ('not yet')")
  expect(await database.selectFrom('notes').selectAll().execute()).toEqual([])
  other.exec('commit')
  expect(await database.selectFrom('notes').selectAll().execute()).toEqual([{ text: 'not yet' }])
})

test('a write that fails leaves nothing open, alone and in a transaction', async () => {
  const { other, database } = await openTwo()
  await add(database, 'taken').execute()
  await expect(add(database, 'taken').execute()).rejects.toMatchObject({
    code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  })
  await expect(
    database.transaction().execute(async (transaction) => {
      await add(transaction, 'undone').execute()
      await add(transaction, 'taken').execute()
    }),
  ).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
  await sql`pragma query_only = on`.execute(database)
  await expect(add(database, 'read-only').execute()).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
  await sql`pragma query_only = off`.execute(database)
  other.exec("insert into notes values ('other')")
  await add(database, 'own').execute()
  expect(seenBy(other)).toEqual([{ text: 'other' }, { text: 'own' }, { text: 'taken' }])
})

test('what SQLite has rolled back by itself does not hide why', async () => {
  const { other, database } = await openTwo()
  const failing = database.transaction().execute(async (transaction) => {
    await add(transaction, 'undone').execute()
    await sql`rollback`.execute(transaction)
    throw new Error('the disk is full')
  })
  await expect(failing).rejects.toThrow('the disk is full')
  await add(database, 'later').execute()
  expect(seenBy(other)).toEqual([{ text: 'later' }])
})

test('changes and the number of the last row are told', async () => {
  const { database } = await openTwo()
  const [result] = await database
    .insertInto('notes')
    .values([{ text: 'a' }, { text: 'b' }])
    .execute()
  expect(result?.numInsertedOrUpdatedRows).toBe(2n)
  expect((await database.deleteFrom('notes').executeTakeFirst()).numDeletedRows).toBe(2n)
})
