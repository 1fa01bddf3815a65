import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { openPostgres } from '../../server/storage/postgres.ts'
import { lendAnswering } from '../../server/storage/postgres-pool.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(context: { skip(): never }) {
  const postgres = await temporaryPostgres()
  if (postgres === undefined) return context.skip()
  const real = new URL(postgres.url)
  const proxy: TcpProxy = await createTcpProxy({ host: real.hostname, port: Number(real.port || 5432) })
  real.host = `127.0.0.1:${proxy.port}`
  const pool = new pg.Pool({ connectionString: real.href, max: 1 })
  pool.on('error', () => undefined)
  const lender = lendAnswering(pool, 200)
  closers.push(postgres.drop, proxy.close, lender.end)
  return { proxy, lender }
}

test('a connection that stays silent is not lent again', async (context) => {
  const { proxy, lender } = await start(context)
  const first = await lender.connect()
  await first.query('select 1', [])
  proxy.inject({ kind: 'black_hole', forGood: true })
  await expect(first.query('select 2', [])).rejects.toThrow('did not answer within 200 ms')
  proxy.mend()
  await expect(first.query('rollback', [])).rejects.toThrow('did not answer within 200 ms')
  first.release()
  const second = await lender.connect()
  expect((await second.query<{ three: number }>('select 3 as three', [])).rows).toEqual([{ three: 3 }])
  second.release()
  expect(proxy.accepted).toBe(2)
})

test('a connection that breaks while nobody asks on it ends neither the process nor the next loan', async (context) => {
  const { proxy, lender } = await start(context)
  const first = await lender.connect()
  await first.query('select 1', [])
  proxy.cut()
  await expect
    .poll(() => first.query('select 2', []).catch((error: Error) => error.message))
    .toMatch(/terminated/)
  proxy.mend()
  first.release()
  const second = await lender.connect()
  expect((await second.query<{ three: number }>('select 3 as three', [])).rows).toEqual([{ three: 3 }])
  second.release()
})

test('an error of a query does not cost the connection', async (context) => {
  const { proxy, lender } = await start(context)
  const first = await lender.connect()
  await expect(first.query('select nonsense', [])).rejects.toThrow('nonsense')
  first.release()
  const second = await lender.connect()
  await second.query('select 1', [])
  second.release()
  expect(proxy.accepted).toBe(1)
})

test('who stops in the middle of a transaction does not keep its locks from the others', async (context) => {
  const postgres = await temporaryPostgres()
  if (postgres === undefined) return context.skip()
  const one = await openPostgres(postgres.url, () => undefined)
  const other = await openPostgres(postgres.url, () => undefined)
  closers.push(
    postgres.drop,
    () => one.destroy(),
    () => other.destroy(),
  )
  let goOn: () => void = () => undefined
  let locked: () => void = () => undefined
  const isLocked = new Promise<void>((resolve) => (locked = resolve))
  const stopped = one.transaction().execute(async (transaction) => {
    await transaction.updateTable('credential_sequence').set({ value: 1 }).execute()
    locked()
    await new Promise<void>((resolve) => (goOn = resolve))
    await transaction.updateTable('credential_sequence').set({ value: 2 }).execute()
  })
  await isLocked
  await other.updateTable('credential_sequence').set({ value: 3 }).execute()
  goOn()
  await expect(stopped).rejects.toThrow()
  const { value } = await other.selectFrom('credential_sequence').select('value').executeTakeFirstOrThrow()
  expect(Number(value)).toBe(3)
})
