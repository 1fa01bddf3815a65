import { chmod, mkdir, open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Kysely, SqliteDialect } from 'kysely'
import Sqlite from 'libsql'
import { migrate } from './migrations.ts'
import type { Database } from './schema.ts'
import { takeTurns } from './sqlite-writes.ts'
import { reasonOf, StorageError } from './storage-error.ts'

/**
 * Opens the embedded database and brings its tables up to date.
 *
 * The file holds living tokens, so only its owner may read it (0600).
 *
 * @param path of the file, or `:memory:`
 * @throws {StorageError} when the file cannot be opened, read or written
 */
export async function openSqlite(path: string): Promise<Kysely<Database>> {
  const file = path === ':memory:' ? path : resolve(path)
  try {
    if (file !== ':memory:') await createPrivateFile(file)
    const database = connectSqlite(file)
    await migrate(database)
    return database
  } catch (error) {
    throw sqliteError(file, error)
  }
}

/** Opens a file as it is, tables and rights included. @throws the driver's own error */
export function connectSqlite(file: string): Kysely<Database> {
  const connection = new Sqlite(file)
  // First: switching to WAL needs the file for itself, and another process may be starting too.
  connection.exec('pragma busy_timeout = 2000')
  connection.exec('pragma journal_mode = WAL')
  // What was acknowledged survives a power cut too, for one flush of the disk per commit.
  connection.exec('pragma synchronous = FULL')
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: takeTurns(connection) }) })
}

/** Says what cannot be used, why, and what to do. */
export function sqliteError(file: string, error: unknown): StorageError {
  return new StorageError(
    `database: cannot use the file ${file} (${reasonOf(error)}). Check that this user may read and write it and its folder, or set "database" to another sqlite:PATH. 无法使用数据库文件，请检查权限或修改 database 配置。`,
    { cause: error },
  )
}

// Before SQLite makes it, so that the files it puts beside it (-wal, -shm) are born as private.
async function createPrivateFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a', 0o600)
  await handle.close()
  await chmod(file, 0o600)
}
