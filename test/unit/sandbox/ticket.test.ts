import { describe, expect, test } from 'vitest'
import { account, get, jsapiTicket, post, read, stableToken, stillSandbox, ticketQuery } from './asking.ts'

describe('cgi-bin/ticket/getticket', () => {
  test('gives an 86-character ticket for 7200 s', async () => {
    const sandbox = stillSandbox()
    expect(await read(get(sandbox, ticketQuery(await stableToken(sandbox))))).toEqual({
      errcode: 0,
      errmsg: 'ok',
      ticket: expect.stringMatching(/^[\w-]{86}$/),
      expires_in: 7200,
    })
  })

  test('keeps a ticket until its last five minutes, with the life it has left', async () => {
    const sandbox = stillSandbox()
    const first = await jsapiTicket(sandbox)
    sandbox.clock.advance(6_900_000)
    expect(await read(get(sandbox, ticketQuery(await stableToken(sandbox))))).toMatchObject({
      ticket: first,
      expires_in: 300,
    })
    sandbox.clock.advance(1)
    expect(await jsapiTicket(sandbox)).not.toBe(first)
  })

  test('jsapi and card tickets are two', async () => {
    const sandbox = stillSandbox()
    expect(await jsapiTicket(sandbox)).not.toBe(await jsapiTicket(sandbox, 'wx_card'))
  })

  test('rotation on every call is a switch', async () => {
    const sandbox = stillSandbox({ ticketRotation: 'every-call' })
    expect(await jsapiTicket(sandbox)).not.toBe(await jsapiTicket(sandbox))
  })

  test('a ticket outlives the token it was fetched with', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    sandbox.revokeTokens(account.appId)
    expect(await jsapiTicket(sandbox)).toBe(ticket)
  })

  test.each(['', 'JSAPI', 'sdk'])('type %j is refused', async (type) => {
    const sandbox = stillSandbox()
    const body = await read(get(sandbox, ticketQuery(await stableToken(sandbox), type)))
    expect(body).toMatchObject({ errcode: 40097, errmsg: expect.stringMatching(/^invalid args rid: /) })
  })

  test('the token is looked at before the type', async () => {
    const sandbox = stillSandbox()
    expect((await read(get(sandbox, 'cgi-bin/ticket/getticket'))).errcode).toBe(41001)
    expect((await read(get(sandbox, ticketQuery('nope', 'sdk')))).errcode).toBe(40001)
    const token = await stableToken(sandbox)
    expect((await read(post(sandbox, ticketQuery(token), ''))).errcode).toBe(43001)
    sandbox.clock.advance(7_200_000)
    expect((await read(get(sandbox, ticketQuery(token)))).errcode).toBe(42001)
  })

  test('a daily limit is a switch', async () => {
    const sandbox = stillSandbox({ ticketDailyLimit: 1, quotaErrmsg: 'api freq out of limit' })
    await jsapiTicket(sandbox)
    expect(await read(get(sandbox, ticketQuery(await stableToken(sandbox))))).toMatchObject({
      errcode: 45009,
      errmsg: expect.stringMatching(/^api freq out of limit rid: /),
    })
  })
})
