import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { fault } from '../support/fault.ts'
import { createHttpClient } from '../support/http-client.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const VISITORS = 50
const OUTAGE_MS = 5_000

fault(
  'F20',
  {
    injected: `WeChat gone for ${OUTAGE_MS / 1_000} s (reset, then black hole) when nothing is cached, ${VISITORS} pages that try again without a pause`,
    expected: '503 + Retry-After meanwhile, few calls upstream, all well in 10 s after, and stays so',
  },
  async (see) => {
    const wechat = await startWechat()
    const proxy = await createTcpProxy({ host: '127.0.0.1', port: Number(new URL(wechat.url).port) })
    onTestFinished(() => proxy.close())
    proxy.inject({ kind: 'reset' })
    const service = await startServiceProcess({
      wechat: { apiHosts: [`http://127.0.0.1:${proxy.port}`] },
      rateLimits: { signature: { points: 0, perSeconds: 60 } },
      accounts: [account],
    })
    const client = createHttpClient()
    const answers = new Map<string, number>()
    let withoutRetryAfter = 0
    let signed = 0
    let going = true
    const pages = Array.from({ length: VISITORS }, async () => {
      while (going) {
        const { status, headers } = await client.ask(`${service.url}/v1/jsapi/signature`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ url: 'https://h5.example.com/' }).toString(),
        })
        if (status === 200) signed += 1
        else if (headers['retry-after'] === undefined) withoutRetryAfter += 1
        answers.set(String(status), (answers.get(String(status)) ?? 0) + 1)
        // Time for the others of this very busy machine.
        await delay(2)
      }
    })
    await delay(OUTAGE_MS / 2)
    const resets = proxy.accepted
    proxy.inject({ kind: 'black_hole' })
    await delay(OUTAGE_MS / 2)
    const during = JSON.stringify(Object.fromEntries(answers))
    const connections = proxy.accepted
    expect(signed).toBe(0)
    proxy.mend()
    const mendedAt = performance.now()
    await until(() => signed > 0)
    const healedMs = performance.now() - mendedAt
    answers.clear()
    const calls = wechat.sandbox.calls().length
    const since = signed
    await until(() => signed >= since + 2_000)
    going = false
    await Promise.all(pages)
    see(`outage: ${during}, ${resets} + ${connections - resets} connections to WeChat`)
    see(
      `signed ${Math.round(healedMs)} ms after; then ${JSON.stringify(Object.fromEntries(answers))}, ${calls} calls`,
    )
    expect(withoutRetryAfter).toBe(0)
    // Two tries each time, with pauses that double from half a second to five.
    expect(connections).toBeLessThanOrEqual(30)
    expect(healedMs).toBeLessThan(10_000)
    expect([...answers.keys()]).toEqual(['200'])
    expect(wechat.sandbox.calls()).toHaveLength(2)
  },
)
