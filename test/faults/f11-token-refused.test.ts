import { expect, onTestFinished } from 'vitest'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { fault } from '../support/fault.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'
import { createSpoiltFetch, type SpoiltFetch } from '../support/spoilt-fetch.ts'
import { readSignatureAnswer, VERIFIED, verdictOn } from '../support/verdict.ts'

const TOKEN = 'cgi-bin/stable_token'
const TICKET = 'cgi-bin/ticket/getticket'
const LOAD = 200

async function start() {
  const clock = createManualClock()
  const spoilt = createSpoiltFetch(() => running.sandbox)
  const running = await createTestService({
    config: { rateLimits: { signature: { points: 0, perSeconds: 60 } } },
    world: { clock: { ...clock, sleep: async () => undefined }, fetch: spoilt.fetch },
  })
  onTestFinished(running.service.close)
  // A ticket of ten minutes: when it is over, the token is still thought to be alive.
  running.sandbox.setFaults([{ kind: 'expires_in', expiresIn: 600, path: TICKET, times: 1 }])
  const sign = async () =>
    readSignatureAnswer(await running.service.app.request('/v1/jsapi/signature', form({ url: PAGE })))
  const load = (size = LOAD) => Promise.all(Array.from({ length: size }, sign))
  const count = (path: string) => spoilt.asked.filter((asked) => asked === path).length
  await sign()
  running.sandbox.rotateTicket(account.appId)
  await clock.advance(600_000)
  spoilt.forget()
  return { ...running, clock, spoilt, load, count }
}

/** How often the sandbox was made to replace a token that still lived. */
const forced = (sandbox: Sandbox): number =>
  sandbox.calls(TOKEN).filter(({ body }) => body?.includes('"force_refresh":true')).length

const refusals: [number, (sandbox: Sandbox, spoilt: SpoiltFetch) => void][] = [
  [40001, (sandbox) => sandbox.revokeTokens(account.appId)],
  [42001, (sandbox) => sandbox.setFaults([{ kind: 'token_expired', path: TICKET, times: 1 }])],
  [40014, (_, spoilt) => spoilt.refuse({ errcode: 40014, path: TICKET, times: 1 })],
]
for (const [errcode, arrange] of refusals) {
  fault(
    'F11',
    {
      injected: `${errcode} when the ticket is asked for, ${LOAD} requests waiting`,
      expected: 'one new token, one retry, nobody refused',
    },
    async (see) => {
      const { sandbox, spoilt, load, count } = await start()
      arrange(sandbox, spoilt)
      const answers = await load()
      const signed = answers.filter(({ status }) => status === 200).length
      see(`${signed} signed`)
      see(`${count(TICKET)} ticket and ${count(TOKEN)} token calls, ${forced(sandbox)} forced`)
      expect(new Set(answers.map((answer) => verdictOn(sandbox, answer)))).toEqual(new Set([VERIFIED]))
      expect(count(TICKET)).toBe(2)
      expect(count(TOKEN)).toBeLessThanOrEqual(2)
      expect(forced(sandbox)).toBeLessThanOrEqual(1)
    },
  )

  fault(
    'F11',
    {
      injected: `${errcode} again and again when the ticket is asked for, five minutes under load`,
      expected: 'one retry, then the error; forced at most once in 30 s and ten times',
    },
    async (see) => {
      const { sandbox, spoilt, load, count, clock } = await start()
      spoilt.refuse({ errcode, path: TICKET })
      const first = await load()
      expect(first[0]).toMatchObject({ status: 502, code: 'wechat_refused', errcode })
      expect(count(TICKET)).toBe(2)
      for (let second = 0; second < 300; second += 2) {
        await clock.advance(2_000)
        const answers = await load(LOAD / 10)
        expect(answers.every((answer) => answer.errcode === errcode && answer.signature === undefined)).toBe(
          true,
        )
        await settle()
      }
      see(`${count(TICKET)} ticket and ${count(TOKEN)} token calls, ${forced(sandbox)} forced`)
      expect(forced(sandbox)).toBeLessThanOrEqual(10)
      expect(count(TICKET)).toBeLessThanOrEqual(300)
      spoilt.refuse()
      await clock.advance(5_000)
      expect(verdictOn(sandbox, (await load())[0] ?? { status: 0 })).toBe(VERIFIED)
    },
  )
}
