import { afterAll, expect } from 'vitest'
import { authInfoConfig, authInfoSandbox, tokenOf } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { account } from '../support/service.ts'
import { startWechat } from '../support/wechat-server.ts'

const ROUNDS = 12
const START = `/wx/api/fans/authInfo?portid=4&redirectPath=${encodeURIComponent('https://h5.example.com/')}`

const postgres = await temporaryPostgres()
afterAll(() => postgres?.drop())

interface Envelope {
  readonly success: number
  readonly result: { readonly userIdStr?: string; readonly openId?: string; readonly fansId?: number }
}

const storages: [string, string | undefined][] = [
  ['one SQLite file', 'sqlite:.data/shared.db'],
  ['PostgreSQL', postgres?.url],
]
for (const [name, database] of storages) {
  fault(
    'F21',
    {
      injected: `every write sent twice at once, to each of two processes that share ${name}`,
      expected: 'one effect, one answer; a code is exchanged once, a ticket redeemed once',
      skip: database === undefined,
    },
    async (see) => {
      const { sandbox, url } = await startWechat(authInfoSandbox())
      const config = { ...authInfoConfig(), database, wechat: { apiHosts: [url] } }
      const folder = await temporaryFolder()
      const processes = await Promise.all([1, 2].map(() => startServiceProcess(config, folder)))
      let turn = 0
      const ask = (path: string, init?: RequestInit) =>
        fetch(`${processes[turn++ % 2]?.url}${path}`, { redirect: 'manual', ...init })
      const token = await tokenOf(ask)
      const headers = { 'sso-token': token, 'content-type': 'application/json' }
      const twice = (path: string, init: RequestInit) => Promise.all([ask(path, init), ask(path, init)])
      const send = (method: string, body: object): RequestInit => ({
        method,
        headers,
        body: JSON.stringify(body),
      })
      const envelopes = async (answers: Response[]): Promise<Envelope[]> =>
        Promise.all(answers.map(async (answer) => (await answer.json()) as Envelope))

      for (let round = 0; round < ROUNDS; round++) {
        const unionId = `uTwice${String(round).padStart(22, '0')}`
        const openId = `oTwice${String(round).padStart(22, '0')}`
        const fans = [0, 1, 2].map((number) => ({
          openId: `${openId}-${number}`,
          unionId: `${unionId}-${number}`,
        }))
        const stored = await twice('/wx/api/fans/addFans', send('PUT', { appId: account.appId, fans }))
        expect(stored.map(({ status }) => status)).toEqual([200, 200])

        const phone = `138${String(round).padStart(8, '0')}`
        const users = await envelopes(
          await twice('/wx/api/fans/addUser', send('PUT', { unionId: `${unionId}-0`, phone })),
        )
        const [userId] = users.map(({ result }) => result.userIdStr)
        expect(userId).toMatch(/^\d{18}$/)
        expect(users.map(({ result }) => result.userIdStr)).toEqual([userId, userId])

        const found = await envelopes(
          await twice(`/wx/api/fans/getFans?userId=${userId}&portId=4`, { headers }),
        )
        expect(found.map(({ result }) => result.openId)).toEqual([`${openId}-0`, `${openId}-0`])
        expect(new Set(found.map(({ result }) => result.fansId)).size).toBe(1)
      }

      const exchanges = () => sandbox.calls('sns/oauth2/access_token').length
      for (let round = 0; round < ROUNDS / 4; round++) {
        const before = exchanges()
        const browser = createOAuthBrowser(sandbox, ask)
        const departure = await browser.ask(START)
        const back = await browser.authorize(departure.headers.get('location') ?? '')
        const landings = await Promise.all([browser.ask(back), browser.ask(back)])
        const places = landings.map((landing) => landing.headers.get('location') ?? '')
        expect(new Set(places).size).toBe(1)
        expect(exchanges() - before).toBe(1)
        const ticket = new URL(places[0] ?? '').searchParams.get('ticket')
        const redeemed = await twice('/v1/identity/redeem', send('POST', { ticket }))
        expect(redeemed.map(({ status }) => status).sort()).toEqual([200, 400])

        const code = await freshCode()
        const identities = await twice('/v1/oauth/exchange', send('POST', { appId: account.appId, code }))
        const openids = await Promise.all(identities.map(async (each) => (await each.json()).openid))
        expect(openids[0]).toMatch(/^o/)
        expect(openids[0]).toBe(openids[1])
        expect(exchanges() - before).toBe(2)
      }
      see(`${ROUNDS} × addFans, addUser, getFans twice: one row, one user each`)
      see(`${ROUNDS / 4} × callback, redeem, exchange twice: ${exchanges()} codes exchanged`)

      async function freshCode(): Promise<string | null> {
        const redirectUri = 'https://mem.example.com/own-callback'
        const answer = await ask(
          '/v1/oauth/url',
          send('POST', { appId: account.appId, redirectUri, scope: 'snsapi_base' }),
        )
        const { url: authorizeUrl } = (await answer.json()) as { url: string }
        const place = await createOAuthBrowser(sandbox, ask).authorize(authorizeUrl)
        return new URL(place).searchParams.get('code')
      }
    },
  )
}
