import { describe, expect, test } from 'vitest'
import { account, jsapiTicket, NOON, stillSandbox } from './asking.ts'
import { PAGE, request, sha1, sign, TIMESTAMP } from './page.ts'

const OK = 'pre_verify_jsapi:ok'
const BAD_SIGNATURE = 'pre_verify_jsapi:fail_invalid signature'
const BAD_DOMAIN = 'pre_verify_jsapi:fail_invalid url domain'
const OTHER = 'https://h5.example.com/cart'

describe('verifyConfig', () => {
  test('accepts the published vector with its ticket', () => {
    const appId = 'wxf8b4f85f3a794e77'
    const sandbox = stillSandbox({ accounts: [{ appId, appSecret: 's', safeDomains: ['mp.weixin.qq.com'] }] })
    const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
    sandbox.seedTicket(appId, 'jsapi', ticket, 7200)
    const url = 'http://mp.weixin.qq.com?params=value'
    const vector = request('0f9de62fce790f9a083d5c99e95740ceb90c27ed', {
      appId,
      currentUrl: url,
      landingUrl: url,
    })
    expect(sandbox.verifyConfig(vector)).toEqual({ errMsg: OK })
    expect(sandbox.verifyConfig({ ...vector, nonceStr: 'x' }).errMsg).toBe(BAD_SIGNATURE)
  })

  test('a seeded ticket is the one getticket gives', async () => {
    const sandbox = stillSandbox()
    sandbox.seedTicket(account.appId, 'jsapi', 'fixed')
    expect(await jsapiTicket(sandbox)).toBe('fixed')
  })

  test.each(['ios', 'wecom-ios'] as const)('%s compares with the landing URL', async (profile) => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    expect(sandbox.verifyConfig(request(signature, { profile, currentUrl: OTHER })).errMsg).toBe(OK)
    expect(sandbox.verifyConfig(request(signature, { profile, landingUrl: OTHER })).errMsg).toBe(
      BAD_SIGNATURE,
    )
  })

  test.each(['android', 'harmony', 'windows', 'mac'] as const)(
    '%s compares with the current URL',
    async (profile) => {
      const sandbox = stillSandbox()
      const signature = sign(await jsapiTicket(sandbox), PAGE)
      expect(sandbox.verifyConfig(request(signature, { profile, landingUrl: OTHER })).errMsg).toBe(OK)
      expect(sandbox.verifyConfig(request(signature, { profile, currentUrl: OTHER })).errMsg).toBe(
        BAD_SIGNATURE,
      )
    },
  )

  test('the fragment does not count', async () => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    for (const profile of ['ios', 'android'] as const) {
      const url = `${PAGE}#/a?b#c`
      expect(
        sandbox.verifyConfig(request(signature, { profile, landingUrl: url, currentUrl: url })).errMsg,
      ).toBe(OK)
    }
  })

  test('every byte of the address counts', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    for (const url of [
      'https://h5.example.com/%e4%bd%a0',
      'https://h5.example.com/你?a=+%20&&',
      'https://H5.Example.com/',
    ]) {
      expect(sandbox.verifyConfig(request(sign(ticket, url), { currentUrl: url })).errMsg).toBe(OK)
    }
  })

  test.each([
    ['example.com', 'https://example.com/', OK],
    ['a sub-domain', 'https://a.b.example.com/', OK],
    ['port 80', 'https://example.com:80/', OK],
    ['port 443', 'http://example.com:443/', OK],
    ['another port', 'https://example.com:8443/', BAD_DOMAIN],
    ['a domain that only ends alike', 'https://notexample.com/', BAD_DOMAIN],
    ['the domain as a sub-domain', 'https://example.com.evil.org/', BAD_DOMAIN],
    ['another domain', 'https://example.org/', BAD_DOMAIN],
    ['an IP address', 'http://10.0.0.1/', BAD_DOMAIN],
    ['an IPv6 address', 'http://[2001:db8::1]/', BAD_DOMAIN],
    ['a listed loopback host on any port', 'http://localhost:5173/', OK],
    ['a loopback host that is not listed', 'http://127.0.0.1:5173/', BAD_DOMAIN],
    ['a file', 'file:///example.com/', BAD_DOMAIN],
    ['no address', 'example.com', BAD_DOMAIN],
  ])('safe domain: %s', async (_what, url, errMsg) => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), url)
    expect(sandbox.verifyConfig(request(signature, { currentUrl: url })).errMsg).toBe(errMsg)
  })

  test('refusals come in order: arguments, list, appid, domain, signature', () => {
    const sandbox = stillSandbox()
    const bad = request('x', { appId: '', jsApiList: [], currentUrl: 'https://example.org/' })
    expect(sandbox.verifyConfig(bad).errMsg).toBe('pre_verify_jsapi:fail_invalid_args')
    const named = { ...bad, appId: 'wxffffffffffffffff' }
    expect(sandbox.verifyConfig(named).errMsg).toBe('checkJsApi:param is empty')
    const listed = { ...named, jsApiList: ['scanQRCode'] }
    expect(sandbox.verifyConfig(listed).errMsg).toBe('pre_verify_jsapi:fail_invalid appid')
    const owned = { ...listed, appId: account.appId }
    expect(sandbox.verifyConfig(owned).errMsg).toBe(BAD_DOMAIN)
    expect(sandbox.verifyConfig({ ...owned, currentUrl: PAGE }).errMsg).toBe(BAD_SIGNATURE)
  })

  test('the developer tools answer in their own words', async () => {
    const sandbox = stillSandbox()
    const profile = 'devtools'
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    expect(sandbox.verifyConfig(request(signature, { profile, landingUrl: OTHER }))).toEqual({
      errMsg: 'config:ok',
      devtools: true,
    })
    expect(sandbox.verifyConfig(request('x', { profile }))).toMatchObject({
      errMsg: 'config:fail,Error: 系统错误，错误码：63002,invalid signature [20260917 12:00:00][]',
      devtools: true,
    })
    expect(sandbox.verifyConfig(request('x', { profile, currentUrl: 'https://example.org/' })).errMsg).toBe(
      'config:fail,Error: invalid url domain',
    )
    expect(sandbox.verifyConfig(request('x', { profile, appId: 'wxffffffffffffffff' })).errMsg).toBe(
      'config:fail,Error: AppID 不合法',
    )
  })

  test('a ticket verifies until its end, and the former one while it lives', async () => {
    const sandbox = stillSandbox()
    const former = await jsapiTicket(sandbox)
    sandbox.clock.advance(6_900_001)
    const newer = await jsapiTicket(sandbox)
    expect(newer).not.toBe(former)
    const verify = (ticket: string) => sandbox.verifyConfig(request(sign(ticket, PAGE))).errMsg
    expect([verify(former), verify(newer)]).toEqual([OK, OK])
    sandbox.clock.advance(299_999)
    expect([verify(former), verify(newer)]).toEqual([BAD_SIGNATURE, OK])
    sandbox.clock.advance(7_200_000)
    expect(verify(newer)).toBe(BAD_SIGNATURE)
  })

  test('how long a former ticket verifies is a switch', async () => {
    const sandbox = stillSandbox({ ticketRotation: 'every-call', formerTicketS: 0 })
    const former = await jsapiTicket(sandbox)
    await jsapiTicket(sandbox)
    expect(sandbox.verifyConfig(request(sign(former, PAGE))).errMsg).toBe(BAD_SIGNATURE)
  })

  test('rotateTicket ends the former ticket at once', async () => {
    const sandbox = stillSandbox()
    const former = await jsapiTicket(sandbox)
    sandbox.rotateTicket(account.appId)
    expect(sandbox.verifyConfig(request(sign(former, PAGE))).errMsg).toBe(BAD_SIGNATURE)
    expect(sandbox.verifyConfig(request(sign(await jsapiTicket(sandbox), PAGE))).errMsg).toBe(OK)
  })

  test('any age of the timestamp is fine unless the option limits it', async () => {
    const old = stillSandbox()
    expect(old.verifyConfig(request(sign(await jsapiTicket(old), PAGE))).errMsg).toBe(OK)
    const strict = stillSandbox({ configTimestampMaxAgeS: 300 })
    const ticket = await jsapiTicket(strict)
    expect(strict.verifyConfig(request(sign(ticket, PAGE)))).toMatchObject({
      errMsg: BAD_SIGNATURE,
      explanation: { reason: expect.stringContaining('configTimestampMaxAgeS') },
    })
    const timestamp = String(NOON / 1000 - 300)
    const text = `jsapi_ticket=${ticket}&noncestr=n&timestamp=${timestamp}&url=${PAGE}`
    expect(strict.verifyConfig(request(sha1(text), { nonceStr: 'n', timestamp })).errMsg).toBe(OK)
    strict.clock.advance(1000)
    expect(strict.verifyConfig(request(sha1(text), { nonceStr: 'n', timestamp })).errMsg).toBe(BAD_SIGNATURE)
    const words = `jsapi_ticket=${ticket}&noncestr=n&timestamp=soon&url=${PAGE}`
    expect(strict.verifyConfig(request(sha1(words), { nonceStr: 'n', timestamp: 'soon' })).errMsg).toBe(
      BAD_SIGNATURE,
    )
  })

  test('the fault wrong_ticket refuses a right signature and says so', async () => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    sandbox.setFaults([{ kind: 'wrong_ticket', times: 1 }])
    expect(sandbox.verifyConfig(request(signature))).toMatchObject({
      errMsg: BAD_SIGNATURE,
      explanation: { reason: expect.stringContaining('wrong_ticket') },
    })
    expect(sandbox.verifyConfig(request(signature)).errMsg).toBe(OK)
  })

  test('the fault domain_not_bound refuses a bound domain and says so', async () => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    sandbox.setFaults([{ kind: 'domain_not_bound' }])
    expect(sandbox.verifyConfig(request(signature))).toMatchObject({
      errMsg: BAD_DOMAIN,
      explanation: { reason: expect.stringContaining('domain_not_bound'), expectedSignature: signature },
    })
    expect((await jsapiTicket(sandbox)).length).toBe(86)
    sandbox.clearFaults()
    expect(sandbox.verifyConfig(request(signature)).errMsg).toBe(OK)
  })

  test('a signature with another timestamp is refused', async () => {
    const sandbox = stillSandbox()
    const signature = sign(await jsapiTicket(sandbox), PAGE)
    const later = String(Number(TIMESTAMP) + 1)
    expect(sandbox.verifyConfig(request(signature, { timestamp: later })).errMsg).toBe(BAD_SIGNATURE)
  })
})
