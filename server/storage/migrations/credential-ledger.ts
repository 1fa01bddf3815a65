import { type Migration, PostgresAdapter } from 'kysely'

export const credentialLedger: Migration = {
  async up(database) {
    // Beside the table of credentials, not in it: the version before goes on reading and writing that one.
    await database.schema
      .createTable('credential_ledger')
      .addColumn('app_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('kind', 'varchar(32)', (column) => column.notNull())
      .addColumn('holder', 'varchar(64)', (column) => column.notNull().defaultTo(''))
      .addColumn('ends_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('failure', 'text')
      .addColumn('generation', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('day', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('calls', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('forced', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('forced_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('taken_over_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('contested_until', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('changed', 'bigint', (column) => column.notNull().defaultTo(0))
      .addPrimaryKeyConstraint('credential_ledger_key', ['app_id', 'kind'])
      .execute()
    await database.schema
      .createIndex('credential_ledger_changed')
      .on('credential_ledger')
      .column('changed')
      .execute()
    if (!(database.getExecutor().adapter instanceof PostgresAdapter)) return
    // One row: whoever changes something takes the next number and holds the row until the commit, so that numbers
    // become visible in their order.
    await database.schema
      .createTable('credential_sequence')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('value', 'bigint', (column) => column.notNull())
      .execute()
    await database.insertInto('credential_sequence').values({ id: 1, value: 0 }).execute()
  },
}
