import { describe, expect, test } from 'vitest'
import { get, NOON, read, stableToken, stillSandbox, tokenQuery } from './asking.ts'

const RID = '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}'

describe("WeChat's envelope", () => {
  test.each([
    ['cgi-bin/token?grant_type=client_credential&appid=wxffffffffffffffff&secret=x', 40013, 'invalid appid'],
    ['cgi-bin/ticket/getticket?type=jsapi', 41001, 'access_token missing'],
    [
      'cgi-bin/ticket/getticket?type=jsapi&access_token=nope',
      40001,
      'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
    ],
  ])('%s answers with the exact live body', async (path, errcode, text) => {
    const answer = await get(stillSandbox(), path)
    const escaped = text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toMatch(
      new RegExp(`^\\{"errcode":${errcode},"errmsg":"${escaped} rid: ${RID}"\\}$`),
    )
  })

  test('an expired token is 42001 access_token expired', async () => {
    const sandbox = stillSandbox()
    const token = await stableToken(sandbox)
    sandbox.clock.advance(7_200_000)
    const body = await read(get(sandbox, `cgi-bin/getcallbackip?access_token=${token}`))
    expect(body).toEqual({
      errcode: 42001,
      errmsg: expect.stringMatching(new RegExp(`^access_token expired rid: ${RID}$`)),
    })
  })

  test('the first group of the rid is the time in seconds, of the moved clock', async () => {
    const sandbox = stillSandbox()
    sandbox.clock.advance(90_000)
    const { errmsg = '' } = await read(get(sandbox, 'cgi-bin/getcallbackip'))
    const [group = ''] = errmsg.split('rid: ')[1]?.split('-') ?? []
    expect(Number.parseInt(group, 16)).toBe((NOON + 90_000) / 1000)
  })

  test.each([tokenQuery(), 'cgi-bin/token'])(
    '%s has the content type with "encoding" in it',
    async (path) => {
      const answer = await get(stillSandbox(), path)
      expect(answer.headers.get('content-type')).toBe('application/json; encoding=utf-8')
    },
  )

  test('the Date header follows the clock', async () => {
    const sandbox = stillSandbox()
    sandbox.clock.advance(-3_600_000)
    const answer = await get(sandbox, tokenQuery())
    expect(answer.headers.get('date')).toBe('Thu, 17 Sep 2026 03:00:00 GMT')
  })

  test('an unknown path is a loud 404 that names the sandbox and the path', async () => {
    const answer = await get(stillSandbox(), 'cgi-bin/menu/create')
    expect(answer.status).toBe(404)
    const text = await answer.text()
    expect(text).toContain('sandbox')
    expect(text).toContain('/cgi-bin/menu/create')
  })

  test("the SDK's beacon is answered with nothing and written down", async () => {
    const sandbox = stillSandbox()
    const answer = await sandbox.fetch(new Request('https://open.weixin.qq.com/sdk/report?v=1&o=0'))
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(sandbox.calls('sdk/report')).toMatchObject([
      { host: 'open.weixin.qq.com', query: { v: '1', o: '0' } },
    ])
  })
})
