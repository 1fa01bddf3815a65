import { expect, onTestFinished } from 'vitest'
import { builtInAccount } from '../../demo/sandbox/index.ts'
import { createBalancer } from '../support/balancer.ts'
import { fault } from '../support/fault.ts'
import { createHttpClient } from '../support/http-client.ts'
import { type ServiceProcess, startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { VERIFIED, verdictOn } from '../support/verdict.ts'
import { startWechat } from '../support/wechat-server.ts'

const RESTARTS = 50
const VISITORS = 4

fault(
  'F16',
  {
    injected: `${RESTARTS} rolling restarts of two processes behind a balancer, ${VISITORS} visitors asking all the time`,
    expected: 'no request lost, every process ends with 0, WeChat is asked once in all',
    timeoutMs: 300_000,
  },
  async (see) => {
    const wechat = await startWechat({ accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }] })
    const folder = await temporaryFolder()
    const balancer = await createBalancer()
    onTestFinished(balancer.close)
    const start = async (): Promise<ServiceProcess> => {
      const process = await startServiceProcess(
        {
          // Longer than the balancer needs to notice.
          listen: { port: 0, drainSeconds: 0.3 },
          wechat: { apiHosts: [wechat.url] },
          rateLimits: { signature: { points: 0, perSeconds: 60 } },
        },
        folder,
      )
      await balancer.add(portOf(process))
      return process
    }
    let pair = [await start(), await start()]

    const client = createHttpClient()
    let stop = false
    let answered = 0
    const failed: string[] = []
    const visit = async (): Promise<void> => {
      while (!stop) {
        try {
          const signed = await client.sign(balancer.url)
          expect(verdictOn(wechat.sandbox, { status: 200, ...signed })).toBe(VERIFIED)
          answered++
        } catch (error) {
          failed.push(String(error))
        }
      }
    }
    const visitors = Array.from({ length: VISITORS }, visit)

    const endings: unknown[] = []
    for (let restart = 0; restart < RESTARTS; restart++) {
      const next: ServiceProcess[] = []
      for (const old of pair) {
        old.signal('SIGTERM')
        endings.push(await old.ended)
        balancer.remove(portOf(old))
        next.push(await start())
      }
      pair = next
    }
    stop = true
    await Promise.all(visitors)

    const calls = wechat.sandbox.calls()
    see(`${endings.length} processes ended, ${answered} requests answered, ${failed.length} failed`)
    see(`${balancer.lost.length} lost, ${calls.length} calls to WeChat`)
    expect(failed).toEqual([])
    expect(balancer.lost).toEqual([])
    expect(new Set(endings)).toEqual(new Set([0]))
    expect(calls).toHaveLength(2)
    expect(answered).toBeGreaterThan(RESTARTS)
  },
)

const portOf = ({ url }: ServiceProcess): number => Number(new URL(url).port)
