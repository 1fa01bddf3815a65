import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { builtInAccount, createSandbox } from '../../demo/sandbox/index.ts'
import { backend, tokenOf } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { createTestService, fetchFrom, form, PAGE } from '../support/service.ts'
import { readSignatureAnswer, VERIFIED, verdictOn } from '../support/verdict.ts'

const HOUR_MS = 3_600_000
const STEP_MS = 10_000
const TICKET = 'cgi-bin/ticket/getticket'

/** A machine whose clock may be wrong, while WeChat's is right. */
async function start(config: object = {}, skewMs = 0) {
  const clock = createManualClock()
  let wrongMs = 0
  const sandbox = createSandbox({
    accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }],
    now: () => clock.now() - wrongMs,
  })
  /** Sets the machine's clock, and nothing else. */
  const step = (ms: number): void => {
    clock.step(ms)
    wrongMs += ms
  }
  step(skewMs)
  const open = async () => {
    const { service } = await createTestService({
      config: { rateLimits: { signature: { points: 0, perSeconds: 60 } }, ...config },
      world: { clock, fetch: fetchFrom(sandbox) },
    })
    const sign = async () =>
      readSignatureAnswer(await service.app.request('/v1/jsapi/signature', form({ url: PAGE })))
    return { service, sign, verdict: async () => verdictOn(sandbox, await sign()) }
  }
  const running = await open()
  onTestFinished(running.service.close)
  const calls = () => sandbox.calls(TICKET).length
  return { ...running, clock, sandbox, step, open, calls }
}

type Machine = Awaited<ReturnType<typeof start>>

const weather: [string, (machine: Machine, turn: number) => void, number][] = [
  ['an hour forward after 20 minutes', ({ step }, turn) => turn === 120 && step(HOUR_MS), 3],
  ['an hour back after 20 minutes', ({ step }, turn) => turn === 120 && step(-HOUR_MS), 2],
  [
    'an hour back and forth every 20 minutes',
    ({ step }, turn) => turn % 120 === 0 && step(turn % 240 === 0 ? HOUR_MS : -HOUR_MS),
    4,
  ],
  ['five hours back, just before the refresh', ({ step }, turn) => turn === 690 && step(-5 * HOUR_MS), 2],
  ['ten years forward', ({ step }, turn) => turn === 120 && step(87_600 * HOUR_MS), 3],
  ['to 1970', ({ step, clock }, turn) => turn === 120 && step(-clock.now() + 1_000), 2],
  ['1 % fast', ({ step }) => step(STEP_MS / 100), 3],
  ['1 % slow', ({ step }) => step(-STEP_MS / 100), 2],
  ['asleep for two hours', ({ clock }, turn) => turn === 120 && clock.step(2 * HOUR_MS), 3],
]
for (const [name, change, mostCalls] of weather) {
  fault(
    'F14',
    {
      injected: `the clock of the machine: ${name}`,
      expected: 'two hours and a quarter of pages, none refused or dead; no storm of refreshes',
    },
    async (see) => {
      const machine = await start()
      const verdicts = new Map<string, number>()
      for (let turn = 0; turn < 810; turn++) {
        change(machine, turn)
        const verdict = await machine.verdict()
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
        await settle()
        await machine.clock.advance(STEP_MS)
      }
      see(`${JSON.stringify(Object.fromEntries(verdicts))}, ${machine.calls()} tickets fetched`)
      expect([...verdicts.keys()]).toEqual([VERIFIED])
      expect(machine.calls()).toBeLessThanOrEqual(mostCalls)
    },
  )
}

fault(
  'F14',
  {
    injected:
      'a ticket stored while the clock was wrong by -1 h, -59 s, +59 s and +1 h; the clock is set right, then a restart',
    expected: 'what the store kept is never used beyond its true end',
  },
  async (see) => {
    for (const skewMs of [-HOUR_MS, -59_000, 59_000, HOUR_MS]) {
      const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
      onTestFinished(() => rm(folder, { recursive: true, force: true }))
      const machine = await start({ database: `sqlite:${join(folder, 'wx-h5.db')}` }, skewMs)
      expect(await machine.verdict()).toBe(VERIFIED)
      await machine.clock.advance(HOUR_MS / 4)
      machine.step(-skewMs)
      const restarted = await machine.open()
      onTestFinished(restarted.service.close)
      const verdicts = new Set<string>()
      for (let turn = 0; turn < 810; turn++) {
        verdicts.add(await restarted.verdict())
        await settle()
        await machine.clock.advance(STEP_MS)
      }
      see(`${skewMs / 1_000} s: ${[...verdicts].join(', ')}, ${machine.calls()} tickets fetched`)
      expect([...verdicts]).toEqual([VERIFIED])
    }
  },
)

fault(
  'F14',
  {
    injected: 'two replicas whose clocks differ by 29, 61 and 3,600 s, both ways, exchange service tokens',
    expected: 'accepted up to 60 s of difference, no more; an expired token no longer than 60 s',
  },
  async (see) => {
    const config = { clients: [backend], publicUrl: 'https://mem.example.com' }
    const [issuing, checking] = [await start(config), await start(config)]
    const ask = async (path: string, init?: RequestInit) => issuing.service.app.request(path, init)
    const token = await tokenOf(ask)
    const check = async (skewMs: number): Promise<number> => {
      checking.step(skewMs)
      const response = await checking.service.app.request('/v1/oauth/url', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sso-token': token },
        body: JSON.stringify({ redirectUri: 'https://h5.example.com/', scope: 'snsapi_base' }),
      })
      checking.step(-skewMs)
      return response.status
    }
    const answers: Record<string, number> = {}
    for (const seconds of [-3_600, -61, -29, 29, 7_199, 7_261, 10_800]) {
      answers[seconds] = await check(seconds * 1_000)
    }
    see(JSON.stringify(answers))
    expect(answers).toEqual({
      '-3600': 401,
      '-61': 401,
      '-29': 200,
      '29': 200,
      '7199': 200,
      '7261': 401,
      '10800': 401,
    })
  },
)
