import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../../server/people/add-user.ts'
import type { NewFan } from '../../../server/people/fan.ts'
import { createPeople, type People } from '../../../server/people/people.ts'
import { type RandomBytes, systemRandom } from '../../../server/random.ts'
import { openPostgres } from '../../../server/storage/postgres.ts'
import type { Database } from '../../../server/storage/schema.ts'
import { openSqlite } from '../../../server/storage/sqlite.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { temporaryPostgres } from '../../support/postgres.ts'

const APP = 'wx0123456789abcdef'
const OTHER_APP = 'wxfedcba9876543210'
const PHONE = '+8613800138000'
const keys = { phone: [{ id: 'first', key: Buffer.alloc(32, 1) }], phoneIndex: Buffer.alloc(32, 2) }

const everyone: Viewer = { clientId: 'everyone', mayUse: () => true, mayUseAll: true }
const limited = (clientId: string, ...appIds: string[]): Viewer => ({
  clientId,
  mayUse: (appId) => appIds.includes(appId),
  mayUseAll: false,
})

let serial = 0
/** Ids that no other test has. */
function person(): { openId: string; unionId: string } {
  serial++
  return { openId: `open-${serial}-abc`, unionId: `union-${serial}-abc` }
}

interface Opened {
  readonly database: Kysely<Database>
  /** A second replica on the same database. */
  open(): Promise<Kysely<Database>>
  close(): Promise<void>
}

