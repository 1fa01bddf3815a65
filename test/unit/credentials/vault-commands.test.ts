import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Credential } from '../../../server/credentials/credential.ts'
import { createMemoryStore } from '../../../server/credentials/memory-store.ts'
import type { CredentialStore } from '../../../server/credentials/store.ts'
import type { OwnedVault } from '../../../server/credentials/vault.ts'
import { ServiceError } from '../../../server/errors.ts'
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts'
import { APP, createTruthfulWechat, type TruthfulWechat, vaultOn } from '../../support/truthful-wechat.ts'

const RUNS = Number(process.env.VAULT_RUNS ?? 150)

/** What must hold, apart from the code. */
interface Model {
  /** The greatest number, in WeChat's order of issue, that a client of several replicas has seen. */
  newestSeen: number
  /** Refreshes that are explained: a start, an end of life, a refusal, a failure, a crash, a store that was away. */
  allowedCalls: number
  storeIsDown: boolean
  isFailing: boolean
}

interface Real {
  readonly clock: ManualClock
  readonly wechat: TruthfulWechat
  readonly memory: CredentialStore
  readonly vaults: OwnedVault[]
  storeIsDown: boolean
  start(): OwnedVault
}

function setUp(tokenApi: 'stable' | 'classic', count: number): { model: Model; real: Real } {
  const clock = createManualClock()
  const wechat = createTruthfulWechat(clock)
  const memory = createMemoryStore(clock)
  const gate = async <T>(run: () => Promise<T>): Promise<T> => {
    if (real.storeIsDown) throw new Error('connection refused')
    return run()
  }
  const store: CredentialStore = {
    read: (appId, kind) => gate(() => memory.read(appId, kind)),
    write: (appId, kind, credential) => gate(() => memory.write(appId, kind, credential)),
    turn: (appId, kind, take) => gate(() => memory.turn(appId, kind, take)),
    changes: (cursor) => gate(() => memory.changes(cursor)),
  }
  const real: Real = {
    clock,
    wechat,
    memory,
    vaults: [],
    storeIsDown: false,
    start: () => vaultOn(wechat, store, clock, { tokenApi }),
  }
  for (let number = 0; number < count; number++) real.vaults.push(real.start())
  return { real, model: { newestSeen: -1, allowedCalls: 1, storeIsDown: false, isFailing: false } }
}

/** Lets time pass in small steps until it is there, or has failed. */
async function soon<T>(clock: ManualClock, answer: Promise<T>): Promise<T> {
  let there = false
  const done = () => {
    there = true
  }
  answer.then(done, done)
  for (let step = 0; step < 400 && !there; step++) await clock.advance(50)
  return answer
}

abstract class OnVault implements fc.AsyncCommand<Model, Real> {
  readonly number: number
  constructor(number: number) {
    this.number = number
  }
  check(): boolean {
    return true
  }
  abstract run(model: Model, real: Real): Promise<void>
  abstract toString(): string
  vaultOf({ vaults }: Real): OwnedVault {
    return vaults[this.number % vaults.length] as OwnedVault
  }
}

/** I1 and I3 for an answer; a refusal must be one of ours, with a reason. */
async function judge(
  model: Model,
  real: Real,
  answer: Promise<Credential>,
  isLatest: boolean,
): Promise<void> {
  try {
    const credential = await soon(real.clock, answer)
    expect(credential.expiresAt).toBeGreaterThan(real.clock.now())
    const order = real.wechat.order(credential.value)
    expect(order).toBeGreaterThanOrEqual(0)
    if (!isLatest || model.storeIsDown) return
    expect(real.wechat.isValid(credential.value)).toBe(true)
    expect(order).toBeGreaterThanOrEqual(model.newestSeen)
    model.newestSeen = order
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    expect(error.code).toBe('wechat_unreachable')
  }
}

class Get extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    await judge(model, real, this.vaultOf(real).get(APP, 'access_token'), false)
  }
  toString = () => `get(${this.number})`
}

class Latest extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    await judge(model, real, this.vaultOf(real).latest(APP, 'access_token'), true)
  }
  toString = () => `latest(${this.number})`
}

