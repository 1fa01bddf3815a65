import { type AddFans, createAddFans } from './add-fans.ts'
import { type AddUser, createAddUser } from './add-user.ts'
import { createFindFan, type FindFan } from './find-fan.ts'
import type { PeopleParts } from './parts.ts'
import { createRecognise, type Recognise } from './recognise.ts'

/** Who is behind an openid: fans by account, unified users across accounts. */
export interface People {
  readonly recognise: Recognise
  readonly addUser: AddUser
  readonly addFans: AddFans
  readonly findFan: FindFan
}

/** Keeps people in the database. */
export function createPeople(parts: PeopleParts): People {
  return {
    recognise: createRecognise(parts),
    addUser: createAddUser(parts),
    addFans: createAddFans(parts),
    findFan: createFindFan(parts),
  }
}