/** What people must be on every database. */
function describePeople(name: string, prepare: () => Promise<Opened>): void {
  describe(`people in ${name}`, () => {
    const clock = createManualClock()
    let opened: Opened
    let database: Kysely<Database>
    let people: People
    const peopleOn = (on: Kysely<Database>, random: RandomBytes = systemRandom) =>
      createPeople({ database: on, clock, random, keys })
    const countUsers = async (unionId: string) =>
      (await database.selectFrom('users').selectAll().where('union_id', '=', unionId).execute()).length

    beforeAll(async () => {
      opened = await prepare()
      database = opened.database
      people = peopleOn(database)
    })
    afterAll(() => opened?.close())

    test('a visitor with a unionid gets a user, and the same one ever after', async () => {
      const { openId: openid, unionId: unionid } = person()
      const first = await people.recognise({ appId: APP, openid, unionid, nickname: '小明' })
      expect(first.userId).toMatch(/^[1-9]\d{17}$/)
      expect(await people.recognise({ appId: APP, openid, unionid })).toEqual(first)
      expect(await people.recognise({ appId: OTHER_APP, openid: `${openid}-2`, unionid })).toEqual(first)
      expect(await people.findFan(first.userId ?? '', APP)).toMatchObject({
        openId: openid,
        unionId: unionid,
        nickname: '小明',
      })
    })

    test('a visitor without a unionid is remembered as a fan without a user', async () => {
      const { openId: openid, unionId: unionid } = person()
      expect(await people.recognise({ appId: APP, openid })).toEqual({})
      expect(await people.recognise({ appId: APP, openid })).toEqual({})
      const { userId } = await people.recognise({ appId: APP, openid, unionid })
      expect(userId).toMatch(/^\d{18}$/)
      expect(await people.recognise({ appId: APP, openid })).toEqual({ userId })
    })

    test('what WeChat does not tell takes nothing away', async () => {
      const { openId: openid, unionId: unionid } = person()
      const headImgUrl = 'https://img.example.com/1.png'
      const visitor = { appId: APP, openid, unionid, nickname: 'Ming', headImgUrl }
      const { userId = '' } = await people.recognise(visitor)
      await people.recognise({ appId: APP, openid, unionid, nickname: '', headImgUrl: '' })
      expect(await people.findFan(userId, APP)).toMatchObject({ nickname: 'Ming', headImgUrl })
      await people.recognise({ ...visitor, nickname: 'Wei' })
      expect(await people.findFan(userId, APP)).toMatchObject({ nickname: 'Wei', headImgUrl })
    })

    test('a nickname that databases refuse stops nobody', async () => {
      const { openId: openid, unionId: unionid } = person()
      const nickname = `a\0b\ud800'; drop table fans; --`
      const { userId = '' } = await people.recognise({ appId: APP, openid, unionid, nickname })
      expect((await people.findFan(userId, APP))?.nickname).toBe(`ab\ufffd'; drop table fans; --`)
    })

    test('the same visitor in many windows on several replicas is one user', async () => {
      const { openId: openid, unionId: unionid } = person()
      const replicas = [people, peopleOn(database)]
      const visits = Array.from({ length: 40 }, (_, index) =>
        replicas[index % 2]?.recognise({ appId: index % 4 < 2 ? APP : OTHER_APP, openid, unionid }),
      )
      const userIds = new Set((await Promise.all(visits)).map((answer) => answer?.userId))
      expect(userIds.size).toBe(1)
      expect(await countUsers(unionid)).toBe(1)
    })

    test('addUser makes one user for a union id, however often and from wherever it is asked', async () => {
      const { unionId } = person()
      const asked = Array.from({ length: 20 }, () => people.addUser({ unionId }, everyone))
      const users = await Promise.all(asked)
      expect(new Set(users.map(({ userId }) => userId)).size).toBe(1)
      expect(await countUsers(unionId)).toBe(1)
      expect(users[0]).toEqual({
        userId: expect.stringMatching(/^[1-9]\d{17}$/),
        unionId,
        createdAt: clock.now(),
        updatedAt: clock.now(),
      })
    })

    test('a phone number is set when there is none, and the same one again is fine', async () => {
      const { unionId } = person()
      const phone = '+8613900000001'
      const { userId } = await people.addUser({ unionId }, everyone)
      await clock.advance(1_000)
      const changed = await people.addUser({ unionId, phone }, everyone)
      expect(changed).toMatchObject({ userId, phone, updatedAt: clock.now() })
      await clock.advance(1_000)
      expect(await people.addUser({ unionId, phone }, everyone)).toEqual(changed)
      expect(await people.addUser({ unionId }, everyone)).toEqual(changed)
    })

    test('another number for the same user is a conflict and changes nothing', async () => {
      const { unionId } = person()
      const phone = '+8613900000002'
      const user = await people.addUser({ unionId, phone }, everyone)
      await expect(people.addUser({ unionId, phone: '+8613900000003' }, everyone)).rejects.toMatchObject({
        code: 'user_conflict',
        status: 409,
        message: '"phone": This user has another phone number. Nothing was changed.',
      })
      expect(await people.addUser({ unionId }, everyone)).toEqual(user)
      const other = await people.addUser({ ...person(), phone: '+8613900000003' }, everyone)
      expect(other.phone).toBe('+8613900000003')
    })

    test("another user's number is a conflict, and no user is left behind", async () => {
      const phone = '+8613900000004'
      await people.addUser({ ...person(), phone }, everyone)
      const { unionId } = person()
      await expect(people.addUser({ unionId, phone }, everyone)).rejects.toMatchObject({
        code: 'user_conflict',
        message: '"phone": The phone number belongs to another user. Nothing was changed.',
      })
      expect(await countUsers(unionId)).toBe(0)
    })

    test('of many users who want one number at once, one gets it', async () => {
      const phone = '+8613900000005'
      const asked = Array.from({ length: 10 }, () => people.addUser({ ...person(), phone }, everyone))
      const results = await Promise.allSettled(asked)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    test('no phone number stands in the database, and the one of another row does not open', async () => {
      const { unionId } = person()
      const { userId } = await people.addUser({ unionId, phone: PHONE }, everyone)
      const rows = await database.selectFrom('user_phones').selectAll().execute()
      expect(JSON.stringify(rows)).not.toMatch(/138001380|0013800/)
      const victim = rows.find((row) => row.user_id === userId)
      const thief = await people.addUser({ ...person(), phone: '+8613900000006' }, everyone)
      await database
        .updateTable('user_phones')
        .set({ sealed: victim?.sealed ?? '' })
        .where('user_id', '=', thief.userId)
        .execute()
      await expect(people.addUser({ unionId: thief.unionId }, everyone)).rejects.toThrow()
    })

    test('a number sealed before a key rotation still opens', async () => {
      const { unionId } = person()
      const phone = '+8613900000007'
      const user = await people.addUser({ unionId, phone }, everyone)
      const rotated = { ...keys, phone: [{ id: 'second', key: Buffer.alloc(32, 9) }, ...keys.phone] }
      const later = createPeople({ database, clock, random: systemRandom, keys: rotated })
      expect(await later.addUser({ unionId }, everyone)).toEqual(user)
      await expect(later.addUser({ ...person(), phone }, everyone)).rejects.toThrow('belongs to another user')
    })

    test('a limited client reaches users it made and fans of its accounts, and nobody else', async () => {
      const { openId, unionId } = person()
      const mine = limited('mine', APP)
      const user = await people.addUser({ unionId }, mine)
      expect(await people.addUser({ unionId }, mine)).toEqual(user)
      const stranger = limited('stranger', OTHER_APP)
      const refused = people.addUser({ unionId, phone: '+8613900000008' }, stranger)
      await expect(refused).rejects.toMatchObject({
        code: 'user_conflict',
        message: expect.stringMatching(/^"unionId": /),
      })
      expect((await people.addUser({ unionId }, everyone)).phone).toBeUndefined()
      await people.addFans(OTHER_APP, [{ openId, unionId }])
      expect(await people.addUser({ unionId }, stranger)).toEqual(user)
    })

    test('a fan belongs to the user with the same union id, whichever comes first', async () => {
      const early = person()
      const { userId } = await people.addUser({ unionId: early.unionId }, everyone)
      await people.addFans(APP, [{ ...early, userId, nickname: 'early' }])
      expect(await people.findFan(userId, APP)).toMatchObject({ nickname: 'early', userId })
      const late = person()
      await people.addFans(APP, [{ ...late, nickname: 'late' }])
      const user = await people.addUser({ unionId: late.unionId }, everyone)
      expect(await people.findFan(user.userId, APP)).toMatchObject({ nickname: 'late', userId: user.userId })
    })

    test('a fan of another account, of nobody and of an unknown user look the same', async () => {
      const fan = person()
      await people.addFans(OTHER_APP, [fan])
      const { userId } = await people.addUser({ unionId: fan.unionId }, everyone)
      expect(await people.findFan(userId, APP)).toBeUndefined()
      expect(await people.findFan('123456789012345678', APP)).toBeUndefined()
      expect(await people.findFan("' or '1'='1", APP)).toBeUndefined()
    })

    test('everything a fan was given comes back, the second time too', async () => {
      const fan: NewFan = {
        ...person(),
        subscribe: 1,
        nickname: '小明 😀',
        sex: 1,
        sexDesc: 0,
        city: 'Guangzhou',
        country: 'China',
        province: 'Guangdong',
        language: 'zh_CN',
        headImgUrl: 'https://img.example.com/1.png',
        subscribedAt: Date.UTC(2025, 1, 2, 3, 4, 5, 678),
        remark: '',
        groupId: 0,
        tagIds: [2, 100],
        subscribeScene: 'ADD_SCENE_SEARCH',
        qrScene: '0',
        qrSceneStr: '',
        group: '',
        updatedAt: Date.UTC(2025, 1, 2),
      }
      const createdAt = clock.now()
      await people.addFans(APP, [fan])
      await clock.advance(1_000)
      await people.addFans(APP, [fan])
      const { userId } = await people.addUser({ unionId: fan.unionId }, everyone)
      const stored = await people.findFan(userId, APP)
      expect(stored).toEqual({ ...fan, appId: APP, userId, fanId: expect.any(Number), createdAt })
    })

    test('a row that leaves fields out changes only the others', async () => {
      const fan = person()
      await people.addFans(APP, [{ ...fan, nickname: 'Ming', city: 'Guangzhou', remark: 'vip', tagIds: [1] }])
      await clock.advance(1_000)
      await people.addFans(APP, [{ ...fan, city: 'Shenzhen', remark: '' }])
      const { userId } = await people.addUser({ unionId: fan.unionId }, everyone)
      expect(await people.findFan(userId, APP)).toMatchObject({
        nickname: 'Ming',
        city: 'Shenzhen',
        remark: '',
        tagIds: [1],
        updatedAt: clock.now(),
      })
    })

    test('a userId that is not the user of the unionId is named by row, and nothing is stored', async () => {
      const [good, wrong, unknown] = [person(), person(), person()]
      const { userId } = await people.addUser({ unionId: good.unionId }, everyone)
      const added = people.addFans(APP, [
        { ...good, userId },
        { ...wrong, userId },
        { ...unknown, userId: '123456789012345678' },
      ])
      await expect(added).rejects.toMatchObject({
        code: 'user_conflict',
        message: expect.stringMatching(/^fans\[1\]\.userId, fans\[2\]\.userId: is not the user of/),
      })
      expect(await people.findFan(userId, APP)).toBeUndefined()
    })

    test('a known openId with another unionId is named by row, and nothing is stored', async () => {
      const [known, fresh] = [person(), person()]
      await people.addFans(APP, [{ ...known, nickname: 'before' }])
      const added = people.addFans(APP, [
        { ...fresh },
        { ...known, unionId: person().unionId, nickname: 'after' },
      ])
      await expect(added).rejects.toMatchObject({
        code: 'user_conflict',
        message: expect.stringMatching(/^fans\[1\]\.unionId: differs/),
      })
      const { userId } = await people.addUser({ unionId: known.unionId }, everyone)
      expect(await people.findFan(userId, APP)).toMatchObject({ nickname: 'before' })
      const { userId: freshId } = await people.addUser({ unionId: fresh.unionId }, everyone)
      expect(await people.findFan(freshId, APP)).toBeUndefined()
    })

    test('a thousand fans go in at once, and twice at the same time in any order', async () => {
      const fans = Array.from({ length: 1_000 }, person)
      const { userId } = await people.addUser({ unionId: fans[999]?.unionId ?? '' }, everyone)
      const claimed = fans.map((fan, index) => (index === 999 ? { ...fan, userId } : fan))
      await Promise.all([people.addFans(APP, claimed), people.addFans(APP, claimed.toReversed())])
      const { count } = await database
        .selectFrom('fans')
        .select((expression) => expression.fn.countAll().as('count'))
        .where(
          'open_id',
          'in',
          fans.map(({ openId }) => openId),
        )
        .executeTakeFirstOrThrow()
      expect(Number(count)).toBe(1_000)
      expect(await people.findFan(userId, APP)).toMatchObject(fans[999] ?? {})
    })

    test('a user id that is taken is drawn again, and broken randomness is not tried for ever', async () => {
      const blocks = [1, 1, 2].map((digit) => new Uint8Array(36).fill(digit))
      const random: RandomBytes = (size) => (size === 36 ? blocks.shift() : undefined) ?? systemRandom(size)
      const drawing = peopleOn(database, random)
      expect((await drawing.addUser({ ...person() }, everyone)).userId).toBe('1'.repeat(18))
      expect((await drawing.addUser({ ...person() }, everyone)).userId).toBe('2'.repeat(18))
      const broken = peopleOn(database, (size) => new Uint8Array(size).fill(1))
      await expect(broken.addUser({ ...person() }, everyone)).rejects.toThrow('no free user id')
    })

    test('replicas that start on an empty database at once all find its tables', async () => {
      const fresh = await prepare()
      const others = await Promise.all(Array.from({ length: 4 }, () => fresh.open()))
      for (const other of [fresh.database, ...others]) {
        expect(await peopleOn(other).recognise({ appId: APP, openid: person().openId })).toEqual({})
      }
      for (const other of others) await other.destroy()
      await fresh.close()
    })
  })
}

describePeople('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-people-'))
  const file = join(folder, 'wx-h5.db')
  const [database] = await Promise.all([openSqlite(file), openSqlite(file).then((other) => other.destroy())])
  return {
    database,
    open: () => openSqlite(file),
    async close() {
      await database.destroy()
      await rm(folder, { recursive: true })
    },
  }
})