class Reject extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    const vault = this.vaultOf(real)
    const value = vault.state(APP, 'access_token').current?.value ?? 'never issued'
    model.allowedCalls += 2
    await judge(model, real, vault.refused(APP, 'access_token', value), false)
  }
  toString = () => `reject(${this.number})`
}

class Expire extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    const ms = this.number * 1_800_000
    model.allowedCalls += Math.ceil(ms / 6_000_000) + 1
    await real.clock.advance(ms)
  }
  toString = () => `${this.number} half hours pass`
}

class Fail extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    model.isFailing = this.number % 2 === 1
    model.allowedCalls = Number.POSITIVE_INFINITY
    real.wechat.failure = model.isFailing ? new ServiceError('wechat_unreachable', 'nobody there') : undefined
  }
  toString = () => (this.number % 2 === 1 ? 'WeChat fails' : 'WeChat is back')
}

/** A vault disappears in the middle of whatever it does, and another one is started in its place. */
class Crash extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    const number = this.number % real.vaults.length
    let forget = (): void => undefined
    real.wechat.before = () => new Promise((go) => (forget = go))
    model.allowedCalls += 2
    real.vaults[number]?.get(APP, 'access_token').catch(() => undefined)
    await real.clock.advance(10)
    real.wechat.before = async () => undefined
    real.vaults[number] = real.start()
    // What it had asked for arrives nowhere; it was issued all the same.
    void forget
  }
  toString = () => `crash(${this.number})`
}

class Restart extends OnVault {
  async run(_: Model, real: Real): Promise<void> {
    const number = this.number % real.vaults.length
    await real.vaults[number]?.close()
    real.vaults[number] = real.start()
  }
  toString = () => `restart(${this.number})`
}

class Store extends OnVault {
  async run(model: Model, real: Real): Promise<void> {
    const isDown = this.number % 2 === 1
    real.storeIsDown = isDown
    model.allowedCalls += 2 * real.vaults.length
    if (model.storeIsDown && !isDown) {
      // Whoever has something newer brings it within a second of traffic.
      for (let step = 0; step < 5; step++) {
        for (const vault of real.vaults) vault.peek(APP, 'access_token')
        await real.clock.advance(300)
      }
      model.newestSeen = -1
    }
    model.storeIsDown = isDown
  }
  toString = () => (this.number % 2 === 1 ? 'the store is gone' : 'the store is back')
}

const number = fc.nat({ max: 5 })
const anything = fc.commands(
  [
    number.map((n) => new Get(n)),
    number.map((n) => new Get(n)),
    number.map((n) => new Latest(n)),
    number.map((n) => new Latest(n)),
    number.map((n) => new Reject(n)),
    number.map((n) => new Expire(n)),
    number.map((n) => new Fail(n)),
    number.map((n) => new Crash(n)),
    number.map((n) => new Restart(n)),
    number.map((n) => new Store(n)),
  ],
  { maxCommands: 25 },
)

test('whatever happens to vaults, store and WeChat: no dead token, no way back, no call without a reason', async () => {
  const tokenApis = fc.constantFrom('stable' as const, 'classic' as const)
  await fc.assert(
    fc.asyncProperty(
      tokenApis,
      fc.integer({ min: 1, max: 3 }),
      anything,
      async (tokenApi, count, commands) => {
        let last: { model: Model; real: Real } | undefined
        await fc.asyncModelRun(() => (last = setUp(tokenApi, count)), commands)
        if (last === undefined) return
        const { model, real } = last
        expect(real.wechat.calls.length).toBeLessThanOrEqual(model.allowedCalls)
        real.wechat.failure = undefined
        real.storeIsDown = false
        await real.clock.advance(10_000)
        const final = await Promise.all(
          real.vaults.map((vault) => soon(real.clock, vault.get(APP, 'access_token'))),
        )
        for (const { expiresAt } of final) expect(expiresAt).toBeGreaterThan(real.clock.now())
      },
    ),
    { numRuns: RUNS },
  )
})
