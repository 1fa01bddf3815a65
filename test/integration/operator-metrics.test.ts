import { afterEach, expect, test } from 'vitest'
import { version } from '../../server/version.ts'
import { createAuthInfoService } from '../support/auth-info.ts'
import { throughBothDoors } from '../support/doors.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { createOAuthBrowser } from '../support/oauth-browser.ts'
import { account, createTestService, form, PAGE } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

throughBothDoors('an operator reads', (open) => {
  async function start(options?: Parameters<typeof createTestService>[0]) {
    const running = await createTestService(options)
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const metrics = async () => (await (await door.ask('/metrics')).text()).split('\n')
    return { ...running, ask: door.ask, metrics }
  }
  const { appId } = account

  test('which build answers, whether the stores do, and whether accounts are ready', async () => {
    const { ask, metrics } = await start()
    const before = await metrics()
    expect(before).toContain(`wxh5_build_info{version="${version}",node="${process.version}"} 1`)
    expect(before).toContain('wxh5_store_up{store="database"} 1')
    expect(before).toContain('wxh5_store_errors_total{store="database"} 0')
    expect(before.join()).not.toContain('store="redis"')
    expect(before).toContain(`wxh5_account_ready{app_id="${appId}"} 0`)
    expect(before).toContain(`wxh5_credential_contested{app_id="${appId}"} 0`)
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    expect(await metrics()).toContain(`wxh5_account_ready{app_id="${appId}"} 1`)
  })

  test.each([
    ['classic', 2_000],
    ['stable', 500_000],
  ])('how many calls of the day are used, against the limit of %s tokens', async (tokenApi, limit) => {
    const { ask, metrics } = await start({ account: { tokenApi } })
    expect((await metrics()).join('\n')).not.toMatch(/^wxh5_credential_(calls_today|daily_limit)\{/m)
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    const lines = await metrics()
    expect(lines).toContain(`wxh5_credential_calls_today{app_id="${appId}",kind="access_token"} 1`)
    expect(lines).toContain(`wxh5_credential_calls_today{app_id="${appId}",kind="jsapi"} 1`)
    expect(lines).toContain(`wxh5_credential_daily_limit{app_id="${appId}",kind="access_token"} ${limit}`)
    expect(lines.join()).not.toContain(
      'wxh5_credential_daily_limit{app_id="wx5a3db0c05a3db0c0",kind="jsapi"}',
    )
  })

  test('what WeChat refused, by path and errcode', async () => {
    const { ask, sandbox, metrics } = await start()
    sandbox.setFaults([{ kind: 'quota', path: 'cgi-bin/stable_token', times: 1 }])
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    expect(await metrics()).toContain(
      'wxh5_wechat_errcodes_total{path="cgi-bin/stable_token",errcode="45009"} 1',
    )
  })

  test('that an unknown errcode makes no new label', async () => {
    const answer = () => Response.json({ errcode: 99_999_999, errmsg: 'new' })
    const { ask, metrics } = await start({ world: { fetch: async () => answer() } })
    await ask('/v1/jsapi/signature', form({ url: PAGE }))
    expect(await metrics()).toContain(
      'wxh5_wechat_errcodes_total{path="cgi-bin/stable_token",errcode="other"} 1',
    )
  })

  test('how logins end', async () => {
    const { service, sandbox } = await createAuthInfoService()
    const door = await open(service)
    closers.push(service.close, door.close)
    const login = async () => {
      const browser = createOAuthBrowser(sandbox, door.ask)
      const query = new URLSearchParams({ portid: '4', redirectPath: 'https://h5.example.com/' })
      return browser.open(`/wx/api/fans/authInfo?${query}`)
    }
    await login()
    sandbox.setFaults([{ kind: 'quota', path: 'sns/oauth2/access_token' }])
    await login()
    await door.ask(`/wx/api/fans/authInfo/callback?state=${'b'.repeat(32)}&code=c`)
    const lines = (await (await door.ask('/metrics')).text()).split('\n')
    const counted = lines.filter((line) => line.startsWith('wxh5_auth_info_total{')).sort()
    expect(counted).toEqual(
      [
        'wxh5_auth_info_total{app_id="",outcome="state_invalid"} 1',
        `wxh5_auth_info_total{app_id="${appId}",outcome="landed"} 1`,
        `wxh5_auth_info_total{app_id="${appId}",outcome="started"} 2`,
        `wxh5_auth_info_total{app_id="${appId}",outcome="wechat_refused"} 1`,
      ].sort(),
    )
  })
})

test('a failing refresh is shown while it fails, and a healed one no more', async () => {
  const clock = createManualClock()
  const { service, sandbox } = await createTestService({
    world: { clock: { ...clock, sleep: async () => undefined } },
  })
  closers.push(service.close)
  const failing = async () =>
    (await (await service.app.request('/metrics')).text())
      .split('\n')
      .filter((line) => line.startsWith('wxh5_credential_failing{'))
  expect(await failing()).toEqual([])
  sandbox.setFaults([{ kind: 'html', path: 'cgi-bin/ticket/getticket' }])
  await service.app.request('/v1/jsapi/signature', form({ url: PAGE }))
  expect(await failing()).toEqual([
    `wxh5_credential_failing{app_id="${account.appId}",kind="jsapi",code="wechat_bad_answer",errcode=""} 1`,
  ])
  sandbox.clearFaults()
  await settle()
  await clock.advance(5_000)
  const healed = await service.app.request('/v1/jsapi/signature', form({ url: PAGE }))
  expect(await healed.json()).toMatchObject({ appId: account.appId })
  await settle()
  expect(await failing()).toEqual([])
})
