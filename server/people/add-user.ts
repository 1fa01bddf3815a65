import type { Transaction } from 'kysely'
import { ServiceError } from '../errors.ts'
import type { Database } from '../storage/schema.ts'
import { ensureUser, type UserRow } from './ensure-user.ts'
import type { PeopleParts } from './parts.ts'
import { createPhoneVault } from './phone-vault.ts'
import { storing } from './storage-failure.ts'

/** The client on whose behalf people are read or written. */
export interface Viewer {
  readonly clientId: string
  mayUse(appId: string): boolean
  /** Whether it may use every account of this service, and so see users whom no account knows yet. */
  readonly mayUseAll: boolean
}

export interface User {
  readonly userId: string
  readonly unionId: string
  /** As `normalizePhone` writes it. */
  readonly phone?: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** `phone` must be as `normalizePhone` writes it. */
export type AddUser = (user: { unionId: string; phone?: string }, viewer: Viewer) => Promise<User>

/**
 * Makes the unified user of a union id, or finds it; sets the phone number when it has none.
 *
 * A client that may use only some accounts reaches a user who is there already when it made the user itself, or
 * when one of its accounts has a fan with this union id: knowing a union id is not enough to meet a stranger.
 *
 * @throws {ServiceError} `user_conflict` naming the field, and nothing is changed; `storage_unavailable`
 */
export function createAddUser(parts: PeopleParts): AddUser {
  const { database, clock } = parts
  const vault = createPhoneVault(parts.keys, parts.random)

  async function setPhone(transaction: Transaction<Database>, user: UserRow, phone: string): Promise<User> {
    const phoneIndex = vault.index(phone)
    const { keyId, sealed } = vault.seal(user.user_id, phone)
    const now = clock.now()
    const inserted = await transaction
      .insertInto('user_phones')
      .values({ user_id: user.user_id, phone_index: phoneIndex, key_id: keyId, sealed, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('user_id')
      .executeTakeFirst()
    if (inserted !== undefined) {
      await transaction
        .updateTable('users')
        .set({ updated_at: now })
        .where('user_id', '=', user.user_id)
        .execute()
      return asUser({ ...user, updated_at: now }, phone)
    }
    const own = await transaction
      .selectFrom('user_phones')
      .select('phone_index')
      .where('user_id', '=', user.user_id)
      .executeTakeFirst()
    if (own === undefined) throw phoneConflict('The phone number belongs to another user.')
    if (own.phone_index !== phoneIndex) throw phoneConflict('This user has another phone number.')
    return asUser(user, phone)
  }

  async function readPhone(transaction: Transaction<Database>, userId: string): Promise<string | undefined> {
    const row = await transaction
      .selectFrom('user_phones')
      .select(['key_id', 'sealed'])
      .where('user_id', '=', userId)
      .executeTakeFirst()
    return row === undefined ? undefined : vault.open(userId, { keyId: row.key_id, sealed: row.sealed })
  }

  return ({ unionId, phone }, viewer) =>
    storing(() =>
      database.transaction().execute(async (transaction) => {
        const user = await ensureUser(transaction, parts, unionId, viewer.clientId)
        if (!(await isVisible(transaction, user, viewer))) throw foreignUser()
        if (phone !== undefined) return setPhone(transaction, user, phone)
        return asUser(user, await readPhone(transaction, user.user_id))
      }),
    )
}

async function isVisible(
  transaction: Transaction<Database>,
  user: UserRow,
  viewer: Viewer,
): Promise<boolean> {
  if (viewer.mayUseAll || user.created_by === viewer.clientId) return true
  const fans = await transaction
    .selectFrom('fans')
    .select('app_id')
    .distinct()
    .where('union_id', '=', user.union_id)
    .execute()
  return fans.some((fan) => viewer.mayUse(fan.app_id))
}

function asUser(row: UserRow, phone: string | undefined): User {
  return {
    userId: row.user_id,
    unionId: row.union_id,
    ...(phone === undefined ? {} : { phone }),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  }
}

function foreignUser(): ServiceError {
  return new ServiceError(
    'user_conflict',
    '"unionId": this user exists and belongs to accounts that this client may not use.',
    {
      hint: 'Add the person as a fan of one of your accounts first (addFans), then ask again. 请先用 addFans 把该用户添加为你的公众号粉丝，再重试。',
    },
  )
}

function phoneConflict(message: string): ServiceError {
  return new ServiceError('user_conflict', `"phone": ${message} Nothing was changed.`, {
    hint: 'A number belongs to one user and a user has one number: find out which record is right. 一个号码只能属于一个用户，一个用户只能有一个号码，请核对数据。',
  })
}
