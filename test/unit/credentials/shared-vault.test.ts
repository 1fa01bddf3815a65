import { beforeEach, describe, expect, test } from 'vitest'
import { LEASE_MS } from '../../../server/credentials/ledger.ts'
import { createMemoryStore } from '../../../server/credentials/memory-store.ts'
import type { CredentialStore } from '../../../server/credentials/store.ts'
import type { OwnedVault, VaultOptions } from '../../../server/credentials/vault.ts'
import { ServiceError } from '../../../server/errors.ts'
import { createManualClock, type ManualClock, settle } from '../../support/manual-clock.ts'
import { APP, createTruthfulWechat, type TruthfulWechat, vaultOn } from '../../support/truthful-wechat.ts'

const TOKEN = 'cgi-bin/stable_token'
const TICKET = 'cgi-bin/ticket/getticket'
const CLASSIC = 'cgi-bin/token'

let clock: ManualClock
let wechat: TruthfulWechat
let memory: CredentialStore
let isDown: boolean
let store: CredentialStore

beforeEach(() => {
  clock = createManualClock()
  wechat = createTruthfulWechat(clock)
  memory = createMemoryStore(clock)
  isDown = false
  store = switchable(() => memory)
})

/** A store that can be replaced or taken away. */
function switchable(current: () => CredentialStore): CredentialStore {
  const ask = async <T>(run: (store: CredentialStore) => Promise<T>): Promise<T> => {
    if (isDown) throw new Error('connection refused')
    return run(current())
  }
  return {
    read: (appId, kind) => ask((real) => real.read(appId, kind)),
    write: (appId, kind, credential) => ask((real) => real.write(appId, kind, credential)),
    turn: (appId, kind, take) => ask((real) => real.turn(appId, kind, take)),
    changes: (cursor) => ask((real) => real.changes(cursor)),
  }
}

type Options = Partial<VaultOptions> & { tokenApi?: 'stable' | 'classic' }
const start = (options: Options = {}): OwnedVault => vaultOn(wechat, store, clock, options)
const startMany = (count: number, options: Options = {}): OwnedVault[] =>
  Array.from({ length: count }, () => start(options))
const callsTo = (path: string): number => wechat.calls.filter((call) => call.path === path).length
const token = (vault: OwnedVault) => vault.get(APP, 'access_token')
const ticket = (vault: OwnedVault) => vault.get(APP, 'jsapi')

/** Lets time pass in steps small enough for whoever waits and looks again. */
async function pass(ms: number, stepMs = 100): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) await clock.advance(stepMs)
}

