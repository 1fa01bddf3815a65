import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { createMemoryStore } from '../../../server/credentials/memory-store.ts'
import type { CredentialStore } from '../../../server/credentials/store.ts'
import { createVault, type RefreshEvent, type Vault } from '../../../server/credentials/vault.ts'
import { ServiceError } from '../../../server/errors.ts'
import { createManualClock, type ManualClock, settle } from '../../support/manual-clock.ts'

const APP = 'wx0123456789abcdef'

interface Upstream {
  calls: { kind: string; refused?: string }[]
  expiresInS: number
  failure: Error | undefined
  /** When set, answers are held back until it is called. */
  hold: boolean
  held: (() => void)[]
  release: () => Promise<void>
}

let clock: ManualClock
let upstream: Upstream
let events: RefreshEvent[]
let store: CredentialStore
let vault: Vault

function makeVault(over: { store?: CredentialStore } = {}): Vault {
  const { held } = upstream
  upstream.release = async () => {
    for (const go of held.splice(0)) go()
    await settle()
  }
  return createVault({
    clock,
    random: (size) => new Uint8Array(size),
    store: over.store ?? store,
    onRefresh: (event) => events.push(event),
    async obtain({ kind, refused }) {
      upstream.calls.push(refused === undefined ? { kind } : { kind, refused })
      const number = upstream.calls.length
      if (upstream.hold) await new Promise<void>((go) => held.push(go))
      if (upstream.failure !== undefined) throw upstream.failure
      return { value: `${kind}-${number}`, expiresInS: upstream.expiresInS }
    },
  })
}

beforeEach(() => {
  clock = createManualClock()
  upstream = {
    calls: [],
    expiresInS: 7_200,
    failure: undefined,
    hold: false,
    held: [],
    release: async () => undefined,
  }
  events = []
  store = createMemoryStore(clock)
  vault = makeVault()
})

const unreachable = () => new ServiceError('wechat_unreachable', 'nobody there')
const refusedByWechat = () => new ServiceError('wechat_refused', 'wrong secret', { errcode: 40125 })

test('500 callers at once on an empty cache make one call, and none fails', async () => {
  upstream.hold = true
  const callers = Array.from({ length: 500 }, () => vault.get(APP, 'jsapi'))
  await settle()
  await upstream.release()
  const values = new Set((await Promise.all(callers)).map(({ value }) => value))
  expect(values).toEqual(new Set(['jsapi-1']))
  expect(upstream.calls).toHaveLength(1)
})

test('accounts and kinds have lives of their own', async () => {
  await Promise.all([
    vault.get(APP, 'jsapi'),
    vault.get(APP, 'wx_card'),
    vault.get('wxffffffffffffffff', 'jsapi'),
  ])
  expect(upstream.calls.map(({ kind }) => kind).sort()).toEqual(['jsapi', 'jsapi', 'wx_card'])
})

test('near the end the old value is served without waiting while one refresh runs in the background', async () => {
  await vault.get(APP, 'jsapi')
  await clock.advance((7_200 - 269) * 1_000)
  upstream.hold = true
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-1')
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-1')
  await settle()
  expect(upstream.calls).toHaveLength(2)
  await upstream.release()
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-2')
  expect(events.map(({ reason, result }) => `${reason} ${result}`)).toEqual(['missing ok', 'ahead ok'])
})

test('no refresh is made long before the end', async () => {
  await vault.get(APP, 'jsapi')
  await clock.advance((7_200 - 271) * 1_000)
  await vault.get(APP, 'jsapi')
  await settle()
  expect(upstream.calls).toHaveLength(1)
})

test.each([
  [345, 172],
  [300, 150],
  [60, 30],
  [2, 1],
])('a life of %i s is used for half of it before a refresh is due', async (expiresInS, untouchedS) => {
  upstream.expiresInS = expiresInS
  await vault.get(APP, 'access_token')
  await clock.advance(untouchedS * 1_000 - 1)
  expect((await vault.get(APP, 'access_token')).value).toBe('access_token-1')
  expect(upstream.calls).toHaveLength(1)
  await clock.advance(1_000)
  await vault.get(APP, 'access_token')
  await settle()
  expect(upstream.calls).toHaveLength(2)
})

