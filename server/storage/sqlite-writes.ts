import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type Sqlite from 'libsql'

const BEGIN = /^\s*begin\b/i
const COMMIT = /^\s*commit\s*;?\s*$/i
const ROLLBACK = /^\s*rollback\s*;?\s*$/i
const READ = /^\s*(?:select|pragma|explain)\b/i

/**
 * Makes every write wait for its turn before its statement starts.
 *
 * A prepared statement of libsql that fails with SQLITE_BUSY stays in progress until it is garbage-collected. Until
 * then SQLite commits nothing on this connection: single writes report success and are lost with the process, and
 * transactions cannot end. So the lock is taken by `exec`, which leaves nothing behind; a statement that already
 * has the lock is never busy.
 *
 * @throws SqliteError `SQLITE_BUSY` when another process holds the lock for longer than `busy_timeout`; nothing was
 *   written then
 */
export function takeTurns(connection: Sqlite.Database): SqliteDatabase {
  // When the disk is full SQLite may have rolled back by itself.
  function rollback(): void {
    if (connection.inTransaction) connection.exec('rollback')
  }

  function write<Result>(run: () => Result): Result {
    if (connection.inTransaction) return run()
    connection.exec('begin immediate')
    try {
      const result = run()
      connection.exec('commit')
      return result
    } catch (error) {
      rollback()
      throw error
    }
  }

  return {
    close: () => void connection.close(),
    prepare(sql) {
      if (BEGIN.test(sql)) return control(() => connection.exec('begin immediate'))
      if (COMMIT.test(sql)) return control(() => connection.exec(sql))
      if (ROLLBACK.test(sql)) return control(rollback)
      const statement = connection.prepare(sql)
      const turn = READ.test(sql) ? <Result>(run: () => Result) => run() : write
      return {
        reader: statement.reader,
        all: (parameters) => turn(() => statement.all(parameters)),
        run: (parameters) => turn(() => statement.run(parameters)),
        iterate: (parameters) => statement.iterate(parameters),
      }
    },
  }
}

function control(run: () => unknown): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      run()
      return { changes: 0, lastInsertRowid: 0 }
    },
    iterate: () => [][Symbol.iterator](),
  }
}
