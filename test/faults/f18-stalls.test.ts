import { webcrypto } from 'node:crypto'
import { expect, onTestFinished, vi } from 'vitest'
import { backend } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHttpClient } from '../support/http-client.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account, createTestService, form, json, PAGE } from '../support/service.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const unlimited = { points: 0, perSeconds: 60 }
const rateLimits = { signature: unlimited, accessToken: unlimited }
const token = (autoRefresh: string): RequestInit =>
  form({
    grant_type: 'client_credentials',
    autoRefresh,
    applicationKey: backend.applicationKey,
    client_id: backend.clientId,
    client_secret: backend.clientSecret,
  })

fault(
  'F18',
  {
    injected: '1,000 signatures of pages, 1,000 shared tokens asked for at once',
    expected: 'no RS256 for a page, one for all the tokens',
  },
  async (see) => {
    const sign = vi.spyOn(webcrypto.subtle, 'sign')
    const verify = vi.spyOn(webcrypto.subtle, 'verify')
    onTestFinished(() => void vi.restoreAllMocks())
    const { service } = await createTestService({ config: { clients: [backend], rateLimits } })
    onTestFinished(service.close)
    const all = (path: string, init: RequestInit) =>
      Promise.all(Array.from({ length: 1_000 }, () => service.app.request(path, init)))
    const pages = await all('/v1/jsapi/signature', json({ url: PAGE }))
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]))
    const rsaOfPages = sign.mock.calls.length + verify.mock.calls.length
    const tokens = await all('/oauth2/ums/oauth2/accessToken', token('true'))
    const rsaOfTokens = sign.mock.calls.length
    const texts = await Promise.all(tokens.map(async (answer) => (await answer.json()).result.access_token))
    see(`RS256: ${rsaOfPages} for 1,000 pages, ${rsaOfTokens} for 1,000 tokens`)
    expect(rsaOfPages).toBe(0)
    expect(rsaOfTokens).toBe(1)
    expect(new Set(texts).size).toBe(1)
    // The counter counts: a token of one's own is signed.
    await service.app.request('/oauth2/ums/oauth2/accessToken', token('false'))
    expect(sign.mock.calls.length).toBe(2)
  },
)

fault(
  'F18',
  {
    injected: 'the process stands still (SIGSTOP) in full load, then goes on',
    expected: 'every request answered, nobody refused; loop delay measured by the service itself',
  },
  async (see) => {
    const { sandbox, url } = await startWechat()
    const service = await startServiceProcess({
      wechat: { apiHosts: [url] },
      rateLimits,
      accounts: [account],
    })
    const client = createHttpClient()
    await client.sign(service.url)
    let going = true
    let signed = 0
    const failures: string[] = []
    const page = async (): Promise<void> => {
      while (going) {
        await client.sign(service.url).then(
          () => (signed += 1),
          (error: Error) => failures.push(error.message),
        )
      }
    }
    const pages = Array.from({ length: 32 }, page)
    await until(() => signed >= 2_000)
    const metrics = (await client.ask(`${service.url}/metrics`)).text
    const p99 = Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(metrics)?.[1])
    service.signal('SIGSTOP')
    const stopped = signed
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    service.signal('SIGCONT')
    await until(() => signed >= stopped + 1_000)
    going = false
    await Promise.all(pages)
    see(
      `${signed} signed, ${failures.length} failed; loop delay p99 ${Math.round(p99 * 1_000)} ms before the stop`,
    )
    see(`${sandbox.calls().length} calls to WeChat`)
    expect(failures).toEqual([])
    expect(sandbox.calls()).toHaveLength(2)
    expect(p99).toBeGreaterThan(0)
  },
)