/** Lets time pass until it is there. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  let there = false
  const done = () => {
    there = true
  }
  answer.then(done, done)
  for (let step = 0; step < 1_000 && !there; step++) await clock.advance(50)
  return answer
}

const unreachable = () => new ServiceError('wechat_unreachable', 'nobody there')
const wrongSecret = () =>
  new ServiceError('wechat_refused', 'wrong secret', { errcode: 40125, hint: 'mend it' })

describe('several vaults on one store', () => {
  test('eight at once with empty hands make one token call and one ticket call', async () => {
    const vaults = startMany(8)
    const answers = vaults.flatMap((vault) => Array.from({ length: 250 }, () => ticket(vault)))
    const values = await soon(Promise.all(answers))
    expect(new Set(values.map(({ value }) => value)).size).toBe(1)
    expect([callsTo(TOKEN), callsTo(TICKET)]).toEqual([1, 1])
    expect(vaults.map((vault) => vault.state(APP, 'jsapi').callsToday)).toEqual(Array(8).fill(1))
  })

  test('a vault that starts later asks nobody', async () => {
    await ticket(start())
    await clock.advance(6_900_000 + 100_000)
    expect((await ticket(start())).value).toBe('jsapi 1')
    expect(callsTo(TICKET)).toBe(1)
  })

  test('when the one that asks dies, another one takes over after the lease, and nobody fails', async () => {
    const [dead, living] = startMany(2) as [OwnedVault, OwnedVault]
    wechat.before = () => new Promise(() => undefined)
    void token(dead)
    await settle()
    wechat.before = async () => undefined
    const answer = token(living)
    await pass(LEASE_MS - 500)
    expect(callsTo(TOKEN)).toBe(1)
    expect((await soon(answer)).value).toBe('stable 0')
    expect(callsTo(TOKEN)).toBe(2)
  })

  test('one that was stopped in the middle loses its late write and goes on with what is newer', async () => {
    const [paused, living] = startMany(2, { tokenApi: 'classic' }) as [OwnedVault, OwnedVault]
    let resume = (): void => undefined
    wechat.before = () => new Promise((go) => (resume = go))
    const late = token(paused)
    await settle()
    wechat.before = async () => undefined
    const other = await soon(token(living))
    resume()
    expect(await soon(late)).toEqual(other)
    expect(await memory.read(APP, 'access_token')).toEqual(other)
    expect(await token(paused)).toEqual(other)
  })

  test('of two who both think they were elected the later one wins, in whatever order they write', async () => {
    const [first, second] = startMany(2, { tokenApi: 'classic' }) as [OwnedVault, OwnedVault]
    const held: (() => void)[] = []
    wechat.before = () => new Promise((go) => held.push(go))
    const early = token(first)
    await settle()
    const late = token(second)
    await pass(LEASE_MS + 500)
    held[0]?.()
    await early
    held[1]?.()
    expect((await late).generation).toBe(2)
    expect((await first.latest(APP, 'access_token')).value).toBe((await late).value)
  })

  test('whose write is answered late does not go back behind what came meanwhile', async () => {
    const real = store
    const answers: (() => void)[] = []
    store = {
      ...real,
      async write(...given) {
        const written = await real.write(...given)
        await new Promise<void>((go) => answers.push(go))
        return written
      },
    }
    const slow = start({ tokenApi: 'classic', storePatienceMs: 5_000 })
    store = real
    const quick = start({ tokenApi: 'classic' })
    const first = token(slow)
    await settle()
    const { value } = await token(quick)
    const next = await soon(quick.refused(APP, 'access_token', value))
    expect(next.value).not.toBe(value)
    expect((await slow.latest(APP, 'access_token')).value).toBe(next.value)
    for (const go of answers) go()
    expect((await first).value).toBe(next.value)
    expect((await token(slow)).value).toBe(next.value)
  })

  test('near the end one refreshes, the others go on without waiting and have the new one within a second', async () => {
    const vaults = startMany(4)
    await soon(Promise.all(vaults.map(ticket)))
    await clock.advance(7_000_000)
    const held: (() => void)[] = []
    wechat.before = () => new Promise((go) => held.push(go))
    for (const vault of vaults) expect((await ticket(vault)).value).toBe('jsapi 1')
    await settle()
    wechat.before = async () => undefined
    for (const go of held) go()
    await settle()
    for (let step = 0; step < 10; step++) {
      for (const vault of vaults) vault.peek(APP, 'jsapi')
      await clock.advance(100)
    }
    expect(vaults.map((vault) => vault.peek(APP, 'jsapi')?.value)).toEqual(Array(4).fill('jsapi 2'))
    expect([callsTo(TOKEN), callsTo(TICKET)]).toEqual([2, 2])
  })

  test('a hopeless failure of one is the answer of all, and WeChat is asked less than once a second', async () => {
    const vaults = startMany(8)
    wechat.failure = wrongSecret()
    for (let second = 0; second < 60; second++) {
      for (const vault of vaults) {
        await expect(soon(token(vault))).rejects.toMatchObject({
          code: 'wechat_refused',
          errcode: 40125,
          hint: 'mend it',
        })
      }
      await clock.advance(1_000)
    }
    const seconds = (clock.now() - (wechat.calls[0]?.at ?? 0)) / 1_000
    expect(callsTo(TOKEN)).toBeLessThan(seconds / 2)
    wechat.failure = undefined
    await pass(5_000)
    await soon(Promise.all(vaults.map(token)))
    expect(vaults.map((vault) => vault.state(APP, 'access_token').failure)).toEqual(Array(8).fill(undefined))
  })

  test('a failure is reported by whoever asked, not by those who heard of it', async () => {
    const reported: string[] = []
    const vaults = startMany(4, { onRefresh: ({ result }) => reported.push(result) })
    wechat.failure = unreachable()
    await Promise.allSettled(vaults.map((vault) => soon(token(vault))))
    expect(reported).toEqual(['wechat_unreachable'])
  })

  test('latest gives what another one has just written, get what it remembers', async () => {
    const [one, two] = startMany(2, { tokenApi: 'classic' }) as [OwnedVault, OwnedVault]
    const first = await token(one)
    await token(two)
    await two.latest(APP, 'access_token')
    const second = await one.refused(APP, 'access_token', first.value)
    expect((await token(two)).value).toBe(first.value)
    expect((await two.latest(APP, 'access_token')).value).toBe(second.value)
    expect((await token(two)).value).toBe(second.value)
  })

  test('latest does not share a look that began before it was asked', async () => {
    const [writer] = startMany(1, { tokenApi: 'classic' }) as [OwnedVault]
    const first = await token(writer)
    const real = store
    const answers: (() => void)[] = []
    store = {
      ...real,
      async read(...given) {
        const found = await real.read(...given)
        if (answers.length === 0) await new Promise<void>((go) => answers.push(go))
        return found
      },
    }
    const reader = start({ tokenApi: 'classic' })
    const early = reader.latest(APP, 'access_token')
    await settle()
    const second = await writer.refused(APP, 'access_token', first.value)
    const later = reader.latest(APP, 'access_token')
    await settle()
    for (const go of answers) go()
    await early
    expect((await later).value).toBe(second.value)
  })

  test('100,000 refusals over four vaults are one refresh in 30 s and ten a day', async () => {
    const vaults = startMany(4)
    await token(vaults[0] as OwnedVault)
    for (let round = 0; round < 1_000; round++) {
      for (let turn = 0; turn < 100; turn++) {
        const vault = vaults[turn % 4] as OwnedVault
        await vault.refused(APP, 'access_token', vault.peek(APP, 'access_token')?.value ?? '')
      }
      if (round === 100) expect(wechat.calls.filter(({ force }) => force)).toHaveLength(1)
      if (round > 100) await clock.advance(10_000)
    }
    expect(wechat.calls.filter(({ force }) => force)).toHaveLength(10)
    const forced = wechat.calls.filter(({ force }) => force).map(({ at }) => at)
    const gaps = forced.slice(1).map((at, index) => at - (forced[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000)
  })

  test('closing waits for the refresh under way, so that the next process has it', async () => {
    const vault = start()
    let release = (): void => undefined
    wechat.before = () => new Promise((go) => (release = go))
    const answer = token(vault)
    await settle()
    const closed = vault.close()
    release()
    await closed
    expect(await memory.read(APP, 'access_token')).toEqual(await answer)
  })
})

describe('without the shared store', () => {
  test('each asks once, nobody fails, and it is said once when it goes and once when it is back', async () => {
    const said: string[] = []
    const options = { onStoreLost: () => said.push('lost'), onStoreBack: () => said.push('back') }
    const vault = start(options)
    isDown = true
    for (let second = 0; second < 60; second++) {
      expect((await soon(ticket(vault))).value).toBe('jsapi 1')
      await clock.advance(1_000)
    }
    expect([callsTo(TOKEN), callsTo(TICKET)]).toEqual([1, 1])
    isDown = false
    for (let second = 0; second < 3; second++) {
      await ticket(vault)
      await clock.advance(1_000)
    }
    expect(said).toEqual(['lost', 'back'])
    expect((await memory.read(APP, 'jsapi'))?.value).toBe('jsapi 1')
  })

  test('a store that never answers is left alone for a second at a time', async () => {
    let asked = 0
    const silent = (): Promise<never> => {
      asked++
      return new Promise(() => undefined)
    }
    const hanging = { read: silent, write: silent, turn: silent, changes: silent }
    const vault = vaultOn(wechat, hanging, clock, { storePatienceMs: 50 })
    expect((await ticket(vault)).value).toBe('jsapi 1')
    for (let turn = 0; turn < 1_000; turn++) await vault.latest(APP, 'jsapi')
    expect(asked).toBeLessThan(5)
    expect([callsTo(TOKEN), callsTo(TICKET)]).toEqual([1, 1])
  })

  test('what was fetched meanwhile wins over the older one when the store is back', async () => {
    const [one, two] = startMany(2, { tokenApi: 'classic' }) as [OwnedVault, OwnedVault]
    await token(one)
    for (const minute of [1, 2, 3]) {
      await clock.advance(60_000 * minute)
      const { value } = await token(one)
      await one.refused(APP, 'access_token', value)
    }
    isDown = true
    await clock.advance(60_000)
    const alone = await token(two)
    expect(alone.generation).toBe(1)
    isDown = false
    for (let step = 0; step < 12; step++) {
      for (const vault of [one, two]) vault.peek(APP, 'access_token')
      await clock.advance(250)
    }
    expect((await memory.read(APP, 'access_token'))?.value).toBe(alone.value)
    expect([await token(one), await token(two)].map(({ value }) => value)).toEqual([alone.value, alone.value])
  })

  test('a store that lost everything gets it back from whoever has it, and no call is made', async () => {
    const vaults = startMany(3)
    await soon(Promise.all(vaults.map(ticket)))
    for (const vault of vaults) await vault.latest(APP, 'jsapi')
    const before = await memory.read(APP, 'jsapi')
    memory = lostOnce(createMemoryStore(clock))
    for (let step = 0; step < 12; step++) {
      for (const vault of vaults) expect(vault.peek(APP, 'jsapi')).toEqual(before)
      await clock.advance(250)
    }
    expect(await memory.read(APP, 'jsapi')).toEqual(before)
    expect((await ticket(start())).value).toBe(before?.value)
    expect(callsTo(TICKET)).toBe(1)
  })

  test('its own budget holds', async () => {
    const vault = start({ tokenApi: 'stable' })
    const { value } = await token(vault)
    isDown = true
    for (let turn = 0; turn < 1_000; turn++) await vault.refused(APP, 'access_token', value)
    for (let turn = 0; turn < 1_000; turn++) {
      await vault.refused(APP, 'access_token', vault.peek(APP, 'access_token')?.value ?? '')
    }
    expect(wechat.calls.filter(({ force }) => force)).toHaveLength(1)
  })
})

/** A new run of the store: an old cursor means nothing to it. */
function lostOnce(fresh: CredentialStore): CredentialStore {
  return {
    ...fresh,
    async changes(cursor) {
      const isOld = cursor !== undefined && !cursor.startsWith('new ')
      const changes = await fresh.changes(isOld ? undefined : cursor?.slice(4))
      return { ...changes, cursor: `new ${changes.cursor}` }
    },
  }
}

