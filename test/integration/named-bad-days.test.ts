import { afterEach, expect, test } from 'vitest'
import { builtInAccount } from '../../demo/sandbox/index.ts'
import { throughBothDoors } from '../support/doors.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const LIFE_MS = 7_200_000
const DUE_MS = LIFE_MS - 200_000
const chinese = /[\u4e00-\u9fff]/

throughBothDoors('what only a person can mend', (open) => {
  async function start(options: Parameters<typeof createTestService>[0] = {}) {
    const clock = createManualClock()
    const running = await createTestService({
      ...options,
      world: { clock: { ...clock, sleep: async () => undefined } },
    })
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const sign = async () => door.ask('/v1/jsapi/signature', form({ url: PAGE }))
    const readyz = async () => {
      const response = await door.ask('/readyz')
      await settle()
      return { http: response.status, ...(await response.json()) }
    }
    const metrics = async () => (await door.ask('/metrics')).text()
    const failures = () =>
      running.logs().filter(({ msg }) => /not refreshed|refreshed again/.test(String(msg)))
    return { ...running, clock, sign, readyz, metrics, failures }
  }

  const days: [
    string,
    number,
    string,
    Parameters<Awaited<ReturnType<typeof start>>['sandbox']['changeAccount']>[1],
  ][] = [
    ['the secret is changed', 40125, 'appSecret', { appSecret: 'c'.repeat(32) }],
    ['the secret is frozen', 40243, 'frozen', { frozen: true }],
    ['the white list is changed', 40164, '127.0.0.1', { ipWhitelist: ['198.51.100.1'] }],
  ]

  test.each(days)(
    'when %s while pages are signed, %i is named at once and pages go on',
    async (_, errcode, word, changes) => {
      const { sandbox, clock, sign, readyz, metrics, failures } = await start()
      await sign()
      expect(await readyz()).toMatchObject({ status: 'ready', accounts: [{ state: 'ready' }] })
      sandbox.changeAccount(account.appId, changes)
      await clock.advance(DUE_MS)
      expect((await sign()).status).toBe(200)
      await settle()

      const { http, status, accounts } = await readyz()
      expect([http, status]).toEqual([200, 'ready'])
      const [{ state, reason, warning, ticketExpiresInS }] = accounts
      expect([state, reason]).toEqual(['ready', undefined])
      expect(warning).toMatchObject({ code: 'wechat_refused', errcode, unreadyInS: ticketExpiresInS })
      expect(warning.hint).toContain(word)
      expect(warning.hint).toMatch(chinese)
      expect(warning.hint).toMatch(/[a-z]{4}/)
      const failing = (code: number) =>
        `wxh5_credential_failing{app_id="${account.appId}",kind="access_token",code="wechat_refused",errcode="${code}"} 1`
      expect(await metrics()).toContain(failing(errcode))
      expect(await metrics()).toContain(`wxh5_account_ready{app_id="${account.appId}"} 1`)
      const [first, ...more] = failures().filter(({ level }) => level !== 'debug')
      expect(more).toEqual([])
      expect(first).toMatchObject({ level: 'error', errcode, hint: expect.stringMatching(chinese) })
      expect(first?.msg).toMatch(
        /^credential not refreshed 凭证刷新失败: WeChat refused cgi-bin\/stable_token/,
      )
    },
  )

  test.each(days)(
    'when %s, every place says %i until the last ticket is gone, and then that no page can be signed',
    async (_, errcode, word, changes) => {
      const { sandbox, clock, sign, readyz, metrics } = await start()
      await sign()
      sandbox.changeAccount(account.appId, changes)
      await clock.advance(2 * LIFE_MS)
      expect((await sign()).status).toBe(502)
      const { http, status, accounts } = await readyz()
      expect([http, status]).toEqual([503, 'unready'])
      expect(accounts[0]).toMatchObject({
        state: 'failed',
        reason: { code: 'wechat_refused', errcode, hint: expect.stringContaining(word) },
      })
      expect(accounts[0].warning).toBeUndefined()
      expect(await metrics()).toContain(`wxh5_account_ready{app_id="${account.appId}"} 0`)
    },
  )

  test('ten minutes of failures are one error line, a line a minute, and one line when it is over', async () => {
    const config = { rateLimits: { signature: { points: 0, perSeconds: 60 } } }
    const { sandbox, clock, sign, readyz, metrics, failures } = await start({ config })
    await sign()
    sandbox.changeAccount(account.appId, { frozen: true })
    await clock.advance(2 * LIFE_MS)
    for (let second = 0; second < 600; second += 5) {
      await sign()
      await readyz()
      await clock.advance(5_000)
    }
    const said = failures().filter(({ level }) => level !== 'debug')
    expect(said.map(({ level }) => level)).toEqual(['error', ...said.slice(1).map(() => 'warn')])
    expect(said.length).toBeGreaterThanOrEqual(9)
    expect(said.length).toBeLessThanOrEqual(10)
    expect(said.at(-1)).toMatchObject({
      errcode: 40243,
      failures: expect.any(Number),
      failingS: expect.any(Number),
    })

    sandbox.changeAccount(account.appId, { frozen: false })
    await clock.advance(5_000)
    expect((await sign()).status).toBe(200)
    await settle()
    expect(failures().at(-1)).toMatchObject({
      level: 'info',
      msg: 'credential refreshed again 凭证刷新已恢复',
      failingS: expect.any(Number),
    })
    expect(await metrics()).not.toContain('wxh5_credential_failing{')
    const { accounts } = await readyz()
    expect(accounts[0]).toEqual({
      appId: account.appId,
      state: 'ready',
      ticketExpiresInS: expect.any(Number),
    })
  })

  test('a token that fails while tickets live is tried again by /readyz within a minute, not hours later', async () => {
    const { sandbox, clock, sign, readyz } = await start()
    await sign()
    sandbox.changeAccount(account.appId, { frozen: true })
    await clock.advance(DUE_MS)
    await sign()
    await settle()
    expect((await readyz()).accounts[0].warning).toMatchObject({ errcode: 40243 })
    sandbox.changeAccount(account.appId, { frozen: false })
    await clock.advance(60_000)
    await readyz()
    expect((await readyz()).accounts[0].warning).toBeUndefined()
  })

  test('an appId that is gone and a secret that WeChat calls 40001 are named in both languages', async () => {
    const gone = await start({ account: { appId: 'wxffffffffffffffff' } })
    await gone.sign()
    expect((await gone.readyz()).accounts[0].reason).toMatchObject({
      errcode: 40013,
      hint: expect.stringMatching(/accounts\[\]\.appId .*微信不认识该 appId/),
    })
    const wrong = await start({
      account: { appSecret: 'd'.repeat(32) },
      sandbox: { accounts: [builtInAccount], wrongSecretErrcode: 40001 },
    })
    await wrong.sign()
    expect((await wrong.readyz()).accounts[0].reason).toMatchObject({
      errcode: 40001,
      hint: expect.stringMatching(/the AppSecret is wrong.*AppSecret 错误/),
    })
  })
})
