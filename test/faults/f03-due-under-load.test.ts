import { expect } from 'vitest'
import { fault } from '../support/fault.ts'
import { createHistory } from '../support/history.ts'
import { checkCalls, checkLiving, checkOrder, truthOf } from '../support/history-checks.ts'
import { createHttpClient, tally } from '../support/http-client.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const TICKET = 'cgi-bin/ticket/getticket'
const PAGES = 20
const EACH = 25

fault(
  'F3',
  {
    injected: `the refresh of a ticket is due, WeChat holds its answer back during ${PAGES * EACH} requests`,
    expected: 'nobody waits, all are signed with the old ticket; one refresh; then the new one',
  },
  async (see) => {
    const { sandbox, url, hold } = await startWechat({ ticketRotation: 'every-call' })
    // Half of a short life is when a refresh is due.
    sandbox.setFaults([{ kind: 'expires_in', path: TICKET, expiresIn: 12, times: 1 }])
    const service = await startServiceProcess({
      wechat: { apiHosts: [url] },
      rateLimits: { signature: { points: 0, perSeconds: 60 } },
    })
    const client = createHttpClient()
    const history = createHistory(sandbox.clock.now)
    const sign = (page: string) =>
      history.record(page, { kind: 'sign', appId: account.appId }, () => client.sign(service.url))
    await sign('first')
    const refresh = hold(TICKET)
    await until(async () => {
      await sign('first')
      return sandbox.calls(TICKET).length === 2
    })

    await Promise.all(
      Array.from({ length: PAGES }, async (_, page) => {
        for (let turn = 0; turn < EACH; turn++) await sign(`page ${page}`)
      }),
    )
    const [old, fresh] = truthOf(sandbox).filter(({ of }) => of === 'jsapi')
    expect(checkLiving(history, old === undefined ? [] : [old])).toEqual([])
    see(`while WeChat was silent ${tally(history.operations)}, all with the old ticket`)
    refresh.release()
    await until(async () => {
      const after = createHistory(sandbox.clock.now)
      await after.record('last', { kind: 'sign', appId: account.appId }, () => client.sign(service.url))
      return checkLiving(after, fresh === undefined ? [] : [fresh]).length === 0
    })
    see(`calls ${JSON.stringify(sandbox.snapshot().callCounts)}`)
    expect(history.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    expect(checkOrder(history, truthOf(sandbox))).toEqual([])
    expect(checkCalls(sandbox, { 'cgi-bin/stable_token': 1, [TICKET]: 2 })).toEqual([])
  },
)
