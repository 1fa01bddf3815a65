import { describe, expect, test } from 'vitest'
import { account, get, NOON, post, read, refusalOf, stableBody, stableToken, stillSandbox } from './asking.ts'

const PATH = 'cgi-bin/stable_token'

describe('cgi-bin/stable_token', () => {
  test('keeps one token and counts its life down', async () => {
    const sandbox = stillSandbox()
    const first = await stableToken(sandbox)
    sandbox.clock.advance(1_000_000)
    expect(await read(post(sandbox, PATH, stableBody()))).toEqual({ access_token: first, expires_in: 6200 })
  })

  test('gives a new one in the last five minutes, and the former works 300 s more', async () => {
    const sandbox = stillSandbox()
    const first = await stableToken(sandbox)
    sandbox.clock.advance(6_900_000)
    expect(await read(post(sandbox, PATH, stableBody()))).toEqual({ access_token: first, expires_in: 300 })
    sandbox.clock.advance(1000)
    const second = await read(post(sandbox, PATH, stableBody()))
    expect(second.access_token).not.toBe(first)
    expect(second.expires_in).toBe(7200)
    sandbox.clock.advance(299_999)
    expect(await refusalOf(sandbox, first)).toBeUndefined()
    sandbox.clock.advance(1)
    expect(await refusalOf(sandbox, first)).toBe(42001)
  })

  test('a forced refresh gives a new token and keeps the former for 300 s', async () => {
    const sandbox = stillSandbox()
    const first = await stableToken(sandbox)
    const second = await stableToken(sandbox, { force_refresh: true })
    expect(second).not.toBe(first)
    sandbox.clock.advance(299_999)
    expect(await refusalOf(sandbox, first)).toBeUndefined()
    sandbox.clock.advance(1)
    expect(await refusalOf(sandbox, first)).toBe(40001)
  })

  test('a second force inside 30 s gives the current token', async () => {
    const sandbox = stillSandbox()
    const first = await stableToken(sandbox, { force_refresh: true })
    sandbox.clock.advance(29_999)
    expect(await stableToken(sandbox, { force_refresh: true })).toBe(first)
    sandbox.clock.advance(1)
    expect(await stableToken(sandbox, { force_refresh: true })).not.toBe(first)
  })

  test('two forces 30 s apart kill the first token at once', async () => {
    const sandbox = stillSandbox()
    const leaked = await stableToken(sandbox)
    const second = await stableToken(sandbox, { force_refresh: true })
    sandbox.clock.advance(30_000)
    const third = await stableToken(sandbox, { force_refresh: true })
    expect(await refusalOf(sandbox, leaked)).toBe(40001)
    expect(await refusalOf(sandbox, second)).toBeUndefined()
    expect(await refusalOf(sandbox, third)).toBeUndefined()
  })

  test.each([
    [undefined, 45009],
    [45011, 45011],
  ] as const)('the 21st force of a day is refused, with option %s', async (forceQuotaErrcode, errcode) => {
    const sandbox = stillSandbox(forceQuotaErrcode === undefined ? {} : { forceQuotaErrcode })
    for (let force = 0; force < 20; force += 1) {
      expect(await stableToken(sandbox, { force_refresh: true })).not.toBe('')
      sandbox.clock.advance(30_000)
    }
    const last = await read(post(sandbox, PATH, stableBody({ force_refresh: true })))
    expect(last.errcode).toBe(errcode)
    expect(await stableToken(sandbox)).not.toBe('')
    sandbox.clock.set(NOON + 12 * 3_600_000)
    expect(await stableToken(sandbox, { force_refresh: true })).not.toBe('')
  })

  test('a force inside 30 s does not use up a force', async () => {
    const sandbox = stillSandbox()
    for (let force = 0; force < 40; force += 1) await stableToken(sandbox, { force_refresh: true })
    sandbox.clock.advance(30_000)
    expect(await stableToken(sandbox, { force_refresh: true })).not.toBe('')
  })

  test('the 10001st call of a minute is refused until the next minute', async () => {
    const sandbox = stillSandbox()
    for (let call = 0; call < 10_000; call += 1) await post(sandbox, PATH, stableBody())
    const refused = await read(post(sandbox, PATH, stableBody()))
    expect(refused).toMatchObject({
      errcode: 45011,
      errmsg: expect.stringMatching(/^api minute-quota reach limit, must slower, retry next minute rid: /),
    })
    sandbox.clock.advance(60_000)
    expect(await stableToken(sandbox)).not.toBe('')
  })

  test.each([
    ['empty body', '', 44002],
    ['not JSON', 'grant_type=client_credential', 47001],
    ['an array', '[]', 47001],
    ['appid as a number', stableBody({ appid: 7 }), 47001],
    ['force_refresh as text', stableBody({ force_refresh: 'true' }), 47001],
    ['no appid', stableBody({ appid: undefined }), 41002],
    ['unknown appid and bad grant_type', stableBody({ appid: 'wxffffffffffffffff', grant_type: 'x' }), 40013],
    ['bad grant_type', stableBody({ grant_type: 'x' }), 40002],
    ['no secret', stableBody({ secret: undefined }), 41004],
    ['wrong secret', stableBody({ secret: 'x' }), 40125],
  ])('%s is refused', async (_what, body, errcode) => {
    expect((await read(post(stillSandbox(), PATH, body))).errcode).toBe(errcode)
  })

  test('GET is refused', async () => {
    expect((await read(get(stillSandbox(), PATH))).errcode).toBe(43002)
  })

  test('the white list and the frozen secret count here too', async () => {
    const closed = stillSandbox({ accounts: [{ ...account, ipWhitelist: [] }] })
    expect((await read(post(closed, PATH, stableBody()))).errcode).toBe(40164)
    const frozen = stillSandbox({ accounts: [{ ...account, frozen: true }] })
    expect((await read(post(frozen, PATH, stableBody()))).errcode).toBe(40243)
  })
})
