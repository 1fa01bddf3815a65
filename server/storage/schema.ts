import type { FansTable, UserPhonesTable, UsersTable } from './people-tables.ts'

/** The tables of the database, as the migrations make them. */
export interface Database {
  credentials: CredentialsTable
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

/** OAuth states, tickets and results: short-lived, taken once. */
export interface OneTimeTable {
  key: string
  value: string
  expires_at: number
}
