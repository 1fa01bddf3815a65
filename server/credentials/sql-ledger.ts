import { type Kysely, PostgresAdapter, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { CredentialLedgerTable, Database } from '../storage/schema.ts'
import type { Credential, CredentialKind } from './credential.ts'
import type { Ledger, Turn } from './ledger.ts'
import type { SharedFailure } from './shared-failure.ts'
import type { Change, Changes } from './store.ts'

/** More than this many changes come in portions. */
const PORTION = 200

const MAX_TRIES = 20

/** The ledger's side of the SQL store. */
export interface SqlLedger {
  turn<Answer>(appId: string, kind: CredentialKind, take: Turn<Answer>): Promise<Answer>
  changes(cursor: string | undefined): Promise<Changes>
  /** Numbers a change of a credential, for those who hold an older one. */
  note(appId: string, kind: CredentialKind): Promise<void>
}

/**
 * Leases, budgets and the numbers of changes, in the database.
 *
 * On PostgreSQL time is the server's, so that replicas with different clocks agree; a SQLite file has one machine.
 * Every change is one statement: nothing is locked while this process thinks. A turn is written only where the
 * number is still the one that was seen.
 */
export function createSqlLedger(database: Kysely<Database>, clock: Pick<Clock, 'now'>): SqlLedger {
  const isPostgres = database.getExecutor().adapter instanceof PostgresAdapter
  const now = (): RawBuilder<number> =>
    isPostgres ? sql`(extract(epoch from clock_timestamp()) * 1000)::bigint` : sql`${clock.now()}`
  // On PostgreSQL the one row of the sequence stays locked until the commit, so that numbers become visible in
  // their order; SQLite has one writer at a time.
  const next = isPostgres
    ? sql<number>`(select value from next)`
    : sql<number>`(select coalesce(max(changed), 0) + 1 from credential_ledger)`
  const numbered = () =>
    isPostgres
      ? database.with('next', (with_) =>
          with_
            .updateTable('credential_sequence')
            .set(({ eb }) => ({ value: eb('value', '+', 1) }))
            .returning('value'),
        )
      : database

  const rows = () =>
    database
      .selectFrom('credential_ledger as l')
      .leftJoin('credentials as c', (join) =>
        join.onRef('c.app_id', '=', 'l.app_id').onRef('c.kind', '=', 'l.kind'),
      )
      .selectAll('l')
      .select(['c.value', 'c.obtained_at', 'c.expires_at', 'c.generation as value_generation'])

  async function look(appId: string, kind: CredentialKind) {
    // Made anew each time: on SQLite the time is read when the query is made.
    const query = () =>
      rows().select(now().as('now')).where('l.app_id', '=', appId).where('l.kind', '=', kind)
    const row = await query().executeTakeFirst()
    if (row !== undefined) return row
    await database
      .insertInto('credential_ledger')
      .values({ app_id: appId, kind, failure: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return query().executeTakeFirstOrThrow()
  }

  return {
    async turn(appId, kind, take) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const row = await look(appId, kind)
        const { ledger, answer } = take(toLedger(row), toCredential(row), Number(row.now))
        if (ledger === undefined) return answer
        const written = await numbered()
          .updateTable('credential_ledger')
          .set({ ...toColumns(ledger), changed: next })
          .where('app_id', '=', appId)
          .where('kind', '=', kind)
          .where('changed', '=', row.changed)
          .returning('changed')
          .executeTakeFirst()
        if (written !== undefined) return answer
      }
      throw new Error(`no turn in ${MAX_TRIES} tries`)
    },

    async changes(cursor) {
      const { value } = await database
        .selectFrom('credential_ledger')
        .select(({ fn }) => fn.max('changed').as('value'))
        .executeTakeFirstOrThrow()
      const latest = Number(value ?? 0)
      const since = Number(cursor ?? Number.POSITIVE_INFINITY)
      // Numbers that go back come with a database that was restored.
      if (since > latest) return { cursor: String(latest), changed: [], lost: true }
      if (since === latest) return { cursor: String(latest), changed: [], lost: false }
      const found = await rows().where('l.changed', '>', since).orderBy('l.changed').limit(PORTION).execute()
      const changed = found.map(
        (row): Change => ({
          appId: row.app_id,
          kind: row.kind as CredentialKind,
          credential: toCredential(row),
          ledger: toLedger(row),
        }),
      )
      return { cursor: String(found.at(-1)?.changed ?? latest), changed, lost: false }
    },

    async note(appId, kind) {
      await numbered()
        .insertInto('credential_ledger')
        .values({ app_id: appId, kind, failure: null, changed: next })
        .onConflict((conflict) => conflict.columns(['app_id', 'kind']).doUpdateSet({ changed: next }))
        .execute()
    },
  }
}

interface CredentialColumns {
  readonly value: string | null
  readonly obtained_at: number | null
  readonly expires_at: number | null
  readonly value_generation: number | null
}

// PostgreSQL hands out 64-bit integers as text.
function toCredential(row: CredentialColumns): Credential | undefined {
  if (row.value === null) return undefined
  return {
    value: row.value,
    obtainedAt: Number(row.obtained_at),
    expiresAt: Number(row.expires_at),
    generation: Number(row.value_generation),
  }
}

type LedgerRow = Omit<Selectable<CredentialLedgerTable>, 'app_id' | 'kind' | 'changed'>

function toLedger(row: LedgerRow): Ledger {
  return {
    holder: row.holder,
    endsAt: Number(row.ends_at),
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as SharedFailure),
    generation: Number(row.generation),
    day: row.day,
    calls: row.calls,
    forced: row.forced,
    forcedAt: Number(row.forced_at),
    takenOverAt: Number(row.taken_over_at),
    contestedUntil: Number(row.contested_until),
  }
}

function toColumns(ledger: Ledger): LedgerRow {
  return {
    holder: ledger.holder,
    ends_at: ledger.endsAt,
    failure: ledger.failure === undefined ? null : JSON.stringify(ledger.failure),
    generation: ledger.generation,
    day: ledger.day,
    calls: ledger.calls,
    forced: ledger.forced,
    forced_at: ledger.forcedAt,
    taken_over_at: ledger.takenOverAt,
    contested_until: ledger.contestedUntil,
  }
}
