import type { Migration } from 'kysely'

export const credentials: Migration = {
  async up(database) {
    await database.schema
      .createTable('credentials')
      .addColumn('app_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('kind', 'varchar(32)', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('obtained_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('generation', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('credentials_key', ['app_id', 'kind'])
      .execute()
  },
}
