import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import Sqlite from 'libsql'
import pg from 'pg'
import { afterAll, expect, onTestFinished } from 'vitest'
import { builtInAccount } from '../../demo/sandbox/index.ts'
import { readPhoneKey } from '../../server/access/keys.ts'
import { createPhoneVault } from '../../server/people/phone-vault.ts'
import { systemRandom } from '../../server/random.ts'
import { sha256 } from '../../server/sha256.ts'
import { authInfoConfig, backend, tokenOf } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { testKeys } from '../support/keys.ts'
import { temporaryPostgres } from '../support/postgres.ts'
import { createPreviousVersion } from '../support/previous-version.ts'
import { startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'
import { readSignatureAnswer, VERIFIED, verdictOn } from '../support/verdict.ts'
import { startWechat } from '../support/wechat-server.ts'

const { appId } = account
const postgres = await temporaryPostgres()
afterAll(() => postgres?.drop())

const sqlite = (file: string): Dialect => new SqliteDialect({ database: new Sqlite(file) })
const storages: [string, boolean][] = [
  ['SQLite', false],
  ['PostgreSQL', postgres === undefined],
]
for (const [name, skip] of storages) {
  fault(
    'F22',
    {
      injected: `${name} written by the version before, which goes on using it beside the new one; then a rollback`,
      expected: 'no call to WeChat, everything readable and redeemable from both sides, both versions start',
      skip,
    },
    async (see) => {
      const wechat = await startWechat({
        accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }],
      })
      const folder = await temporaryFolder()
      const file = join(folder, 'before.db')
      const dialect =
        name === 'SQLite'
          ? sqlite(file)
          : new PostgresDialect({ pool: new pg.Pool({ connectionString: postgres?.url }) })
      const database = new Kysely<unknown>({ dialect })
      onTestFinished(() => database.destroy())
      const before = createPreviousVersion(database)
      await before.migrate()

      const now = Date.now()
      const life = { obtainedAt: now, expiresAt: now + 7_200_000 }
      const ticket = 'kgt8ON7yVITDhtdwci0qeQ-of-the-version-before'
      wechat.sandbox.seedTicket(appId, 'jsapi', ticket)
      await before.writeCredential(appId, 'jsapi', { ...life, value: ticket, generation: 7 })
      const phone = createPhoneVault(
        {
          phone: testKeys.phone.map(readPhoneKey),
          phoneIndex: Buffer.from(testKeys.phoneIndex, 'base64'),
        },
        systemRandom,
      )
      const userId = '692672045669941256'
      await before.addUser(userId, 'uBefore01')
      await before.addPhone(userId, {
        ...phone.seal(userId, '+8613800138000'),
        index: phone.index('+8613800138000'),
      })
      await before.addFan(appId, 'oBefore01', 'uBefore01', '旧版')
      const oneTime = 'T'.repeat(32)
      const identity = { openid: 'oBefore01', appId, portId: 4, scope: 'snsapi_base', issuedAt: 1 }
      await before.putOnce(`ticket:${sha256(oneTime)}`, JSON.stringify(identity), now + 60_000)

      const config = {
        ...authInfoConfig(),
        database: name === 'SQLite' ? `sqlite:${file}` : postgres?.url,
        wechat: { apiHosts: [wechat.url] },
        accounts: authInfoConfig().accounts.slice(0, 1),
        clients: [{ ...backend, scopes: [...backend.scopes, 'people:phone'] }],
      }
      const after = await startServiceProcess(config)
      const ask = (path: string, init?: RequestInit) => fetch(`${after.url}${path}`, init)
      const headers = { 'sso-token': await tokenOf(ask), 'content-type': 'application/json' }
      const sign = async () => readSignatureAnswer(await ask('/v1/jsapi/signature', form({ url: PAGE })))
      const first = await sign()
      expect(verdictOn(wechat.sandbox, first)).toBe(VERIFIED)
      const fan = await (await ask(`/wx/api/fans/getFans?userId=${userId}&portId=4`, { headers })).json()
      expect(fan.result).toMatchObject({ openId: 'oBefore01', nickname: '旧版' })
      const put = { method: 'PUT', headers, body: JSON.stringify({ unionId: 'uBefore01' }) }
      expect(await (await ask('/wx/api/fans/addUser', put)).json()).toMatchObject({
        result: { userIdStr: userId, secretPhone: '13800138000' },
      })
      const redeem = { method: 'POST', headers, body: JSON.stringify({ ticket: oneTime }) }
      expect((await ask('/v1/identity/redeem', redeem)).status).toBe(200)
      see('new version: ticket, fan, user, phone and one-time ticket of the old one')

      // Mixed: the old version renews the ticket, and the new one takes it instead of asking for its own.
      const renewed = 'kgt8ON7yVITDhtdwci0qeQ-renewed-by-the-old-version'
      wechat.sandbox.seedTicket(appId, 'jsapi', renewed)
      await before.writeCredential(appId, 'jsapi', { ...life, value: renewed, generation: 8 })
      const { timestamp, nonceStr = '', signature = '' } = first
      const report = { url: PAGE, timestamp: String(timestamp), nonceStr, signature }
      expect(await (await ask('/v1/jsapi/rejected', form(report))).json()).toEqual({ refreshed: true })
      expect(verdictOn(wechat.sandbox, await sign())).toBe(VERIFIED)
      expect(wechat.sandbox.calls()).toEqual([])
      const added = { appId, fans: [{ openId: 'oAfter01', unionId: 'uBefore01', nickname: '新版' }] }
      await ask('/wx/api/fans/addFans', { method: 'PUT', headers, body: JSON.stringify(added) })
      expect(await before.nicknameOf(userId, appId)).toBe('新版')
      expect((await before.readCredential(appId, 'jsapi'))?.generation).toBe(8)
      await before.addFan(appId, 'oBefore01', 'uBefore01', '旧版二')
      await before.putOnce('ticket:of-the-old-version', 'x', now + 60_000)
      expect(await before.takeOnce('ticket:of-the-old-version')).toBe('x')
      see('old version beside it: reads and writes every table; 0 calls to WeChat')

      await sql`insert into kysely_migration (name, timestamp)
        values ('999-of-a-later-version', ${new Date().toISOString()})`.execute(database)
      const rolledBack = await startServiceProcess(config)
      const answer = await fetch(`${rolledBack.url}/v1/jsapi/signature`, form({ url: PAGE }))
      expect(verdictOn(wechat.sandbox, await readSignatureAnswer(answer))).toBe(VERIFIED)
      see('a version before the newest schema starts on it')
    },
  )
}

