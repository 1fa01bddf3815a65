import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database } from '../storage/schema.ts'
import type { Credential, CredentialKind } from './credential.ts'
import { createSqlLedger } from './sql-ledger.ts'
import type { CredentialStore } from './store.ts'

/** Keeps credentials in the database: a restart makes no call to WeChat, and replicas share them. */
export function createSqlStore(database: Kysely<Database>, clock: Pick<Clock, 'now'>): CredentialStore {
  const ledger = createSqlLedger(database, clock)

  async function read(appId: string, kind: CredentialKind): Promise<Credential | undefined> {
    const row = await database
      .selectFrom('credentials')
      .select(['value', 'obtained_at', 'expires_at', 'generation'])
      .where('app_id', '=', appId)
      .where('kind', '=', kind)
      .executeTakeFirst()
    if (row === undefined) return undefined
    return {
      value: row.value,
      obtainedAt: Number(row.obtained_at),
      expiresAt: Number(row.expires_at),
      generation: Number(row.generation),
    }
  }

  return {
    read,
    async write(appId, kind, credential) {
      const columns = {
        value: credential.value,
        obtained_at: credential.obtainedAt,
        expires_at: credential.expiresAt,
        generation: credential.generation,
      }
      const written = await database
        .insertInto('credentials')
        .values({ app_id: appId, kind, ...columns })
        .onConflict((conflict) =>
          conflict
            .columns(['app_id', 'kind'])
            .doUpdateSet(columns)
            .where('credentials.generation', '<', credential.generation),
        )
        .returning('generation')
        .executeTakeFirst()
      if (written === undefined) return (await read(appId, kind)) ?? credential
      await ledger.note(appId, kind)
      return credential
    },
    turn: ledger.turn,
    changes: ledger.changes,
  }
}
