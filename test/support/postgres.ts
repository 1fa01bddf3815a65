import { randomBytes } from 'node:crypto'
import pg from 'pg'

const SERVER = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/**
 * A PostgreSQL database of this run's own; `undefined`, with one visible line, where no server answers.
 * With CI=true a missing server is a failure.
 */
export async function temporaryPostgres(): Promise<{ url: string; drop(): Promise<void> } | undefined> {
  const name = `wx_h5_test_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 3_000 })
  try {
    await admin.connect()
  } catch (error) {
    const line = `PostgreSQL does not answer at ${new URL(SERVER).host}: its tests are skipped. Start one (apt-get install postgresql) or set DATABASE_URL.`
    if (process.env.CI === 'true') throw new Error(line, { cause: error })
    console.warn(line)
    return undefined
  }
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
