import type { Generated } from 'kysely'
import type { FansTable, UserPhonesTable, UsersTable } from './people-tables.ts'

/** The tables of the database, as the migrations make them. */
export interface Database {
  credentials: CredentialsTable
  credential_ledger: CredentialLedgerTable
  credential_sequence: CredentialSequenceTable
  one_time: OneTimeTable
  users: UsersTable
  user_phones: UserPhonesTable
  fans: FansTable
}

export interface CredentialsTable {
  app_id: string
  kind: string
  value: string
  obtained_at: number
  expires_at: number
  generation: number
}

/** Who refreshes a credential, and what was spent on it. Every column but the key has a default. */
export interface CredentialLedgerTable {
  app_id: string
  kind: string
  holder: Generated<string>
  ends_at: Generated<number>
  /** JSON. */
  failure: string | null
  generation: Generated<number>
  day: Generated<number>
  calls: Generated<number>
  forced: Generated<number>
  forced_at: Generated<number>
  taken_over_at: Generated<number>
  contested_until: Generated<number>
  /** The number of its latest change, or of that of its credential. */
  changed: Generated<number>
}

/** One row, with the number of the latest change; on PostgreSQL only. */
export interface CredentialSequenceTable {
  id: number
  value: number
}

/** OAuth states, tickets and results: short-lived, taken once. */
export interface OneTimeTable {
  key: string
  value: string
  expires_at: number
}