const ignored = () => undefined
const probe = await temporaryPostgres()
await probe?.drop()

describe.skipIf(probe === undefined)('with a server', () => {
  describePeople('PostgreSQL', async () => {
    const temporary = await temporaryPostgres()
    if (temporary === undefined) throw new Error('PostgreSQL went away')
    const [database, ...others] = await Promise.all(
      Array.from({ length: 4 }, () => openPostgres(temporary.url, ignored)),
    )
    for (const other of others) await other.destroy()
    if (database === undefined) throw new Error('no connection')
    return {
      database,
      open: () => openPostgres(temporary.url, ignored),
      async close() {
        await database.destroy()
        await temporary.drop()
      },
    }
  })
})

test.skipIf(probe === undefined)(
  'a PostgreSQL database that went away is an outage, not a mistake',
  async () => {
    const temporary = await temporaryPostgres()
    if (temporary === undefined) throw new Error('PostgreSQL went away')
    const database = await openPostgres(temporary.url, ignored)
    const people = createPeople({ database, clock: createManualClock(), random: systemRandom, keys })
    const { openId: openid, unionId } = person()
    await people.recognise({ appId: APP, openid })
    await temporary.drop()
    const outage = { code: 'storage_unavailable', status: 503 }
    await expect(people.recognise({ appId: APP, openid })).rejects.toMatchObject(outage)
    await expect(people.addUser({ unionId, phone: PHONE }, everyone)).rejects.toMatchObject(outage)
    await expect(people.addFans(APP, [{ openId: openid, unionId }])).rejects.toMatchObject(outage)
    await database.destroy()
  },
)

