import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { builtInAccount } from '../../demo/sandbox/index.ts'
import { fault } from '../support/fault.ts'
import { createHistory, type Operation } from '../support/history.ts'
import { checkCalls, checkLiving, checkOrder, truthOf } from '../support/history-checks.ts'
import { createHttpClient, patiently, tally } from '../support/http-client.ts'
import { testKeys } from '../support/keys.ts'
import { type ServiceProcess, startServiceProcess } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { sharedStores } from '../support/shared-stores.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { createTokenServer, tokenClient } from '../support/token-server.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const TOKEN = 'cgi-bin/token'
/** So many refreshes are under way when the process is stopped, each at a point of its own. */
const appIds = Array.from({ length: 30 }, (_, number) => `wx${String(number).padStart(16, '0')}`)

fault(
  'F6',
  {
    injected: `SIGSTOP in the middle of ${appIds.length} refreshes, longer than the lease; SIGCONT when another process has taken over`,
    expected: 'what the stopped one brings late loses: nobody sees an older token after a newer one',
  },
  (see) => withEachStore(sharedStores, false, see),
)

fault(
  'F6',
  {
    injected:
      'the same, and what it wrote before it was stopped is held up on the way and arrives afterwards',
    expected:
      'the late writes lose; the others see nothing of them, the stopped one only until it reads the store',
  },
  (see) =>
    withEachStore(
      sharedStores.filter(([name]) => name !== 'one SQLite file'),
      true,
      see,
    ),
)

/** Side by side, because the lease takes its time. */
async function withEachStore(
  stores: typeof sharedStores,
  lateWrites: boolean,
  see: (what: string) => void,
): Promise<void> {
  await Promise.all(
    stores.map(async ([name, open]) => {
      const config = await open()
      see(`${name}: ${config === undefined ? 'not tested' : await pauseHolder(config, lateWrites)}`)
    }),
  )
}

async function pauseHolder(config: object, lateWrites: boolean): Promise<string> {
  const { sandbox, url, hold } = await startWechat({
    accounts: appIds.map((appId) => ({ ...builtInAccount, appId })),
    ticketRotation: 'every-call',
  })
  const proxied = lateWrites ? await behindProxy(config) : undefined
  const start = (own: object) =>
    startServiceProcess({
      accounts: appIds.map((appId) => ({ ...account, appId, tokenApi: 'classic' })),
      keys: testKeys,
      wechat: { apiHosts: [url] },
      clients: [tokenClient],
      ...own,
    })
  const client = createHttpClient()
  const history = createHistory(sandbox.clock.now)
  async function reader(name: string, service: { readonly url: string }, into = history) {
    const tokens = await createTokenServer(client, service.url)
    return (): Promise<Operation[]> =>
      Promise.all(
        appIds.map((appId) =>
          into.record(name, { kind: 'read', appId, of: 'access_token' }, () =>
            patiently(() => tokens.read(appId, 'access_token')),
          ),
        ),
      )
  }

  /** A process stopped in a transaction keeps a SQLite file to itself: nobody can start on it until it goes on. */
  async function startSuccessor(): Promise<ServiceProcess> {
    for (;;) {
      try {
        return await start(config)
      } catch (error) {
        if (!String(error).includes('database is locked')) throw error
        holder.signal('SIGCONT')
        await new Promise((resolve) => setTimeout(resolve, randomInt(1, 20)))
        holder.signal('SIGSTOP')
      }
    }
  }

  // At its start the process refreshes everything: WeChat has issued the tokens, the answers do not leave it yet.
  const answers = hold(TOKEN, appIds.length)
  const holder = await start(proxied?.config ?? config)
  const readHolder = await reader('stopped', holder)
  await answers.arrived(appIds.length)
  proxied?.proxy.inject({ kind: 'stop' })
  answers.release()
  if (proxied !== undefined) await until(() => proxied.proxy.held > 0)
  await new Promise((resolve) => setTimeout(resolve, randomInt(0, 20)))
  holder.signal('SIGSTOP')
  const stopped = lateWrites ? undefined : readHolder()

  const successor = await startSuccessor()
  const readSuccessor = await reader('successor', successor)
  const taken = await readSuccessor()
  proxied?.proxy.mend()
  for (let turn = 0; turn < 3; turn++) await readSuccessor()
  holder.signal('SIGCONT')
  await stopped
  let caughtUp = ''
  if (lateWrites) {
    // It could not ask the store, and goes on with what it has for as long as that takes.
    const began = performance.now()
    const newest = await readSuccessor()
    const unrecorded = createHistory(sandbox.clock.now)
    const readAgain = await reader('stopped', holder, unrecorded)
    await until(async () => isDeepStrictEqual(seenIn(await readAgain()), seenIn(newest)))
    caughtUp = `, the stopped one agrees after ${Math.round(performance.now() - began)} ms`
  }
  for (let turn = 0; turn < 3; turn++) {
    await readHolder()
    await readSuccessor()
    await Promise.all([readHolder(), readSuccessor()])
  }
  const late = await start(config)
  await (await reader('late', late))()

  const truth = truthOf(sandbox)
  expect(tally(taken.filter(({ outcome }) => outcome !== 'ok'))).toBe('')
  expect(tally(history.operations.filter(({ outcome }) => outcome !== 'ok'))).toBe('')
  expect(checkLiving(history, truth)).toEqual([])
  expect(checkOrder(history, truth, 'everyone')).toEqual([])
  expect(checkCalls(sandbox, { [TOKEN]: 2 * appIds.length })).toEqual([])
  const takenOver = truth.filter(({ of, version }) => of === 'access_token' && version === 1).length
  return `${tally(history.operations)}, ${takenOver} of ${appIds.length} taken over${caughtUp}`
}

const seenIn = (operations: readonly Operation[]) => operations.map(({ seen }) => seen)

/** The same store, reached through a proxy of its own. */
async function behindProxy(config: object): Promise<{ config: object; proxy: TcpProxy }> {
  const key = 'redis' in config ? 'redis' : 'database'
  const url = new URL(String(Object.entries(config).find(([name]) => name === key)?.[1]))
  const proxy = await createTcpProxy({
    host: url.hostname,
    port: Number(url.port || (key === 'redis' ? 6379 : 5432)),
  })
  onTestFinished(proxy.close)
  url.host = `127.0.0.1:${proxy.port}`
  return { config: { ...config, [key]: url.href }, proxy }
}
