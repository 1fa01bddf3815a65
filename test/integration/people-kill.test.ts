import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPhoneVault } from '../../server/people/phone-vault.ts'
import { systemRandom } from '../../server/random.ts'
import { openPostgres } from '../../server/storage/postgres.ts'
import type { Database } from '../../server/storage/schema.ts'
import { openSqlite } from '../../server/storage/sqlite.ts'
import { type BundledScript, bundleScript } from '../support/bundle-script.ts'
import { type Acknowledged, writerKeys } from '../support/people-writer.ts'
import { temporaryPostgres } from '../support/postgres.ts'

const KILLS = 50
/** Writers at a time, each with a database of its own. */
const CHAINS = 2

let writer: BundledScript
let folder: string
beforeAll(async () => {
  writer = await bundleScript('test/support/people-writer.ts')
  folder = writer.folder
}, 60_000)
afterAll(() => writer.remove())

interface Run {
  readonly acknowledged: Acknowledged[]
  readonly ended: number | NodeJS.Signals | null
  readonly errors: string
}

/** Starts a writer; with `killAfter`, SIGKILL hits it in whatever it does after that many acknowledgements. */
async function runWriter(place: string, options: { killAfter: number } | { times: number }): Promise<Run> {
  const times = 'times' in options ? [String(options.times)] : []
  const child = spawn(process.execPath, [writer.file, place, ...times])
  const acknowledged: Acknowledged[] = []
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<Run['ended']>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may be cut off where the process was: it is no acknowledgement then.
    if (line.endsWith('}')) acknowledged.push(JSON.parse(line) as Acknowledged)
    if ('killAfter' in options && acknowledged.length === options.killAfter) child.kill('SIGKILL')
  }
  return { acknowledged, ended: await ended, errors }
}

/** What is missing of what was acknowledged, and batches of which only a part is there. */
async function findLosses(database: Kysely<Database>, acknowledged: Acknowledged[]): Promise<unknown[]> {
  const vault = createPhoneVault(writerKeys, systemRandom)
  const users = new Map(
    (await database.selectFrom('users').selectAll().execute()).map((row) => [row.union_id, row.user_id]),
  )
  const phones = new Map(
    (await database.selectFrom('user_phones').selectAll().execute()).map((row) => [
      row.user_id,
      vault.open(row.user_id, { keyId: row.key_id, sealed: row.sealed }),
    ]),
  )
  const fans = await database.selectFrom('fans').select(['open_id', 'union_id', 'remark']).execute()
  const fanUnions = new Map(fans.map((row) => [row.open_id, row.union_id]))
  const batches = new Map<string, number>()
  for (const { remark } of fans) if (remark !== null) batches.set(remark, (batches.get(remark) ?? 0) + 1)
  const lost = acknowledged.filter((line) => {
    if (line.kind === 'fans') return !line.openIds.every((openId) => fanUnions.has(openId))
    if (users.get(line.unionId) !== line.userId) return true
    return line.kind === 'user'
      ? phones.get(line.userId) !== line.phone
      : fanUnions.get(line.openId) !== line.unionId
  })
  return [...lost, ...[...batches].filter(([, size]) => size !== 5)]
}

async function killAgainAndAgain(file: string, kills: number): Promise<number> {
  const everything: Acknowledged[] = []
  for (let round = 0; round < kills; round++) {
    const killAfter = randomInt(1, 60)
    const { acknowledged, ended, errors } = await runWriter(file, { killAfter })
    expect(ended, errors).toBe('SIGKILL')
    everything.push(...acknowledged)
    const database = await openSqlite(file)
    expect(await findLosses(database, everything), `kill ${round} after ${killAfter}`).toEqual([])
    const { rows } = await sql`pragma integrity_check`.execute(database)
    expect(rows).toEqual([{ integrity_check: 'ok' }])
    await database.destroy()
  }
  return everything.length
}

test(`nothing acknowledged is lost and no batch is halved when the process is killed ${KILLS} times`, {
  timeout: 300_000,
}, async () => {
  const chains = Array.from({ length: CHAINS }, (_, chain) =>
    killAgainAndAgain(join(folder, `${chain}.db`), KILLS / CHAINS),
  )
  const counts = await Promise.all(chains)
  for (const count of counts) expect(count).toBeGreaterThanOrEqual(KILLS / CHAINS)
})

test('processes that start on an empty SQLite file at once share it and lose nothing', {
  timeout: 120_000,
}, async () => {
  const file = join(folder, 'shared.db')
  const runs = await Promise.all(Array.from({ length: 3 }, () => runWriter(file, { times: 90 })))
  for (const { ended, errors } of runs) expect(ended, errors).toBe(0)
  const database = await openSqlite(file)
  const acknowledged = runs.flatMap((run) => run.acknowledged)
  expect(acknowledged).toHaveLength(270)
  expect(await findLosses(database, acknowledged)).toEqual([])
  await database.destroy()
})

test('processes that start on an empty PostgreSQL database at once share it and lose nothing', {
  timeout: 120_000,
}, async (context) => {
  const temporary = await temporaryPostgres()
  if (temporary === undefined) return context.skip()
  const { url } = temporary
  const runs = await Promise.all(Array.from({ length: 3 }, () => runWriter(url, { times: 90 })))
  for (const { ended, errors } of runs) expect(ended, errors).toBe(0)
  const database = await openPostgres(url, () => undefined)
  const acknowledged = runs.flatMap((run) => run.acknowledged)
  expect(acknowledged).toHaveLength(270)
  expect(await findLosses(database, acknowledged)).toEqual([])
  await database.destroy()
  await temporary.drop()
})