describe('another party that refreshes the same account', () => {
  const contests: string[] = []
  const options: Options = { tokenApi: 'classic', onContested: (appId) => contests.push(appId) }
  beforeEach(() => contests.splice(0))

  /** Ten minutes pass, in which the former token dies; tickets are fetched anew. */
  async function workingToken(vault: OwnedVault): Promise<string> {
    const { value } = await token(vault)
    if (wechat.isValid(value)) return value
    return (await vault.refused(APP, 'access_token', value)).value
  }

  test('costs one refusal, one refresh, and is no contest the first time', async () => {
    const vault = start(options)
    await token(vault)
    wechat.takeOver()
    await clock.advance(600_000)
    expect(wechat.isValid(await workingToken(vault))).toBe(true)
    expect(vault.state(APP, 'access_token').contested).toBe(false)
    expect(callsTo(CLASSIC)).toBe(2)
  })

  test('a second time it is named, on every replica, for every kind, and forgotten hours later', async () => {
    const [one, two] = startMany(2, options) as [OwnedVault, OwnedVault]
    await token(one)
    await token(two)
    for (let times = 0; times < 2; times++) {
      wechat.takeOver()
      await clock.advance(600_000)
      expect(wechat.isValid(await workingToken(one))).toBe(true)
    }
    await clock.advance(1_000)
    for (let step = 0; step < 4; step++) {
      two.peek(APP, 'access_token')
      await clock.advance(250)
    }
    expect(contests).toEqual([APP])
    expect(one.state(APP, 'jsapi').contested).toBe(true)
    expect(two.state(APP, 'wx_card').contested).toBe(true)
    await clock.advance(3 * 3_600_000)
    expect(one.state(APP, 'access_token').contested).toBe(false)
  })

  test('that answers every take-over at once starts no war: two minutes apart, and tickets never die of it', async () => {
    const vaults = startMany(3, options)
    let dead = 0
    for (let second = 0; second < 8 * 3_600; second += 10) {
      wechat.revoke()
      wechat.takeOver()
      for (const vault of vaults) {
        const { value } = await soon(ticket(vault)).catch(() => ({ value: 'none' }))
        if (second > 600 && !wechat.isValid(value)) dead++
        await workingToken(vault).catch(() => undefined)
      }
      await clock.advance(10_000)
    }
    expect(contests).toEqual([APP])
    // Far more than the ten of a day by which stable tokens are forced, far less than one in 30 s.
    expect(callsTo(CLASSIC)).toBeGreaterThan(100)
    expect(callsTo(CLASSIC)).toBeLessThanOrEqual((8 * 3_600) / 120 + 10)
    expect(dead).toBe(0)
  })
})

