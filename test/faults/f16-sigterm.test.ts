import { connect } from 'node:net'
import { expect } from 'vitest'
import { fault } from '../support/fault.ts'
import { createHttpClient } from '../support/http-client.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const VISITORS = 32
const CARD = 'pFaultRow16Card0000000000001'
const WAITING = 10
const TICKET = 'cgi-bin/ticket/getticket'

fault(
  'F16',
  {
    injected: `SIGTERM in full load of ${VISITORS} visitors, while ${WAITING} requests wait for WeChat`,
    expected: 'readiness 503 first; every accepted request answered; nothing accepted after; exit 0 in 10 s',
  },
  async (see) => {
    const wechat = await startWechat()
    const service = await startServiceProcess({
      listen: { port: 0, drainSeconds: 1 },
      wechat: { apiHosts: [wechat.url] },
      rateLimits: { signature: { points: 0, perSeconds: 60 } },
      accounts: [{ ...account, publicCards: [CARD] }],
    })
    const client = createHttpClient()
    await client.sign(service.url)
    // The ticket for cards is asked for when the first card is; it stays on its way until the test lets it go.
    const held = wechat.hold(TICKET)
    const cards = Array.from({ length: WAITING }, () =>
      client.ask(`${service.url}/v1/cards/choose`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ cardId: CARD }),
      }),
    )
    await held.arrived()
    let going = true
    let answered = 0
    const failed: string[] = []
    const visitors = Array.from({ length: VISITORS }, async () => {
      while (going) {
        await client.sign(service.url).then(
          () => (answered += 1),
          (error: Error) => failed.push(error.message),
        )
      }
    })
    await until(() => answered >= 1_000)
    service.signal('SIGTERM')
    const seenBefore = answered
    await until(async () => (await client.ask(`${service.url}/readyz`)).status === 503)
    const whileDraining = answered - seenBefore
    going = false
    await Promise.all(visitors)
    await until(async () => !(await accepts(service.url)))
    held.release()
    const statuses = (await Promise.all(cards)).map(({ status }) => status)
    const ending = await service.ended
    see(`${statuses.filter((status) => status === 200).length} of ${WAITING} waiting requests answered`)
    see(
      `${answered} answered, ${whileDraining} of them after the signal, ${failed.length} failed; exit ${ending}`,
    )
    expect(failed).toEqual([])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(ending).toBe(0)
  },
)

/** Whether a new connection is taken. */
function accepts(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false))
    socket.once('close', () => resolve(true))
  })
}
