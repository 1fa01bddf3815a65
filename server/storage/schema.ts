/** The tables of the database, as `migrations.ts` makes them. */
export interface Database {
  credentials: CredentialsTable
}

export interface CredentialsTable {
  app_id: string
  kind: string
  value: string
  obtained_at: number
  expires_at: number
  generation: number
}
