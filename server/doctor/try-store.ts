import type { OneTimeStore } from '../storage/one-time.ts'

/** Names for what is written as a trial; absent where nothing is to be written. */
export type NewName = (() => string) | undefined

const KEPT_MS = 10_000

/** Writes something and takes it away again. @throws what the store throws */
export async function tryStore(store: OneTimeStore, newName: NewName): Promise<void> {
  if (newName === undefined) return
  const key = `doctor-${newName()}`
  await store.put(key, 'doctor', KEPT_MS)
  if ((await store.take(key)) === undefined) throw new Error('what was written is not there')
}

/** What may be said after it. */
export const written = (newName: NewName): string => (newName === undefined ? '' : ' and can be written')
