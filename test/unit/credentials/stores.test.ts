import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../../server/credentials/memory-store.ts'
import { createSqlStore } from '../../../server/credentials/sql-store.ts'
import type { CredentialStore } from '../../../server/credentials/store.ts'
import { openSqlite } from '../../../server/storage/sqlite.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function sqliteFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
  closers.push(() => rm(folder, { recursive: true }))
  return join(folder, 'private', 'wx-h5.db')
}

async function sqlStore(path: string): Promise<CredentialStore> {
  const database = await openSqlite(path)
  closers.push(() => database.destroy())
  return createSqlStore(database)
}

const APP = 'wx0123456789abcdef'
const credential = (generation: number, value = `value-${generation}`) => ({
  value,
  obtainedAt: 1_767_225_600_000 + generation,
  expiresAt: 1_767_232_800_000 + generation,
  generation,
})

/** What every store must do; the vault relies on it. */
function describeStore(name: string, open: () => Promise<CredentialStore>): void {
  describe(`credential store: ${name}`, () => {
    test('knows nothing at first', async () => {
      expect(await (await open()).read(APP, 'jsapi')).toBeUndefined()
    })

    test('gives back what was written, to the millisecond', async () => {
      const store = await open()
      expect(await store.write(APP, 'jsapi', credential(1))).toEqual(credential(1))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(1))
    })

    test('keeps accounts and kinds apart', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(1, 'page'))
      await store.write(APP, 'wx_card', credential(1, 'card'))
      await store.write('wxffffffffffffffff', 'jsapi', credential(1, 'other'))
      expect((await store.read(APP, 'jsapi'))?.value).toBe('page')
      expect((await store.read(APP, 'wx_card'))?.value).toBe('card')
      expect((await store.read('wxffffffffffffffff', 'jsapi'))?.value).toBe('other')
    })

    test('a newer generation replaces an older one', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(1))
      expect(await store.write(APP, 'jsapi', credential(2))).toEqual(credential(2))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(2))
    })

    test('a late writer loses and is told what is stored', async () => {
      const store = await open()
      await store.write(APP, 'jsapi', credential(3))
      expect(await store.write(APP, 'jsapi', credential(2))).toEqual(credential(3))
      expect(await store.write(APP, 'jsapi', credential(3, 'second with this number'))).toEqual(credential(3))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(3))
    })

    test('of many writers at once the newest stays', async () => {
      const store = await open()
      const generations = Array.from({ length: 50 }, (_, index) => ((index * 37) % 50) + 1)
      await Promise.all(generations.map((generation) => store.write(APP, 'jsapi', credential(generation))))
      expect(await store.read(APP, 'jsapi')).toEqual(credential(50))
    })

    test('values are kept whatever they hold', async () => {
      const store = await open()
      const value = `'; drop table credentials; -- ${'x'.repeat(512)} 票据`
      await store.write(APP, 'jsapi', credential(1, value))
      expect((await store.read(APP, 'jsapi'))?.value).toBe(value)
    })
  })
}

describeStore('memory', async () => createMemoryStore())
describeStore('SQLite without a file', () => sqlStore(':memory:'))
describeStore('SQLite in a file', async () => sqlStore(await sqliteFile()))

test('a SQLite file keeps its credentials after the process is gone', async () => {
  const path = await sqliteFile()
  const database = await openSqlite(path)
  await createSqlStore(database).write(APP, 'jsapi', credential(4))
  await database.destroy()
  expect(await (await sqlStore(path)).read(APP, 'jsapi')).toEqual(credential(4))
})

test('two processes can open the same new SQLite file at once', async () => {
  const path = await sqliteFile()
  const stores = await Promise.all([sqlStore(path), sqlStore(path)])
  await stores[0]?.write(APP, 'jsapi', credential(1))
  expect(await stores[1]?.read(APP, 'jsapi')).toEqual(credential(1))
})

test('a SQLite file may be read by its owner only', async () => {
  const path = await sqliteFile()
  await (await sqlStore(path)).write(APP, 'jsapi', credential(1))
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    expect(((await stat(file)).mode & 0o777).toString(8), file).toBe('600')
  }
})

test('a file that is no database is refused by name, with the key, and left as it was', async () => {
  const path = await sqliteFile()
  await mkdir(dirname(path))
  await writeFile(path, 'this is a letter, not a database'.repeat(100))
  await expect(openSqlite(path)).rejects.toThrow(/^database: cannot use the file .*wx-h5\.db/)
  expect(await readFile(path, 'utf8')).toBe('this is a letter, not a database'.repeat(100))
})

test('a folder that cannot be made is refused by name', async () => {
  const path = await sqliteFile()
  await writeFile(dirname(path), 'a file where the folder should be')
  await expect(openSqlite(path)).rejects.toThrow(path)
})
