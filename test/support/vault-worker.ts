import { writeSync } from 'node:fs'
import { systemClock } from '../../server/clock.ts'
import type { CredentialKind } from '../../server/credentials/credential.ts'
import { createObtain } from '../../server/credentials/obtain.ts'
import { createSqlStore } from '../../server/credentials/sql-store.ts'
import { createVault, type Vault } from '../../server/credentials/vault.ts'
import { systemRandom } from '../../server/random.ts'
import { openSqlite } from '../../server/storage/sqlite.ts'
import { createTransport } from '../../server/wechat/transport.ts'

/** One line of the worker: it is printed when the vault has handed the credential out. */
export interface HandedOut {
  readonly appId: string
  readonly of: CredentialKind
  readonly value: string
}

/** What the worker needs; its one argument, as JSON. */
export interface VaultWork {
  readonly file: string
  readonly wechat: string
  readonly appSecret: string
  /** Accounts by number: those it asks for first, and those it goes on with, one by one. */
  readonly again: readonly number[]
  readonly from: number
  readonly to: number
}

/** Numbers the accounts of all workers. */
export function workAppId(number: number): string {
  return `wx${String(number).padStart(16, '0')}`
}

const [, script, argument] = process.argv
if (script === import.meta.filename && argument !== undefined) await work(JSON.parse(argument) as VaultWork)

async function work({ file, wechat, appSecret, again, from, to }: VaultWork): Promise<void> {
  // The pauses of the vault do not keep a process alive.
  const hold = setInterval(() => undefined, 60_000)
  const database = await openSqlite(file)
  const numbers = [...again, ...Array.from({ length: to - from }, (_, offset) => from + offset)]
  const accounts = new Map(
    numbers.map(workAppId).map((appId) => [appId, { appId, appSecret, tokenApi: 'classic' as const }]),
  )
  const transport = createTransport({ apiHosts: [wechat], fetch, clock: systemClock, random: systemRandom })
  const vault: Vault = createVault({
    obtain: createObtain(transport, accounts, () => vault),
    store: createSqlStore(database, systemClock),
    clock: systemClock,
    random: systemRandom,
  })
  for (const appId of accounts.keys()) {
    for (const of of ['access_token', 'jsapi'] as const) {
      const { value } = await vault.get(appId, of)
      // At once and not through a stream: what is printed has left this process.
      writeSync(1, `${JSON.stringify({ appId, of, value } satisfies HandedOut)}\n`)
    }
  }
  await database.destroy()
  clearInterval(hold)
}
