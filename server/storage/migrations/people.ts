import { type Kysely, type Migration, PostgresAdapter } from 'kysely'

export const people: Migration = {
  async up(database) {
    await database.schema
      .createTable('users')
      .addColumn('user_id', 'varchar(20)', (column) => column.primaryKey())
      .addColumn('union_id', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('created_by', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema
      .createTable('user_phones')
      .addColumn('user_id', 'varchar(20)', (column) => column.primaryKey().references('users.user_id'))
      .addColumn('phone_index', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('key_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await createFans(database)
  },
}

async function createFans(database: Kysely<unknown>): Promise<void> {
  const isPostgres = database.getExecutor().adapter instanceof PostgresAdapter
  await database.schema
    .createTable('fans')
    .addColumn('fan_id', isPostgres ? 'bigserial' : 'integer', (column) =>
      isPostgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('app_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('open_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('union_id', 'varchar(64)')
    .addColumn('subscribe', 'integer')
    .addColumn('nickname', 'text')
    .addColumn('sex', 'integer')
    .addColumn('sex_desc', 'integer')
    .addColumn('city', 'text')
    .addColumn('country', 'text')
    .addColumn('province', 'text')
    .addColumn('language', 'text')
    .addColumn('head_img_url', 'text')
    .addColumn('subscribed_at', 'bigint')
    .addColumn('remark', 'text')
    .addColumn('group_id', 'integer')
    .addColumn('tag_ids', 'text')
    .addColumn('subscribe_scene', 'text')
    .addColumn('qr_scene', 'text')
    .addColumn('qr_scene_str', 'text')
    .addColumn('group_name', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('fans_key', ['app_id', 'open_id'])
    .execute()
  await database.schema.createIndex('fans_union_id').on('fans').columns(['union_id', 'app_id']).execute()
}
