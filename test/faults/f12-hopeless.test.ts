import { expect, onTestFinished } from 'vitest'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { fault } from '../support/fault.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'
import { createSpoiltFetch, type SpoiltFetch } from '../support/spoilt-fetch.ts'
import { readSignatureAnswer, VERIFIED, verdictOn } from '../support/verdict.ts'

const TOKEN = 'cgi-bin/stable_token'
const TICKET = 'cgi-bin/ticket/getticket'
const SECONDS = 60
const REQUESTS_A_SECOND = 10

async function start() {
  const clock = createManualClock()
  const spoilt = createSpoiltFetch(() => running.sandbox)
  const running = await createTestService({
    config: { rateLimits: { signature: { points: 0, perSeconds: 60 } } },
    world: { clock: { ...clock, sleep: async () => undefined }, fetch: spoilt.fetch },
  })
  onTestFinished(running.service.close)
  const ask = (path: string, init?: RequestInit) => running.service.app.request(path, init)
  const sign = async () => readSignatureAnswer(await ask('/v1/jsapi/signature', form({ url: PAGE })))
  const load = () => Promise.all(Array.from({ length: REQUESTS_A_SECOND / 2 }, sign))
  return { ...running, clock, spoilt, ask, sign, load }
}

type Arrange = (sandbox: Sandbox, spoilt: SpoiltFetch) => void
const { appId } = account

const days: [number, string, Arrange][] = [
  [40013, TOKEN, (_, spoilt) => spoilt.refuse({ errcode: 40013, path: TOKEN })],
  [40125, TOKEN, (sandbox) => sandbox.changeAccount(appId, { appSecret: 'reset'.padEnd(32, '0') })],
  [40164, TOKEN, (sandbox) => sandbox.changeAccount(appId, { ipWhitelist: ['198.51.100.1'] })],
  [40243, TOKEN, (sandbox) => sandbox.changeAccount(appId, { frozen: true })],
  [45009, TOKEN, (sandbox) => sandbox.setFaults([{ kind: 'quota' }])],
  [45011, TOKEN, (_, spoilt) => spoilt.refuse({ errcode: 45011, path: TOKEN })],
  [48001, TICKET, (_, spoilt) => spoilt.refuse({ errcode: 48001, path: TICKET })],
]

for (const [errcode, path, arrange] of days) {
  fault(
    'F12',
    {
      injected: `${errcode} for a minute, ${REQUESTS_A_SECOND} requests a second, cold and warm`,
      expected: 'at most one call a second and key; named by readiness, metric and log without a flood',
    },
    async (see) => {
      const cold = await start()
      arrange(cold.sandbox, cold.spoilt)
      for (let half = 0; half < SECONDS * 2; half++) {
        for (const answer of await cold.load()) {
          expect(answer).toMatchObject({ status: 502, code: 'wechat_refused', errcode })
          expect(answer.signature).toBeUndefined()
        }
        await cold.clock.advance(500)
      }
      const calls = cold.spoilt.asked.filter((asked) => asked === path).length
      const told = cold.logs().filter(({ level }) => level === 'error')
      const again = cold.logs().filter(({ level, msg }) => level === 'warn' && msg !== 'request failed')
      const metrics = await (await cold.ask('/metrics')).text()
      const failed = countFailed(metrics)
      see(`cold: ${calls} calls, ${told.length} error and ${again.length} warning lines in ${SECONDS} s`)
      expect(calls).toBeGreaterThan(1)
      expect(calls).toBeLessThanOrEqual(SECONDS)
      // One for the token, one for the ticket, and again after a minute.
      expect(told.length).toBeLessThanOrEqual(2)
      expect(again.length).toBeLessThanOrEqual(2)
      expect(told[0]).toMatchObject({ errcode, hint: expect.any(String) })
      expect(failed).toBeGreaterThanOrEqual(calls)
      expect(await (await cold.ask('/readyz')).json()).toMatchObject({
        status: 'unready',
        accounts: [{ appId, state: 'failed', reason: { errcode, hint: expect.any(String) } }],
      })

      const warm = await start()
      await warm.sign()
      arrange(warm.sandbox, warm.spoilt)
      // Else the ticket would be renewed once more with the token that is still there.
      warm.sandbox.revokeTokens(appId)
      warm.spoilt.forget()
      await warm.clock.advance((7_200 - SECONDS) * 1_000)
      for (let half = 0; half < SECONDS * 2; half++) {
        for (const answer of await warm.load()) expect(verdictOn(warm.sandbox, answer)).toBe(VERIFIED)
        await settle()
        await warm.clock.advance(500)
      }
      see(`warm: every request signed, ${warm.spoilt.asked.length} calls`)
      expect(warm.spoilt.asked.length).toBeGreaterThan(0)
      expect(warm.spoilt.asked.filter((asked) => asked === path).length).toBeLessThanOrEqual(SECONDS)
      await warm.clock.advance(6_000)
      expect(await warm.sign()).toMatchObject({ status: 502, errcode })
      expect(await (await warm.ask('/readyz')).json()).toMatchObject({
        status: 'unready',
        accounts: [{ reason: { errcode } }],
      })
    },
  )
}

function countFailed(metrics: string): number {
  const lines = metrics.matchAll(/^wxh5_credential_refreshes_total\{.*result="wechat_refused"\} (\d+)/gm)
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
}
