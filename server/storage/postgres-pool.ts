import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { within } from '../within.ts'

/**
 * Lends connections, and closes those that broke or on which an answer did not come in time, instead of lending
 * them again.
 *
 * Where a machine is gone or a firewall forgot the connection, nothing would ever be answered on it, and the system
 * notices only after a quarter of an hour.
 *
 * @param answerMs how long an answer may take
 */
export function lendAnswering(pool: pg.Pool, answerMs: number): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect()
      let unfit: Error | undefined
      // Between two queries nobody else listens, and an error nobody listens for ends the process.
      const onBroken = (error: Error): void => {
        unfit = error
      }
      client.on('error', onBroken)
      async function query(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
        // The rollback after it, for example, would wait as long again.
        if (unfit !== undefined) throw unfit
        const silence = (): Error => {
          unfit = new Error(`PostgreSQL did not answer within ${answerMs} ms.`)
          return unfit
        }
        return within(answerMs, client.query(sql, [...parameters]), silence)
      }
      // Cursors, the other way to ask, are not used here.
      return {
        query: query as unknown as PostgresPoolClient['query'],
        release() {
          // While it is being closed it may still complain.
          if (unfit === undefined) client.off('error', onBroken)
          client.release(unfit)
        },
      }
    },
    end: () => pool.end(),
  }
}