test('an absurdly long life is cut to two hours', async () => {
  upstream.expiresInS = 1e12
  const credential = await vault.get(APP, 'jsapi')
  expect(credential.expiresAt - credential.obtainedAt).toBe(7_200_000)
})

test('a failed refresh keeps the living value to its true end, then callers get the reason', async () => {
  await vault.get(APP, 'jsapi')
  await clock.advance((7_200 - 100) * 1_000)
  upstream.failure = unreachable()
  for (let second = 0; second < 100; second++) {
    expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-1')
    await clock.advance(1_000)
  }
  await expect(vault.get(APP, 'jsapi')).rejects.toMatchObject({ code: 'wechat_unreachable' })
  upstream.failure = undefined
  await clock.advance(5_000)
  expect((await vault.get(APP, 'jsapi')).value).toMatch(/^jsapi-/)
})

test('a hopeless error is remembered for a few seconds instead of asked again by everybody', async () => {
  upstream.failure = refusedByWechat()
  for (let caller = 0; caller < 1_000; caller++) {
    await expect(vault.get(APP, 'access_token')).rejects.toMatchObject({ errcode: 40125 })
  }
  expect(upstream.calls).toHaveLength(1)
  await clock.advance(5_000)
  upstream.failure = undefined
  expect((await vault.get(APP, 'access_token')).value).toBe('access_token-2')
  expect(vault.state(APP, 'access_token').failure).toBeUndefined()
})

test('a refused value is refreshed once, however many callers had it refused', async () => {
  const { value } = await vault.get(APP, 'access_token')
  upstream.hold = true
  const callers = Array.from({ length: 1_000 }, () => vault.refused(APP, 'access_token', value))
  await settle()
  await upstream.release()
  const next = await Promise.all(callers)
  expect(new Set(next.map((credential) => credential.value))).toEqual(new Set(['access_token-2']))
  expect(upstream.calls).toEqual([{ kind: 'access_token' }, { kind: 'access_token', refused: value }])
})

test('late refusals of an old value do not touch the fresh one', async () => {
  const { value } = await vault.get(APP, 'access_token')
  await vault.refused(APP, 'access_token', value)
  await clock.advance(60_000)
  for (let late = 0; late < 1_000; late++) {
    expect((await vault.refused(APP, 'access_token', value)).value).toBe('access_token-2')
  }
  expect(upstream.calls).toHaveLength(2)
})

test('refusals refresh at most once in 30 s and ten times a day', async () => {
  await vault.get(APP, 'access_token')
  for (let attempt = 0; attempt < 2_000; attempt++) {
    const { value } = await vault.get(APP, 'access_token')
    await vault.refused(APP, 'access_token', value)
    if (attempt === 500) expect(upstream.calls.filter(({ refused }) => refused)).toHaveLength(1)
    if (attempt > 500) await clock.advance(10_000)
  }
  expect(upstream.calls.filter(({ refused }) => refused !== undefined)).toHaveLength(10)
})

test('while a refused value is replaced, others go on with it, and a failure keeps it', async () => {
  const { value } = await vault.get(APP, 'jsapi')
  upstream.failure = unreachable()
  await expect(vault.refused(APP, 'jsapi', value)).rejects.toMatchObject({ code: 'wechat_unreachable' })
  expect((await vault.get(APP, 'jsapi')).value).toBe(value)
})

test('the value before is known for as long as the next one lives', async () => {
  const { value } = await vault.get(APP, 'jsapi')
  await vault.refused(APP, 'jsapi', value)
  expect(vault.state(APP, 'jsapi')).toMatchObject({ previous: { value }, current: { value: 'jsapi-2' } })
})

test('a wall clock set back an hour does not lengthen a life', async () => {
  await vault.get(APP, 'jsapi')
  clock.step(-3_600_000)
  await clock.advance(7_200_000)
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-2')
})

test('a machine that slept past the end asks anew although its monotonic clock stood still', async () => {
  await vault.get(APP, 'jsapi')
  clock.step(2 * 3_600_000)
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-2')
})

test('a wall clock an hour ahead costs one refresh and no error', async () => {
  await vault.get(APP, 'jsapi')
  clock.step(3_600_000)
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-1')
  clock.step(3_600_000)
  expect((await vault.get(APP, 'jsapi')).value).toBe('jsapi-2')
})

