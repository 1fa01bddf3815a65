import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from '../../../server/clock.ts'
import type { Credential } from '../../../server/credentials/credential.ts'
import { createMemoryStore } from '../../../server/credentials/memory-store.ts'
import type { CredentialStore } from '../../../server/credentials/store.ts'
import type { OwnedVault } from '../../../server/credentials/vault.ts'
import { APP, createTruthfulWechat, vaultOn } from '../../support/truthful-wechat.ts'

const RUNS = Number(process.env.VAULT_RUNS ?? 200)
const TICKET = 'cgi-bin/ticket/getticket'

/** A clock on which sleeping takes its time only when the scheduler says so; `scale` 0 stops it. */
function scheduledClock(scheduler: fc.Scheduler, scale: number): Clock & { move(ms: number): void } {
  let passed = 0
  return {
    now: () => 1_767_225_600_000 + passed,
    monotonic: () => 1_000 + passed,
    async sleep(ms) {
      await scheduler.schedule(Promise.resolve(), `sleep ${Math.round(ms)}`)
      passed += ms * scale
    },
    move(ms) {
      passed += ms
    },
  }
}

/** Every command of the store begins when the scheduler says so. */
function scheduledStore(scheduler: fc.Scheduler, store: CredentialStore): CredentialStore {
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label)
  return {
    read: (appId, kind) => turn(`read ${kind}`).then(() => store.read(appId, kind)),
    write: (appId, kind, credential) =>
      turn(`write ${kind}`).then(() => store.write(appId, kind, credential)),
    turn: (appId, kind, take) => turn(`turn ${kind}`).then(() => store.turn(appId, kind, take)),
    changes: (cursor) => turn('changes').then(() => store.changes(cursor)),
  }
}

function world(scheduler: fc.Scheduler, count: number, tokenApi: 'stable' | 'classic', scale: number) {
  const clock = scheduledClock(scheduler, scale)
  const wechat = createTruthfulWechat(clock)
  wechat.before = async (path) => void (await scheduler.schedule(Promise.resolve(), `WeChat ${path}`))
  const store = createMemoryStore(clock)
  const vaults = Array.from({ length: count }, () =>
    vaultOn(wechat, scheduledStore(scheduler, store), clock, { tokenApi }),
  )
  return { clock, wechat, store, vaults }
}

const counts = fc.integer({ min: 2, max: 4 })
const tokenApis = fc.constantFrom('stable' as const, 'classic' as const)

test('whatever comes first, several vaults with empty hands make one call each for token and ticket', async () => {
  const callers = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      counts,
      tokenApis,
      callers,
      async (scheduler, count, tokenApi, turns) => {
        const { vaults, wechat } = world(scheduler, count, tokenApi, 0)
        const answers = turns.map(async (turn) => {
          await scheduler.schedule(Promise.resolve(), `caller ${turn % count}`)
          return (vaults[turn % count] as OwnedVault).get(APP, 'jsapi')
        })
        const got = await scheduler.waitFor(Promise.all(answers))
        expect(new Set(got.map(({ value }) => value)).size).toBe(1)
        expect(wechat.calls.map(({ path }) => path === TICKET)).toEqual([false, true])
      },
    ),
    { numRuns: RUNS },
  )
})

test('whatever comes first, refused tokens are replaced by living ones, and nobody goes back', async () => {
  const step = fc.record({
    vault: fc.nat({ max: 3 }),
    what: fc.constantFrom('get', 'latest', 'refused', 'take over', 'ten minutes'),
  })
  const steps = fc.array(step, { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      counts,
      tokenApis,
      steps,
      async (scheduler, count, tokenApi, actions) => {
        const { vaults, wechat, clock, store } = world(scheduler, count, tokenApi, 1)
        const newest = vaults.map(() => 0)
        let newestRead = 0
        await scheduler.waitFor(
          Promise.all(
            actions.map(async ({ vault: chosen, what }) => {
              await scheduler.schedule(Promise.resolve(), what)
              if (what === 'take over') return wechat.takeOver()
              if (what === 'ten minutes') return clock.move(600_000)
              const number = chosen % count
              const vault = vaults[number] as OwnedVault
              const readBefore = newestRead
              const credential = await ask(vault, what)
              // I3: neither one vault nor those who ask for the latest go back.
              expect(credential.generation).toBeGreaterThanOrEqual(newest[number] ?? 0)
              newest[number] = credential.generation
              if (what === 'latest') {
                expect(credential.generation).toBeGreaterThanOrEqual(readBefore)
                newestRead = Math.max(newestRead, credential.generation)
              }
            }),
          ),
        )
        const stored = await store.read(APP, 'access_token')
        for (const vault of vaults) {
          const latest = await scheduler.waitFor(vault.latest(APP, 'access_token'))
          if (stored !== undefined) expect(latest.generation).toBeGreaterThanOrEqual(stored.generation)
        }
        // I2: a refusal costs at most one refresh in 30 s, so at most one per ten minutes that passed.
        const minutes = actions.filter(({ what }) => what === 'ten minutes').length
        expect(wechat.calls.length).toBeLessThanOrEqual(2 * (2 + 2 * minutes))
      },
    ),
    { numRuns: RUNS },
  )
})

async function ask(vault: OwnedVault, what: string): Promise<Credential> {
  if (what === 'latest') return vault.latest(APP, 'access_token')
  const current = await vault.get(APP, 'access_token')
  return what === 'refused' ? vault.refused(APP, 'access_token', current.value) : current
}
