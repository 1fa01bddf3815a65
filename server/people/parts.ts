import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { RandomBytes } from '../random.ts'
import type { Database } from '../storage/schema.ts'
import type { PhoneKeys } from './phone-vault.ts'

/** What every operation on people needs. */
export interface PeopleParts {
  readonly database: Kysely<Database>
  readonly clock: Pick<Clock, 'now'>
  readonly random: RandomBytes
  readonly keys: PhoneKeys
}
