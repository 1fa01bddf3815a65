import { describe, expect, test } from 'vitest'
import {
  account,
  classicToken,
  get,
  NOON,
  post,
  read,
  refusalOf,
  stableToken,
  stillSandbox,
  tokenQuery,
} from './asking.ts'

describe('cgi-bin/token', () => {
  test('gives a 157-character token for 7200 s and no errcode', async () => {
    const body = await read(get(stillSandbox(), tokenQuery()))
    expect(body).toEqual({ access_token: expect.stringMatching(/^\d\d_[\w-]{154}$/), expires_in: 7200 })
  })

  test('gives a new token on every call', async () => {
    const sandbox = stillSandbox()
    expect(await classicToken(sandbox)).not.toBe(await classicToken(sandbox))
  })

  test('a replaced token works for 300 s more and is then invalid, not expired', async () => {
    const sandbox = stillSandbox()
    const former = await classicToken(sandbox)
    const newer = await classicToken(sandbox)
    sandbox.clock.advance(299_999)
    expect(await refusalOf(sandbox, former)).toBeUndefined()
    sandbox.clock.advance(1)
    expect(await refusalOf(sandbox, former)).toBe(40001)
    expect(await refusalOf(sandbox, newer)).toBeUndefined()
  })

  test('a further token does not lengthen the overlap of the first', async () => {
    const sandbox = stillSandbox()
    const first = await classicToken(sandbox)
    await classicToken(sandbox)
    sandbox.clock.advance(200_000)
    await classicToken(sandbox)
    sandbox.clock.advance(100_000)
    expect(await refusalOf(sandbox, first)).toBe(40001)
  })

  test('a token past its announced end is expired', async () => {
    const sandbox = stillSandbox()
    const token = await classicToken(sandbox)
    sandbox.clock.advance(7_199_999)
    expect(await refusalOf(sandbox, token)).toBeUndefined()
    sandbox.clock.advance(1)
    expect(await refusalOf(sandbox, token)).toBe(42001)
  })

  test('neither kind of token ends the other', async () => {
    const sandbox = stillSandbox()
    const stable = await stableToken(sandbox)
    const classic = await classicToken(sandbox)
    await classicToken(sandbox)
    sandbox.clock.advance(300_000)
    expect(await refusalOf(sandbox, stable)).toBeUndefined()
    await stableToken(sandbox, { force_refresh: true })
    expect(await refusalOf(sandbox, classic)).toBe(40001)
    expect(await refusalOf(sandbox, stable)).toBeUndefined()
  })

  test.each([
    ['no appid', { appid: '' }, 41002],
    ['unknown appid', { appid: 'wxffffffffffffffff' }, 40013],
    ['unknown appid and bad grant_type', { appid: 'wxffffffffffffffff', grant_type: 'x' }, 40013],
    ['bad grant_type', { grant_type: 'authorization_code' }, 40002],
    ['no secret', { secret: '' }, 41004],
    ['wrong secret', { secret: 'nope' }, 40125],
  ])('%s is refused', async (_what, changed, errcode) => {
    expect((await read(get(stillSandbox(), tokenQuery(changed)))).errcode).toBe(errcode)
  })

  test('a wrong secret is 40001 when the option says so', async () => {
    const sandbox = stillSandbox({ wrongSecretErrcode: 40001 })
    expect((await read(get(sandbox, tokenQuery({ secret: 'nope' })))).errcode).toBe(40001)
  })

  test('POST is refused', async () => {
    const body = await read(post(stillSandbox(), tokenQuery(), ''))
    expect(body).toMatchObject({ errcode: 43001, errmsg: expect.stringMatching(/^require GET method rid: /) })
  })

  test('a frozen secret is refused on both token APIs', async () => {
    const sandbox = stillSandbox({ accounts: [{ ...account, frozen: true }] })
    expect((await read(get(sandbox, tokenQuery()))).errcode).toBe(40243)
  })

  test('an address outside the white list is named in the exact words', async () => {
    const accounts = [{ ...account, ipWhitelist: ['198.51.100.1'] }]
    const outside = stillSandbox({ accounts, callerIp: '203.0.113.7' })
    expect((await read(get(outside, tokenQuery()))).errmsg).toMatch(
      /^invalid ip 203\.0\.113\.7 ipv6 ::ffff:203\.0\.113\.7, not in whitelist rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/,
    )
    const inside = stillSandbox({ accounts, callerIp: '198.51.100.1' })
    expect(await classicToken(inside)).not.toBe('')
  })

  test('the 2001st call of a day is refused until midnight in Beijing', async () => {
    const sandbox = stillSandbox({ accounts: [{ ...account, tokenDailyLimit: 3 }] })
    for (const _call of [1, 2, 3]) await classicToken(sandbox)
    expect((await read(get(sandbox, tokenQuery()))).errcode).toBe(45009)
    sandbox.clock.set(NOON + 12 * 3_600_000 - 1)
    expect((await read(get(sandbox, tokenQuery()))).errcode).toBe(45009)
    sandbox.clock.set(NOON + 12 * 3_600_000)
    expect(await classicToken(sandbox)).not.toBe('')
  })

  test('the daily limit is 2000 unless the account says otherwise', async () => {
    const sandbox = stillSandbox()
    for (let call = 0; call < 2000; call += 1) await get(sandbox, tokenQuery())
    const body = await read(get(sandbox, tokenQuery()))
    expect(body).toMatchObject({
      errcode: 45009,
      errmsg: expect.stringMatching(/^reach max api daily quota limit rid: /),
    })
  })

  test('a refused call does not use up the quota', async () => {
    const sandbox = stillSandbox({ accounts: [{ ...account, tokenDailyLimit: 1 }] })
    await get(sandbox, tokenQuery({ secret: 'nope' }))
    expect(await classicToken(sandbox)).not.toBe('')
  })
})