describe('a SQLite database that cannot be written', () => {
  const unavailable = { code: 'storage_unavailable', hint: expect.stringContaining('Nothing was stored') }

  test.each([
    ['read-only', sql`pragma query_only = on`, sql`pragma query_only = off`],
    ['full', undefined, sql`pragma max_page_count = 1000000`],
  ])('%s: nothing is acknowledged, reads go on, and it recovers', async (_, harm, heal) => {
    const database = await openSqlite(':memory:')
    const people = createPeople({ database, clock: createManualClock(), random: systemRandom, keys })
    const known = person()
    const user = await people.addUser({ unionId: known.unionId, phone: PHONE }, everyone)
    await people.recognise({ appId: APP, openid: known.openId, unionid: known.unionId })
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database)
    const limit = sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 0)}`
    await (harm ?? limit).execute(database)

    const many = Array.from({ length: 1_000 }, person).map((fan) => ({ ...fan, remark: 'x'.repeat(250) }))
    await expect(people.addFans(APP, many)).rejects.toMatchObject(unavailable)
    if (harm !== undefined) {
      await expect(people.addUser({ ...person() }, everyone)).rejects.toMatchObject(unavailable)
      await expect(people.recognise({ appId: APP, openid: person().openId })).rejects.toMatchObject(
        unavailable,
      )
    }
    expect(await people.recognise({ appId: APP, openid: known.openId, unionid: known.unionId })).toEqual({
      userId: user.userId,
    })
    expect(await people.findFan(user.userId, APP)).toMatchObject(known)

    await heal.execute(database)
    expect(await database.selectFrom('fans').select('open_id').execute()).toEqual([{ open_id: known.openId }])
    await people.addFans(APP, many)
    expect(await database.selectFrom('fans').select('open_id').execute()).toHaveLength(1_001)
    await database.destroy()
  })
})
