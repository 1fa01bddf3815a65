import { randomInt, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { authInfoConfig, authInfoSandbox } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHistory, type History, Refused } from '../support/history.ts'
import {
  checkLiving,
  checkOnce,
  checkOrder,
  checkSecrets,
  checkWrites,
  truthOf,
} from '../support/history-checks.ts'
import { createHttpClient, type HttpClient, tally } from '../support/http-client.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { spawnService, startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { account, json } from '../support/service.ts'
import { createTokenServer, type TokenServer, tokenClient } from '../support/token-server.ts'
import { startWechat, type WechatServer } from '../support/wechat-server.ts'

const { appId } = account
/** Two at a time, each with a folder of its own. */
const CHAINS = 2
const KILLS = 60
/** Of ten kills one comes before the process listens. */
const EARLY = 10
const START = `/wx/api/fans/authInfo?portid=4&authType=snsapi_base&redirectPath=${encodeURIComponent('https://h5.example.com/')}`

interface Chain {
  readonly wechat: WechatServer
  readonly client: HttpClient
  readonly history: History
  /** Tickets of logins that nobody has tried to redeem yet. */
  readonly tickets: string[]
}

fault(
  'F7',
  {
    injected: `${KILLS} times SIGKILL during signatures, refreshes, logins and writes, some during the start`,
    expected:
      'every acknowledged write and login is there, no credential older than one seen before, nothing twice',
  },
  async (see) => {
    const ends = await Promise.all(Array.from({ length: CHAINS }, () => killAgainAndAgain(KILLS / CHAINS)))
    see(tally(ends.flatMap(({ operations }) => operations).map(({ outcome }) => ({ outcome }))))
    expect(ends.flatMap(({ violations }) => violations)).toEqual([])
  },
)

async function killAgainAndAgain(kills: number) {
  const wechat = await startWechat({ ...authInfoSandbox(), ticketRotation: 'every-call' })
  const { sandbox } = wechat
  // Short lives, so that there is always one to refresh.
  sandbox.setFaults(
    ['cgi-bin/token', 'cgi-bin/ticket/getticket'].map((path) => ({ kind: 'expires_in', path, expiresIn: 3 })),
  )
  const folder = await temporaryFolder()
  const { accounts, keys: _, ...rest } = authInfoConfig()
  const config = {
    ...rest,
    accounts: accounts.map((one) => ({ ...one, tokenApi: 'classic' })),
    wechat: { apiHosts: [wechat.url] },
    clients: [{ ...tokenClient, scopes: [...tokenClient.scopes, 'people:write', 'people:phone'] }],
    rateLimits: Object.fromEntries(
      ['signature', 'authInfo', 'accessToken'].map((name) => [name, { points: 0, perSeconds: 60 }]),
    ),
  }
  const history = createHistory(sandbox.clock.now)
  const chain: Chain = { wechat, client: createHttpClient(), history, tickets: [] }
  let printed = ''
  for (let kill = 0; kill < kills; kill++) {
    const service = await spawnService(config, folder)
    if (kill % EARLY === 0) {
      await new Promise((resolve) => setTimeout(resolve, randomInt(0, 700)))
    } else {
      const url = await service.listening
      const tokens = await createTokenServer(chain.client, url)
      await redeemAll(chain, url, tokens)
      const stop = keepBusy(chain, url, tokens)
      await new Promise((resolve) => setTimeout(resolve, randomInt(10, 600)))
      service.signal('SIGKILL')
      await stop()
    }
    service.signal('SIGKILL')
    expect(await service.ended).toBe('SIGKILL')
    printed += service.output()
  }
  const last = await startServiceProcess(config, folder)
  const tokens = await createTokenServer(chain.client, last.url)
  await redeemAll(chain, last.url, tokens)
  const truth = truthOf(sandbox)
  const secrets = [account.appSecret, ...truth.map(({ value }) => value)]
  return {
    operations: history.operations,
    violations: [
      ...checkLiving(history, truth),
      ...checkOrder(history, truth, 'everyone'),
      ...checkWrites(history, await readPhones(chain, last.url, tokens)),
      ...checkOnce(history),
      ...checkSecrets({ log: printed + last.output() }, secrets),
    ],
  }
}

/** Every kind of work at once, until the service is gone. */
function keepBusy(chain: Chain, url: string, tokens: TokenServer): () => Promise<void> {
  const { wechat, client, history, tickets } = chain
  let stopped = false
  const again = async (work: () => Promise<unknown>): Promise<void> => {
    while (!stopped) await work()
  }
  const browser = createOAuthBrowser(wechat.sandbox, (path, init) => fetch(`${url}${path}`, init))
  const login = async (): Promise<void> => {
    try {
      const { address } = await browser.open(START)
      const ticket = new URL(address).searchParams.get('ticket')
      if (ticket !== null) tickets.push(ticket)
    } catch {
      // The service was gone in the middle of it; the visitor has no ticket.
    }
  }
  const work = [
    again(() => history.record('page', { kind: 'sign', appId }, () => client.sign(url, { appId }))),
    again(() =>
      history.record('backend', { kind: 'read', appId, of: 'access_token' }, () =>
        tokens.read(appId, 'access_token'),
      ),
    ),
    again(() => writeUser(chain, url, tokens)),
    again(login),
    again(async () => {
      const ticket = tickets.shift()
      if (ticket !== undefined) await redeem(chain, url, tokens, ticket)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }),
  ]
  return async () => {
    stopped = true
    await Promise.all(work)
  }
}

/** Tickets of before are good after the restart, once. */
async function redeemAll(chain: Chain, url: string, tokens: TokenServer): Promise<void> {
  for (const ticket of chain.tickets.splice(0)) {
    const { outcome, why } = await redeem(chain, url, tokens, ticket)
    expect(outcome, `a login of before the kill: ${why}`).toBe('ok')
  }
}

function redeem({ client, history }: Chain, url: string, { ssoToken }: TokenServer, ticket: string) {
  return history.record('backend', { kind: 'use', key: ticket }, async () => {
    const headers = { 'content-type': 'application/json', 'sso-token': ssoToken }
    const { status, text } = await client.ask(`${url}/v1/identity/redeem`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ticket }),
    })
    if (status !== 200) throw new Refused(`${status} ${text}`)
  })
}

function writeUser({ history }: Chain, url: string, tokens: TokenServer) {
  const key = randomUUID()
  const phone = `138${randomInt(10_000_000, 99_999_999)}`
  return history.record('backend', { kind: 'write', key, value: phone }, async () => {
    await addUser(url, tokens, { unionId: key, phone })
  })
}

/** The phone number of the user afterwards. */
async function addUser(url: string, { ssoToken }: TokenServer, user: object): Promise<string | undefined> {
  const response = await fetch(`${url}/wx/api/fans/addUser`, {
    ...json(user),
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'sso-token': ssoToken },
  })
  const text = await response.text()
  if (response.status !== 200) throw new Refused(`${response.status} ${text}`)
  return (JSON.parse(text) as { result: { secretPhone: string | null } }).result.secretPhone ?? undefined
}

/** The phone number of everybody who was ever written, by union id. */
async function readPhones(
  { history }: Chain,
  url: string,
  tokens: TokenServer,
): Promise<Map<string, string>> {
  const phones = new Map<string, string>()
  for (const { act } of history.operations) {
    if (act.kind !== 'write') continue
    const phone = await addUser(url, tokens, { unionId: act.key })
    if (phone !== undefined) phones.set(act.key, phone)
  }
  return phones
}
