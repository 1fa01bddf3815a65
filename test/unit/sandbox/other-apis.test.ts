import { describe, expect, test } from 'vitest'
import {
  account,
  classicToken,
  get,
  NOON,
  post,
  read,
  stableToken,
  stillSandbox,
  tokenQuery,
} from './asking.ts'

describe('address lists', () => {
  test.each(['cgi-bin/get_api_domain_ip', 'cgi-bin/getcallbackip'])('%s lists addresses', async (path) => {
    const sandbox = stillSandbox()
    const body = await read(get(sandbox, `${path}?access_token=${await stableToken(sandbox)}`))
    expect(body).toEqual({ ip_list: expect.arrayContaining([expect.stringMatching(/^[\d.]+$/)]) })
    expect((await read(get(sandbox, path))).errcode).toBe(41001)
    expect((await read(post(sandbox, path, {}))).errcode).toBe(43001)
  })
})

describe('cgi-bin/clear_quota', () => {
  const { appId, appSecret } = account
  const limited = () => stillSandbox({ accounts: [{ ...account, tokenDailyLimit: 1 }] })

  test('sets the daily counters back', async () => {
    const sandbox = limited()
    const token = await classicToken(sandbox)
    expect((await read(get(sandbox, tokenQuery()))).errcode).toBe(45009)
    const cleared = await read(post(sandbox, `cgi-bin/clear_quota?access_token=${token}`, { appid: appId }))
    expect(cleared).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(await classicToken(sandbox)).not.toBe('')
  })

  test('version 2 does it by secret, without a token', async () => {
    const sandbox = limited()
    await classicToken(sandbox)
    const body = { appid: appId, appsecret: appSecret }
    expect(await read(post(sandbox, 'cgi-bin/clear_quota/v2', body))).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(await classicToken(sandbox)).not.toBe('')
    expect((await read(post(sandbox, 'cgi-bin/clear_quota/v2', { ...body, appsecret: 'x' }))).errcode).toBe(
      40125,
    )
  })

  test('is allowed ten times a month', async () => {
    const sandbox = stillSandbox()
    const clear = async () =>
      read(post(sandbox, `cgi-bin/clear_quota?access_token=${await stableToken(sandbox)}`, { appid: appId }))
    for (let time = 0; time < 10; time += 1) expect((await clear()).errcode).toBe(0)
    expect(await clear()).toMatchObject({
      errcode: 48006,
      errmsg: expect.stringMatching(/^forbid to clear quota because of reaching the limit rid: /),
    })
    sandbox.clock.set(Date.UTC(2026, 8, 30, 15, 59, 59))
    expect((await clear()).errcode).toBe(48006)
    sandbox.clock.set(Date.UTC(2026, 8, 30, 16))
    expect((await clear()).errcode).toBe(0)
  })

  test.each([
    ['another appid', { appid: 'wxffffffffffffffff' }, 40013],
    ['no appid', {}, 41002],
    ['no body', '', 44002],
    ['no JSON', 'x', 47001],
  ])('%s is refused', async (_what, body, errcode) => {
    const sandbox = stillSandbox()
    const path = `cgi-bin/clear_quota?access_token=${await stableToken(sandbox)}`
    expect((await read(post(sandbox, path, body))).errcode).toBe(errcode)
    expect((await read(get(sandbox, path))).errcode).toBe(43002)
  })
})

describe('cgi-bin/openapi/quota/get', () => {
  test('tells limit, used and remaining calls of today', async () => {
    const sandbox = stillSandbox()
    const token = await classicToken(sandbox)
    const path = `cgi-bin/openapi/quota/get?access_token=${token}`
    expect((await read(post(sandbox, path, { cgi_path: '/cgi-bin/token' }))).quota).toEqual({
      daily_limit: 2000,
      used: 1,
      remain: 1999,
    })
    expect((await read(post(sandbox, path, { cgi_path: '/nope' }))).errcode).toBe(76003)
    sandbox.clock.set(NOON + 12 * 3_600_000)
    const tomorrow = `cgi-bin/openapi/quota/get?access_token=${await stableToken(sandbox)}`
    expect((await read(post(sandbox, tomorrow, { cgi_path: 'cgi-bin/token' }))).quota?.used).toBe(0)
  })
})
