import { ServiceError } from '../errors.ts'

const RETRY_AFTER_S = 5
// Read-only, full, broken or locked; a violated constraint or a wrong statement is our own mistake and no outage.
const SQLITE =
  /^SQLITE_(?:READONLY|FULL|IOERR|CANTOPEN|BUSY|LOCKED|CORRUPT|NOTADB|PERM|AUTH|NOMEM|PROTOCOL)(?:_|$)/
// Classes of SQLSTATE: connection, authorization, resources, operator, system; then single codes: read-only,
// database gone, serialization failure, deadlock, lock not available.
const SQLSTATE = /^(?:(?:08|28|53|57|58)\w{3}|25006|3D000|40001|40P01|55P03)$/
const NETWORK =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/
// The PostgreSQL client gives these no code.
const CLIENT =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered a connection error|was closed))/

/**
 * Runs `work` and turns a database that cannot be reached, read or written into one answer: nothing was acknowledged.
 *
 * @throws {ServiceError} `storage_unavailable`
 */
export async function storing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isStorageFailure(error)) throw error
    throw new ServiceError('storage_unavailable', 'The database cannot be used at the moment.', {
      hint: 'Nothing was stored by this request: send it again later. If it lasts, check that the database runs, is writable and its disk is not full. 本次请求未保存任何内容，请稍后重试；如持续出现，请检查数据库是否可写、磁盘是否已满。',
      retryAfterS: RETRY_AFTER_S,
      cause: error,
    })
  }
}

/** Whether the database is in trouble, as opposed to a mistake in what we asked of it. */
export function isStorageFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.some(isStorageFailure)) return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return SQLITE.test(code) || SQLSTATE.test(code) || NETWORK.test(code) || CLIENT.test(error.message)
}
