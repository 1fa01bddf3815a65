import { expect } from 'vitest'
import { authInfoConfig, authInfoSandbox } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHistory } from '../support/history.ts'
import { checkCalls, checkLiving, checkOrder, truthOf } from '../support/history-checks.ts'
import { createHttpClient, tally } from '../support/http-client.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { createTokenServer, tokenClient } from '../support/token-server.ts'
import { startWechat } from '../support/wechat-server.ts'

const { appId } = account
const CALLS = 1_000

for (const [tokenApi, path] of [
  ['stable', 'cgi-bin/stable_token'],
  ['classic', 'cgi-bin/token'],
] as const) {
  fault(
    'F4',
    {
      injected: `WeChat drops the ${tokenApi} token; ${CALLS} calls that used it report 40001 during the refresh, ${CALLS} after it`,
      expected: 'one refresh; the fresh token lives and everybody gets it',
    },
    async (see) => {
      const { sandbox, url, hold } = await startWechat(authInfoSandbox())
      const { accounts, ...config } = authInfoConfig()
      const service = await startServiceProcess({
        ...config,
        publicUrl: undefined,
        accounts: accounts.map((one) => ({ ...one, tokenApi })),
        wechat: { apiHosts: [url] },
        clients: [tokenClient],
      })
      const client = createHttpClient()
      const tokens = await createTokenServer(client, service.url)
      const history = createHistory(sandbox.clock.now)
      const read = (name: string, attempt: () => Promise<string>) =>
        history.record(name, { kind: 'read', appId, of: 'access_token' }, attempt)
      const old = String((await read('first', () => tokens.read(appId, 'access_token'))).seen)
      const before = sandbox.snapshot().callCounts[path] ?? 0
      sandbox.revokeTokens(appId)

      const refresh = hold(path)
      const early = Array.from({ length: CALLS }, (_, call) =>
        read(`early ${call}`, () => tokens.rejected(appId, old)),
      )
      await refresh.arrived()
      refresh.release()
      const fresh = new Set((await Promise.all(early)).map(({ seen }) => seen))
      await Promise.all(
        Array.from({ length: CALLS }, (_, call) => read(`late ${call}`, () => tokens.rejected(appId, old))),
      )
      const last = await read('first', () => tokens.read(appId, 'access_token'))
      const truth = truthOf(sandbox)
      see(tally(history.operations))
      see(`${(sandbox.snapshot().callCounts[path] ?? 0) - before} refresh`)
      expect([...fresh]).toEqual([last.seen])
      expect(fresh.has(old)).toBe(false)
      expect(history.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
      expect(checkLiving(history, truth)).toEqual([])
      expect(checkOrder(history, truth, 'everyone')).toEqual([])
      expect(checkCalls(sandbox, { [path]: before + 1 })).toEqual([])
    },
  )
}