/** The four steps of replacing a key: the next one is known everywhere before anybody uses it. */
const STAGES = [['old'], ['old', 'next'], ['next', 'old'], ['next']] as const

fault(
  'F22',
  {
    injected: 'every key replaced in four rolling steps, two neighbouring steps running at a time',
    expected:
      'tokens and phone numbers of each are good for the other; the old key is worth nothing in the end',
  },
  async (see) => {
    const database = `sqlite:${join(await temporaryFolder(), 'shared.db')}`
    const rsa = () =>
      generateKeyPairSync('rsa', { modulusLength: 2_048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString()
    const keys = {
      old: { ssoToken: rsa(), phone: Buffer.alloc(32, 3).toString('base64') },
      next: { ssoToken: rsa(), phone: Buffer.alloc(32, 4).toString('base64') },
    }
    const stages = await Promise.all(
      STAGES.map(async (names, stage) => {
        const { service } = await createTestService({
          config: {
            ...authInfoConfig(),
            database,
            keys: {
              ssoToken: names.map((each) => keys[each].ssoToken),
              phone: names.map((each) => keys[each].phone),
              phoneIndex: testKeys.phoneIndex,
            },
            clients: [{ ...backend, accounts: [], scopes: [...backend.scopes, 'people:phone'] }],
          },
        })
        onTestFinished(service.close)
        const ask = async (path: string, init?: RequestInit) => service.app.request(path, init)
        const addUser = async (token: string, user: object) => {
          const headers = { 'sso-token': token, 'content-type': 'application/json' }
          const init = { method: 'PUT', headers, body: JSON.stringify(user) }
          const answer = await ask('/wx/api/fans/addUser', init)
          const { result } = (await answer.json()) as { result: { secretPhone: string } | null }
          return { status: answer.status, phone: result?.secretPhone }
        }
        const token = await tokenOf(ask)
        const phone = `1380013800${stage}`
        await addUser(token, { unionId: `uStage${stage}`, phone })
        return { token, phone, unionId: `uStage${stage}`, addUser }
      }),
    )
    let checked = 0
    for (const [stage, one] of stages.entries()) {
      for (const [other, { addUser }] of stages.entries()) {
        if (Math.abs(stage - other) > 1) continue
        expect(await addUser(one.token, { unionId: one.unionId })).toEqual({ status: 200, phone: one.phone })
        checked += 1
      }
    }
    see(`${checked} pairs of steps: token accepted, phone number read`)
    const [first, , , last] = stages
    expect((await last?.addUser(first?.token ?? '', { unionId: 'uStage3' }))?.status).toBe(401)
    see('the last step refuses a token of the first one')
  },
)
