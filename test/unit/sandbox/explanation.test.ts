import { describe, expect, test } from 'vitest'
import type { Sandbox, VerifyExplanation, VerifyRequest } from '../../../demo/sandbox/index.ts'
import {
  account,
  classicToken,
  get,
  jsapiTicket,
  read,
  stableToken,
  stillSandbox,
  ticketQuery,
} from './asking.ts'
import { NONCE, PAGE, request, sha1, sign, TIMESTAMP } from './page.ts'

const OTHER = 'https://h5.example.com/cart'

function explain(
  sandbox: Sandbox,
  signature: string,
  changed: Partial<VerifyRequest> = {},
): VerifyExplanation {
  const { explanation } = sandbox.verifyConfig(request(signature, changed))
  if (explanation === undefined) throw new Error('the signature was accepted')
  return explanation
}

describe('the explanation of a refused signature', () => {
  test('shows what the client would hash, with the ticket masked', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    const explanation = explain(sandbox, 'f'.repeat(40))
    expect(explanation).toMatchObject({
      verifiedUrl: PAGE,
      givenSignature: 'f'.repeat(40),
      expectedSignature: sign(ticket, PAGE),
      string1: `jsapi_ticket=${ticket.slice(0, 4)}…${ticket.slice(-4)}&noncestr=${NONCE}&timestamp=${TIMESTAMP}&url=${PAGE}`,
    })
    expect(JSON.stringify(explanation)).not.toContain(ticket)
  })

  test('shows the string that was signed when a common mistake gives the signature, and none otherwise', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    const masked = `${ticket.slice(0, 4)}…${ticket.slice(-4)}`
    const changed = { profile: 'ios', landingUrl: PAGE, currentUrl: OTHER } as const
    expect(explain(sandbox, sign(ticket, OTHER), changed).signedString1).toBe(
      `jsapi_ticket=${masked}&noncestr=${NONCE}&timestamp=${TIMESTAMP}&url=${OTHER}`,
    )
    const token = await classicToken(sandbox)
    expect(explain(sandbox, sign(token, PAGE)).signedString1).toBe(
      `jsapi_ticket=${token.slice(0, 4)}…${token.slice(-4)}&noncestr=${NONCE}&timestamp=${TIMESTAMP}&url=${PAGE}`,
    )
    sandbox.setFaults([{ kind: 'wrong_ticket', times: 1 }])
    expect(explain(sandbox, sign(ticket, PAGE)).signedString1).toContain(masked)
    expect(explain(sandbox, 'f'.repeat(40))).not.toHaveProperty('signedString1')
  })

  test.each<[string, string, Partial<VerifyRequest>, RegExp]>([
    [
      'current URL on iOS',
      OTHER,
      { profile: 'ios', landingUrl: PAGE, currentUrl: OTHER },
      /current address was signed, but iOS/,
    ],
    ['landing URL on Android', OTHER, { landingUrl: OTHER }, /landing URL was signed/],
    ['fragment', `${PAGE}#/x`, { currentUrl: `${PAGE}#/x` }, /fragment was signed/],
    ['cut at &', PAGE, { currentUrl: `${PAGE}&b=2` }, /before the first "&"/],
    [
      'decoded',
      'https://h5.example.com/你',
      { currentUrl: 'https://h5.example.com/%E4%BD%A0' },
      /percent-decoded/,
    ],
    ['encoded', encodeURIComponent(PAGE), {}, /not decoded before hashing/],
    ['HTML escape', `${PAGE}&amp;b=2`, { currentUrl: `${PAGE}&b=2` }, /HTML escape/],
    ['plus', `${PAGE}+2`, { currentUrl: `${PAGE}%202` }, /space was written differently/],
    ['added slash', 'https://h5.example.com/shop/?id=1', {}, /slash at the end of the path/],
    [
      'dropped slash',
      'https://h5.example.com',
      { currentUrl: 'https://h5.example.com/' },
      /slash at the end of the path/,
    ],
    ['no query', 'https://h5.example.com/shop', {}, /query was not signed/],
    ['other scheme', PAGE.replace('https', 'http'), {}, /other scheme/],
    ['lower case', PAGE, { currentUrl: PAGE.replace('shop', 'Shop') }, /lower-cased/],
    ['origin', 'https://h5.example.com/', {}, /home page/],
  ])('finds the address: %s', async (_what, signed, given, reason) => {
    const sandbox = stillSandbox()
    const changed = { landingUrl: given.currentUrl ?? PAGE, ...given }
    const explanation = explain(sandbox, sign(await jsapiTicket(sandbox), signed), changed)
    expect(explanation.reason).toMatch(reason)
    expect(explanation.reason).toMatch(/First difference at character \d+/)
    expect(explanation.reasonZh).toMatch(/第 \d+ 个字符开始不同/)
    expect(explanation.fix).not.toBe('')
    expect(explanation.fixZh).toMatch(/[\u4e00-\u9fff]/)
  })

  test('the first difference names the place and both texts', async () => {
    const sandbox = stillSandbox()
    const { reason } = explain(sandbox, sign(await jsapiTicket(sandbox), 'https://h5.example.com/shop/?id=1'))
    expect(reason).toContain(
      'First difference at character 28: the client has "?id=1", the signer had "/?id=1".',
    )
  })

  test('finds a ticket that was replaced', async () => {
    const sandbox = stillSandbox()
    const former = await jsapiTicket(sandbox)
    sandbox.rotateTicket(account.appId)
    expect(explain(sandbox, sign(former, PAGE)).reason).toMatch(/no longer works/)
  })

  test('finds a ticket that expired, when none lives', async () => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    sandbox.clock.advance(7_200_000)
    expect(explain(sandbox, sign(ticket, PAGE))).toMatchObject({
      reason: expect.stringMatching(/no longer works/),
      expectedSignature: '',
    })
  })

  test('finds the card ticket', async () => {
    const sandbox = stillSandbox()
    await jsapiTicket(sandbox)
    expect(explain(sandbox, sign(await jsapiTicket(sandbox, 'wx_card'), PAGE)).reason).toMatch(/wx_card/)
  })

  test.each([
    ['stable', stableToken],
    ['classic', classicToken],
  ] as const)('finds a %s access_token in place of the ticket', async (_kind, fetchToken) => {
    const sandbox = stillSandbox()
    await jsapiTicket(sandbox)
    expect(explain(sandbox, sign(await fetchToken(sandbox), PAGE)).reason).toMatch(/access_token was used/)
  })

  test("finds another account's ticket", async () => {
    const other = { ...account, appId: 'wxaaaaaaaaaaaaaaaa' }
    const sandbox = stillSandbox({ accounts: [account, other] })
    const ticket = await jsapiTicket(sandbox)
    await jsapiTicket(sandbox)
    sandbox.seedTicket(other.appId, 'jsapi', 'theirs')
    expect(explain(sandbox, sign(ticket, PAGE), { appId: other.appId }).reason).toContain(account.appId)
  })

  test('finds two mistakes at once', async () => {
    const sandbox = stillSandbox()
    const token = await stableToken(sandbox)
    await read(get(sandbox, ticketQuery(token)))
    const { reason, reasonZh } = explain(sandbox, sign(token, `${PAGE}#/x`), { currentUrl: `${PAGE}#/x` })
    expect(reason).toMatch(/Two mistakes.*access_token.*fragment/)
    expect(reasonZh).toMatch(/两处错误/)
  })

  test.each([
    ['upper case', (text: string) => sha1(text).toUpperCase(), /upper-case/],
    [
      'nonceStr with a capital',
      (text: string) => sha1(text.replace('noncestr', 'nonceStr')),
      /lower case and in ASCII order/,
    ],
    ['milliseconds', (text: string) => sha1(text.replace(TIMESTAMP, `${TIMESTAMP}000`)), /milliseconds/],
  ])('finds the form: %s', async (_what, make, reason) => {
    const sandbox = stillSandbox()
    const ticket = await jsapiTicket(sandbox)
    const text = `jsapi_ticket=${ticket}&noncestr=${NONCE}&timestamp=${TIMESTAMP}&url=${PAGE}`
    expect(explain(sandbox, make(text)).reason).toMatch(reason)
  })

  test('says when no ticket was ever fetched', () => {
    expect(explain(stillSandbox(), sign('elsewhere', PAGE)).reason).toMatch(/never given out/)
  })

  test('says what was tried when nothing fits', async () => {
    const sandbox = stillSandbox()
    await jsapiTicket(sandbox)
    expect(explain(sandbox, sha1('x')).reason).toMatch(/any of \d+ other spellings/)
  })

  test('a refused domain is named with the list and the way to add it', async () => {
    const explanation = explain(stillSandbox(), 'x', { currentUrl: 'https://shop.example.org/' })
    expect(explanation.reason).toBe(
      `shop.example.org is not one of the JS-safe domains of ${account.appId}: example.com, localhost.`,
    )
    expect(explanation.fix).toMatch(/safeDomains/)
    expect(explanation.fixZh).toMatch(/JS接口安全域名/)
  })
})
