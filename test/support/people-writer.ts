import { writeSync } from 'node:fs'
import { createPeople } from '../../server/people/people.ts'
import { createRandomText, systemRandom } from '../../server/random.ts'
import { openPostgres } from '../../server/storage/postgres.ts'
import { openSqlite } from '../../server/storage/sqlite.ts'

/** One line of the writer: it is printed after the storage said yes. */
export type Acknowledged =
  | { kind: 'user'; unionId: string; userId: string; phone: string }
  | { kind: 'fans'; batch: string; openIds: string[] }
  | { kind: 'visitor'; openId: string; unionId: string; userId: string }

/** Keys and account that reader and writer share. */
export const writerKeys: {
  readonly phone: readonly { readonly id: string; readonly key: Buffer }[]
  readonly phoneIndex: Buffer
} = { phone: [{ id: 'first', key: Buffer.alloc(32, 1) }], phoneIndex: Buffer.alloc(32, 2) }
export const WRITER_APP = 'wx0123456789abcdef'

// Runs as a program of its own: people-writer.ts FILE|postgres://… [how many to write; without it, until killed]
const [, script, place, limit] = process.argv
if (script === import.meta.filename && place !== undefined) await write(place, Number(limit ?? Infinity))

async function write(place: string, times: number): Promise<void> {
  const database = place.startsWith('postgres:')
    ? await openPostgres(place, (error) => console.error(error))
    : await openSqlite(place)
  const clock = { now: () => Date.now() }
  const people = createPeople({ database, clock, random: systemRandom, keys: writerKeys })
  const newId = createRandomText(systemRandom, 20)
  const everyone = { clientId: 'writer', mayUse: () => true, mayUseAll: true }
  // At once and not through a stream: what is printed has left this process.
  const acknowledge = (line: Acknowledged) => writeSync(1, `${JSON.stringify(line)}\n`)

  for (let turn = 0; turn < times; turn++) {
    const unionId = newId()
    if (turn % 3 === 0) {
      const phone = `+1${String(Math.random()).slice(2, 16).padEnd(14, '0').replace(/^0/, '1')}`.slice(0, 16)
      const { userId } = await people.addUser({ unionId, phone }, everyone)
      acknowledge({ kind: 'user', unionId, userId, phone })
    } else if (turn % 3 === 1) {
      const batch = newId()
      const fans = Array.from({ length: 5 }, () => ({ openId: newId(), unionId: newId(), remark: batch }))
      await people.addFans(WRITER_APP, fans)
      acknowledge({ kind: 'fans', batch, openIds: fans.map(({ openId }) => openId) })
    } else {
      const openid = newId()
      const { userId = '' } = await people.recognise({ appId: WRITER_APP, openid, unionid: unionId })
      acknowledge({ kind: 'visitor', openId: openid, unionId, userId })
    }
  }
  await database.destroy()
}
