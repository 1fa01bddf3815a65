import { expect } from 'vitest'
import { fault } from '../support/fault.ts'
import { createHistory, type Operation, type Signed } from '../support/history.ts'
import { checkLiving, checkOrder, truthOf } from '../support/history-checks.ts'
import { createHttpClient, patiently, tally } from '../support/http-client.ts'
import { testKeys } from '../support/keys.ts'
import { startServiceProcess } from '../support/processes.ts'
import { account, json } from '../support/service.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { createTokenServer, tokenClient } from '../support/token-server.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const REQUESTS = 2_000
const TOKEN = 'cgi-bin/stable_token'
/** Agreeing takes a second at most; this is said by a machine that has other things to do as well. */
const AGREED_WITHIN_MS = 5_000

const TICKET = 'cgi-bin/ticket/getticket'
const { appId } = account
/** What every process gets at its start is over again so soon. */
const FIRST_LIFE_S = 2

/** Processes that have nothing alive, neither in memory nor in their store. */
async function startReplicas(count: number, config: object) {
  const { sandbox, url } = await startWechat({ ticketRotation: 'every-call' })
  sandbox.setFaults([TOKEN, TICKET].map((path) => ({ kind: 'expires_in', path, expiresIn: FIRST_LIFE_S })))
  const services = await Promise.all(
    Array.from({ length: count }, () =>
      startServiceProcess({
        keys: testKeys,
        wechat: { apiHosts: [url] },
        rateLimits: { signature: { points: 0, perSeconds: 60 } },
        clients: [tokenClient],
        ...config,
      }),
    ),
  )
  const lastCall = () => Math.max(0, ...sandbox.calls().map(({ at }) => at))
  await until(() => lastCall() > 0 && sandbox.clock.now() > lastCall() + 1_000 * FIRST_LIFE_S + 500)
  const before = sandbox.snapshot().callCounts
  const calls = () => {
    const { [TOKEN]: token = 0, [TICKET]: ticket = 0 } = sandbox.snapshot().callCounts
    return { token: token - (before[TOKEN] ?? 0), ticket: ticket - (before[TICKET] ?? 0) }
  }
  sandbox.setFaults([{ kind: 'slow', delayMs: 300 }])
  const client = createHttpClient()
  const history = createHistory(sandbox.clock.now)
  const urlOf = (replica: number): string => services[replica % count]?.url ?? ''
  let turnedAway = 0
  const sign = (page: number): Promise<Operation> =>
    history.record(`page at ${page % count}`, { kind: 'sign', appId }, () =>
      patiently(
        () => client.sign(urlOf(page)),
        () => (turnedAway += 1),
      ),
    )
  await Promise.all(Array.from({ length: REQUESTS }, (_, page) => sign(page)))
  const seen = `${tally(history.operations)} (${turnedAway} told to come again); calls ${JSON.stringify(calls())}`
  return { sandbox, client, history, urlOf, sign, calls, seen }
}

for (const [name, open] of sharedStores) {
  for (const count of name === 'Redis' ? [2, 4, 8] : [8]) {
    fault(
      'F2',
      {
        injected: `${REQUESTS} requests at once on ${count} cold processes that share ${name}`,
        expected:
          'one token and one ticket call, nobody fails; after a refresh by one all agree within a second',
      },
      async (see) => {
        const store = await open()
        if (store === undefined) return see(`not tested: there is no ${name}`)
        const { sandbox, client, history, urlOf, sign, calls, seen } = await startReplicas(count, store)
        see(seen)
        expect(history.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
        expect(calls()).toEqual({ token: 1, ticket: 1 })

        const signed = (await sign(0)).seen
        const rejected = await fetch(`${urlOf(0)}/v1/jsapi/rejected`, json({ appId, ...(signed as Signed) }))
        expect(await rejected.json()).toEqual({ refreshed: true })
        const began = performance.now()
        const replicas = Array.from({ length: count }, (_, replica) => replica)
        const truth = truthOf(sandbox)
        const newest = truth.filter(({ of }) => of === 'jsapi').slice(-1)
        await Promise.all(
          replicas.map((replica) =>
            until(async () => checkLiving({ operations: [await sign(replica)] }, newest).length === 0),
          ),
        )
        const tookMs = Math.round(performance.now() - began)
        see(`agreed after ${tookMs} ms`)
        await Promise.all(
          replicas.map(async (replica) => {
            const tokens = await createTokenServer(client, urlOf(replica))
            await history.record(`backend at ${replica}`, { kind: 'read', appId, of: 'jsapi' }, () =>
              tokens.read(appId, 'jsapi'),
            )
          }),
        )
        expect(tookMs).toBeLessThan(AGREED_WITHIN_MS)
        expect(calls()).toEqual({ token: 1, ticket: 2 })
        expect(checkLiving(history, truth)).toEqual([])
        expect(checkOrder(history, truth)).toEqual([])
        const reads = history.operations.filter(({ act }) => act.kind === 'read')
        expect(reads.map(({ seen }) => seen)).toEqual(replicas.map(() => newest[0]?.value))
      },
    )
  }
}

fault(
  'F2',
  {
    injected: `${REQUESTS} requests at once on 4 cold processes that share nothing`,
    expected:
      'at most one call of each kind per process, nobody fails, no process spoils the token of another',
  },
  async (see) => {
    const { sandbox, history, calls, seen } = await startReplicas(4, { database: 'memory' })
    see(seen)
    expect(history.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    const { token, ticket } = calls()
    expect(Math.max(token, ticket)).toBeLessThanOrEqual(4)
    expect(checkLiving(history, truthOf(sandbox))).toEqual([])
    expect(truthOf(sandbox).filter(({ of }) => of === 'access_token').length).toBe(1)
  },
)
