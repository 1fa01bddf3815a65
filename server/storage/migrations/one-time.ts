import type { Migration } from 'kysely'

export const oneTime: Migration = {
  async up(database) {
    await database.schema
      .createTable('one_time')
      .addColumn('key', 'varchar(128)', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema.createIndex('one_time_expires_at').on('one_time').column('expires_at').execute()
  },
}
