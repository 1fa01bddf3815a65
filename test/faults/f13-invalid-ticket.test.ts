import { expect, onTestFinished } from 'vitest'
import { fault } from '../support/fault.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'
import { readSignatureAnswer, type SignatureAnswer, VERIFIED, verdictOn } from '../support/verdict.ts'

const TICKET = 'cgi-bin/ticket/getticket'
const MINUTES_MS = 60_000

fault(
  'F13',
  {
    injected:
      'somebody else renews the ticket every minute for half an hour, 50 pages a minute report it, 50 lie',
    expected: 'a report heals the pages; at most one ticket call in 5 min; lies change nothing',
  },
  async (see) => {
    const clock = createManualClock()
    const { service, sandbox } = await createTestService({
      config: { rateLimits: { signature: { points: 0, perSeconds: 60 } } },
      sandbox: { formerTicketS: 0 },
      world: { clock },
    })
    onTestFinished(service.close)
    const sign = async () =>
      readSignatureAnswer(await service.app.request('/v1/jsapi/signature', form({ url: PAGE })))
    const report = async (signed: SignatureAnswer, changes: Record<string, string> = {}) => {
      const { timestamp, nonceStr = '', signature = '' } = signed
      const fields = { url: PAGE, timestamp: String(timestamp), nonceStr, signature, ...changes }
      const response = await service.app.request('/v1/jsapi/rejected', form(fields))
      return { status: response.status, ...((await response.json()) as { refreshed?: boolean }) }
    }
    const calls = () => sandbox.calls(TICKET).length

    const first = await sign()
    sandbox.rotateTicket(account.appId)
    expect(verdictOn(sandbox, first)).not.toBe(VERIFIED)
    expect(await report(first)).toMatchObject({ status: 200, refreshed: true })
    expect(verdictOn(sandbox, await sign())).toBe(VERIFIED)
    // Whoever still holds a signature of the former ticket is told to sign again, at no call.
    expect(await report(first)).toMatchObject({ status: 200, refreshed: true })
    expect(calls()).toBe(2)

    const callTimes: number[] = []
    let healed = 0
    for (let minute = 0; minute < 30; minute++) {
      sandbox.rotateTicket(account.appId)
      const known = calls()
      const signed = await Promise.all(Array.from({ length: 50 }, sign))
      const lies = await Promise.all([
        ...signed.slice(0, 20).map((each) => report(each, { signature: 'f'.repeat(40) })),
        ...signed.slice(20, 40).map((each) => report(each, { url: 'https://evil.example.com/' })),
        ...signed.slice(40).map((each) => report(each, { nonceStr: 'another' })),
      ])
      expect(new Set(lies.map(({ status }) => status))).toEqual(new Set([400, 403]))
      expect(calls()).toBe(known)
      const answers = await Promise.all(signed.map((each) => report(each)))
      if (answers.some(({ refreshed }) => refreshed === true)) {
        callTimes.push(clock.now())
        expect(verdictOn(sandbox, await sign())).toBe(VERIFIED)
        healed += 1
      }
      await settle()
      await clock.advance(MINUTES_MS)
    }
    const gaps = callTimes.slice(1).map((at, index) => at - (callTimes[index] ?? 0))
    see(
      `healed at the first report; then ${calls() - 2} ticket calls in 30 min, ${healed} times all pages healed`,
    )
    see(`shortest gap ${Math.min(...gaps) / MINUTES_MS} min; 1,500 lies refused`)
    expect(healed).toBeGreaterThanOrEqual(5)
    expect(calls() - 2).toBe(healed)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * MINUTES_MS)
  },
)
