import { expect } from 'vitest'
import { COLD, configAccounts, sandboxAccounts, WARM_ACCOUNTS, warmedUp } from '../support/cold-account.ts'
import { gatherCrowd } from '../support/crowd.ts'
import { fault } from '../support/fault.ts'
import { createHistory } from '../support/history.ts'
import { checkCalls, checkLiving, truthOf } from '../support/history-checks.ts'
import { tally } from '../support/http-client.ts'
import { startServiceProcess } from '../support/processes.ts'
import { startWechat } from '../support/wechat-server.ts'

const REQUESTS = 10_000
fault(
  'F1',
  {
    injected: `${REQUESTS} requests at once on one cold process, WeChat slow`,
    expected: 'one token and one ticket call; every request signed, or told 503 early',
  },
  async (see) => {
    const { sandbox, url } = await startWechat({ accounts: sandboxAccounts })
    const service = await startServiceProcess({
      wechat: { apiHosts: [url] },
      rateLimits: { signature: { points: 0, perSeconds: 60 } },
      accounts: configAccounts,
    })
    const crowd = await gatherCrowd(service.url, REQUESTS)
    await warmedUp([service])
    sandbox.setFaults([{ kind: 'slow', delayMs: 1_000 }])
    const history = createHistory(sandbox.clock.now)
    await Promise.all(
      Array.from({ length: REQUESTS }, (_, number) =>
        history.record(`page ${number}`, { kind: 'sign', appId: COLD }, () => crowd.sign(number, COLD)),
      ),
    )
    see(tally(history.operations))
    const cold = { 'cgi-bin/stable_token': WARM_ACCOUNTS + 1, 'cgi-bin/ticket/getticket': WARM_ACCOUNTS + 1 }
    see(`calls ${JSON.stringify(sandbox.snapshot().callCounts)}, ${WARM_ACCOUNTS} of each for other accounts`)
    expect(history.operations.filter(({ outcome }) => outcome === 'info').length).toBe(0)
    expect(history.operations.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(0)
    expect(checkLiving(history, truthOf(sandbox))).toEqual([])
    expect(checkCalls(sandbox, cold)).toEqual([])
  },
)