test('a restart finds the credential in the store and makes no call', async () => {
  await vault.get(APP, 'jsapi')
  const restarted = makeVault()
  expect((await restarted.get(APP, 'jsapi')).value).toBe('jsapi-1')
  expect(upstream.calls).toHaveLength(1)
})

test('a restart does not take a stored credential that is dead or was stored under a clock far ahead', async () => {
  await store.write(APP, 'jsapi', { value: 'dead', obtainedAt: 0, expiresAt: clock.now() - 1, generation: 7 })
  const fresh = await vault.get(APP, 'jsapi')
  expect(fresh).toMatchObject({ value: 'jsapi-1', generation: 8 })
  const ahead = clock.now() + 86_400_000
  await store.write(APP, 'wx_card', {
    value: 'odd',
    obtainedAt: ahead,
    expiresAt: ahead + 7_200_000,
    generation: 1,
  })
  expect(await vault.get(APP, 'wx_card')).toMatchObject({ value: 'wx_card-2', generation: 2 })
})

test('a store that fails costs calls to WeChat, never a request', async () => {
  const broken: CredentialStore = {
    read: () => Promise.reject(new Error('disk I/O error')),
    write: () => Promise.reject(new Error('disk is full')),
    turn: () => Promise.reject(new Error('disk I/O error')),
    changes: () => Promise.reject(new Error('disk I/O error')),
  }
  const alone = makeVault({ store: broken })
  expect((await alone.get(APP, 'jsapi')).value).toBe('jsapi-1')
  expect((await alone.get(APP, 'jsapi')).value).toBe('jsapi-1')
  expect(upstream.calls).toHaveLength(1)
})

test('a newer credential in the store wins over the one just fetched', async () => {
  const foreign = {
    value: 'foreign',
    obtainedAt: clock.now(),
    expiresAt: clock.now() + 7_200_000,
    generation: 5,
  }
  upstream.hold = true
  const caller = vault.get(APP, 'jsapi')
  await settle()
  await store.write(APP, 'jsapi', foreign)
  await upstream.release()
  expect((await caller).value).toBe('foreign')
})

test('whatever the order of time, failures and refusals, no dead value is handed out and generations only grow', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 3_000_000 }) }),
    fc.record({ do: fc.constant('get' as const) }),
    fc.record({ do: fc.constant('refuse' as const), age: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ do: fc.constant('break' as const), broken: fc.boolean() }),
    fc.record({ do: fc.constant('hold' as const), hold: fc.boolean() }),
    fc.record({ do: fc.constant('life' as const), s: fc.constantFrom(60, 300, 345, 7_200) }),
    fc.record({ do: fc.constant('restart' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      clock = createManualClock()
      upstream = {
        calls: [],
        expiresInS: 7_200,
        failure: undefined,
        hold: false,
        held: [],
        release: async () => undefined,
      }
      store = createMemoryStore(clock)
      vault = makeVault()
      const seen: string[] = []
      let newest = 0
      const reads: Promise<void>[] = []
      const read = (answer: ReturnType<Vault['get']>): void => {
        reads.push(
          answer.then(
            (credential) => {
              expect(credential.expiresAt).toBeGreaterThan(clock.now())
              expect(credential.generation).toBeGreaterThanOrEqual(newest)
              newest = credential.generation
              seen.push(credential.value)
            },
            (error: unknown) => expect(error).toBeInstanceOf(ServiceError),
          ),
        )
      }
      for (const action of steps) {
        if (action.do === 'advance') await clock.advance(action.ms)
        else if (action.do === 'get') read(vault.get(APP, 'jsapi'))
        else if (action.do === 'refuse')
          read(vault.refused(APP, 'jsapi', seen.at(-1 - action.age) ?? 'unknown'))
        else if (action.do === 'break') upstream.failure = action.broken ? unreachable() : undefined
        else if (action.do === 'life') upstream.expiresInS = action.s
        else if (action.do === 'restart') {
          await upstream.release()
          vault = makeVault()
        } else {
          upstream.hold = action.hold
          if (!action.hold) await upstream.release()
        }
        // What was answered is looked at before the clock moves on.
        await settle()
      }
      upstream.hold = false
      await upstream.release()
      await Promise.all(reads)
    }),
    { numRuns: 150 },
  )
})