describe.each([1, 4])('two hours and a quarter of traffic on %i', (count) => {
  test.each(['stable', 'classic'] as const)(
    'nobody waits, nothing dead is handed out, one refresh per credential and life (%s)',
    async (tokenApi) => {
      const vaults = startMany(count, { tokenApi })
      await soon(Promise.all([...vaults.map(ticket), ...vaults.map(token)]))
      const dead: string[] = []
      for (let second = 0; second < 8_100; second += 5) {
        for (const vault of vaults) {
          for (const kind of ['jsapi', 'access_token'] as const) {
            const value = vault.peek(APP, kind)?.value ?? `nothing at ${second}`
            if (!wechat.isValid(value)) dead.push(value)
          }
        }
        await clock.advance(5_000)
      }
      expect(dead).toEqual([])
      expect([callsTo(TOKEN) + callsTo(CLASSIC), callsTo(TICKET)]).toEqual([2, 2])
    },
  )

  test('a machine that slept two hours, its monotonic clock too, wakes without an error', async () => {
    const vaults = startMany(count)
    await soon(Promise.all(vaults.map(ticket)))
    clock.step(2 * 3_600_000 + 60_000)
    const answers = await soon(Promise.all(vaults.map(ticket)))
    expect(answers.map(({ value }) => wechat.isValid(value))).toEqual(Array(count).fill(true))
    expect(callsTo(TICKET)).toBe(2)
  })
})
