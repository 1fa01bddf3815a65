import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CardExplanation, Sandbox } from '../../../demo/sandbox/index.ts'
import { account, classicToken, jsapiTicket, stableToken, stillSandbox } from './asking.ts'
import { sha1 } from './page.ts'
import {
  addCard,
  cardSandbox,
  extOf,
  free,
  newNonce,
  plain,
  signValues,
  TICKET,
  TIMESTAMP,
} from './signing-cards.ts'

const NONCE = 'Nonce-1'

function explain(sandbox: Sandbox, signature: string, fields: Record<string, unknown> = {}): CardExplanation {
  const ext = { timestamp: TIMESTAMP, nonce_str: NONCE, ...fields, signature }
  const { explanation } = addCard(sandbox, plain, JSON.stringify(ext))
  if (explanation === undefined) throw new Error('the signature was accepted')
  return explanation
}

const right = [TICKET, plain.cardId, TIMESTAMP, NONCE]

describe('the explanation of a refused card signature', () => {
  test('shows the sorted values with the ticket masked, and the signature that was expected', () => {
    const explanation = explain(cardSandbox(), 'f'.repeat(40))
    expect(explanation).toMatchObject({
      cause: 'signature',
      givenSignature: 'f'.repeat(40),
      expectedSignature: signValues(right),
      string1: `${TIMESTAMP}${NONCE}ojZ8…4jJE${plain.cardId}`,
      values: [
        { name: 'timestamp', value: TIMESTAMP },
        { name: 'nonce_str', value: NONCE },
        { name: 'api_ticket', value: 'ojZ8…4jJE' },
        { name: 'card_id', value: plain.cardId },
      ],
    })
    expect(JSON.stringify(explanation)).not.toContain(TICKET)
  })

  test.each<[string, () => string, RegExp, Record<string, unknown>?]>([
    ['upper case', () => signValues(right).toUpperCase(), /upper-case/],
    ['another algorithm', () => 'f'.repeat(32), /32 characters; a SHA1 in hex has 40/],
    ['names in order', () => sha1([TICKET, plain.cardId, NONCE, TIMESTAMP].join('')), /order of their names/],
    ['no order', () => sha1([plain.cardId, TICKET, TIMESTAMP, NONCE].join('')), /another order/],
    [
      'name=value',
      () => sha1(`api_ticket=${TICKET}&card_id=${plain.cardId}&nonce_str=${NONCE}&timestamp=${TIMESTAMP}`),
      /as for wx\.config/,
    ],
    ['joined by &', () => sha1([TIMESTAMP, NONCE, TICKET, plain.cardId].join('&')), /"&" between/],
    [
      'outer_str signed',
      () => signValues([...right, 'poster']),
      /outer_str was signed too/,
      { outer_str: 'poster' },
    ],
    [
      'two fields signed',
      () => signValues([...right, 'poster', '7']),
      /outer_str, fixed_begintimestamp/,
      { outer_str: 'poster', fixed_begintimestamp: 7 },
    ],
    ['appId signed', () => signValues([...right, account.appId]), /app_id was signed too/],
    ['nonce not signed', () => signValues([TICKET, plain.cardId, TIMESTAMP]), /nonce_str has a value/],
    ['card not signed', () => signValues([TICKET, TIMESTAMP, NONCE]), /card_id has a value/],
    [
      'code not signed',
      () => signValues(right),
      /code has a value here, but it was not signed/,
      { code: 'C1' },
    ],
    ['undefined signed', () => signValues([...right, 'undefined']), /the text undefined was signed/],
    [
      'empty fields signed as null',
      () => signValues([...right, 'null', 'null', 'null']),
      /code, openid, balance.*the text null/,
    ],
    [
      'milliseconds signed',
      () => signValues([TICKET, plain.cardId, `${TIMESTAMP}000`, NONCE]),
      /milliseconds and seconds/,
    ],
    [
      'a space',
      () => signValues([TICKET, plain.cardId, TIMESTAMP, `${NONCE} `]),
      /space or line break at nonce_str/,
    ],
    [
      'a misspelt field',
      () => signValues([TICKET, plain.cardId, TIMESTAMP, 'other']),
      /calls a field nonceStr/,
      { nonce_str: undefined, nonceStr: 'other' },
    ],
    [
      'a nonce that is not given',
      () => signValues([TICKET, plain.cardId, TIMESTAMP, 'elsewhere']),
      /Empty here: nonce_str, code, openid, balance; what is signed must be given/,
      { nonce_str: undefined },
    ],
    ['something else', () => sha1('x'), /fits none/],
  ])('finds %s', (_what, sign, reason, fields) => {
    const explanation = explain(cardSandbox(), sign(), fields)
    expect(explanation.reason).toMatch(reason)
    expect(explanation.reasonZh).toMatch(/[\u4e00-\u9fff]/)
    expect(explanation.fix).not.toBe('')
    expect(explanation.fixZh).not.toBe('')
  })

  test('finds a number that a client cannot read', () => {
    const digits = '12345678901234567890'
    const nonce = newNonce()
    const signature = signValues([TICKET, free.cardId, TIMESTAMP, nonce, digits])
    const ext = `{"timestamp":"${TIMESTAMP}","nonce_str":"${nonce}","code":${digits},"signature":"${signature}"}`
    expect(addCard(cardSandbox(), free, ext).explanation?.reason).toMatch(
      /as the number 12345678901234567890/,
    )
  })

  test('finds the jsapi ticket, and says that it reproduces the signature', async () => {
    const sandbox = cardSandbox()
    const ticket = await jsapiTicket(sandbox)
    const { reason, reasonZh, fix } = explain(sandbox, signValues([ticket, plain.cardId, TIMESTAMP, NONCE]))
    expect(reason).toMatch(/jsapi ticket was used; it reproduces/)
    expect(reasonZh).toMatch(/jsapi_ticket/)
    expect(fix).toMatch(/type=wx_card/)
  })

  test('finds the jsapi ticket when no card ticket was ever fetched', async () => {
    const sandbox = stillSandbox({ accounts: [{ ...account, cards: [plain] }] })
    const ticket = await jsapiTicket(sandbox)
    expect(explain(sandbox, signValues([ticket, plain.cardId, TIMESTAMP, NONCE])).reason).toMatch(/jsapi/)
    expect(explain(sandbox, signValues(right)).reason).toMatch(/never given out a wx_card ticket/)
  })

  test('finds a replaced ticket, an access_token and the secret', async () => {
    const sandbox = cardSandbox()
    sandbox.rotateTicket(account.appId, 'wx_card')
    expect(explain(sandbox, signValues(right)).reason).toMatch(/no longer works/)
    for (const fetchToken of [stableToken, classicToken]) {
      const token = await fetchToken(sandbox)
      expect(explain(sandbox, signValues([token, ...right.slice(1)])).reason).toMatch(/access_token was used/)
    }
    const bySecret = explain(sandbox, signValues([account.appSecret, ...right.slice(1)]))
    expect(bySecret.reason).toMatch(/AppSecret was used/)
    expect(JSON.stringify(bySecret)).not.toContain(account.appSecret)
  })

  test("finds another account's card ticket", () => {
    const other = { ...account, appId: 'wxaaaaaaaaaaaaaaaa' }
    const sandbox = stillSandbox({ accounts: [{ ...account, cards: [plain] }, other] })
    sandbox.seedTicket(account.appId, 'wx_card', TICKET)
    sandbox.seedTicket(other.appId, 'wx_card', 'theirs')
    expect(explain(sandbox, signValues(['theirs', ...right.slice(1)])).reason).toContain(other.appId)
  })

  test('finds two mistakes at once', async () => {
    const sandbox = cardSandbox()
    const ticket = await jsapiTicket(sandbox)
    const { reason, reasonZh } = explain(sandbox, sha1([ticket, plain.cardId, NONCE, TIMESTAMP].join('')))
    expect(reason).toMatch(/Two mistakes.*jsapi.*order of their names/)
    expect(reasonZh).toMatch(/两处错误/)
  })
})

describe('for all', () => {
  const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength })

  test('values: the signature over them in the order of their bytes is accepted', () => {
    fc.assert(
      fc.property(
        text(16),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        text(20),
        text(8),
        (nonce, seconds, code, balance) => {
          fc.pre(code !== '')
          const fields = { nonce_str: nonce, timestamp: seconds, code, balance }
          expect(addCard(cardSandbox(), free, extOf(free.cardId, fields))).toMatchObject({ ok: true, code })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('an astral letter comes after U+FFFF, not before, as JavaScript would sort it', () => {
    const nonce = '\u{1F600}'
    const code = '\uFF5E'
    const values = [TICKET, free.cardId, TIMESTAMP, nonce, code]
    expect([nonce, code].sort()).toEqual([nonce, code])
    const byUnits = JSON.stringify({
      timestamp: TIMESTAMP,
      nonce_str: nonce,
      code,
      signature: sha1([...values].sort().join('')),
    })
    expect(addCard(cardSandbox(), free, byUnits).explanation?.reason).toMatch(/another order/)
    expect(addCard(cardSandbox(), free, extOf(free.cardId, { nonce_str: nonce, code })).ok).toBe(true)
  })

  test('one changed character in what was signed: refused', () => {
    const fields = fc.constantFrom('nonce_str', 'timestamp', 'code')
    fc.assert(
      fc.property(fields, fc.integer({ min: 0, max: 9 }), (name, digit) => {
        const signed: Record<string, string> = { nonce_str: newNonce(), timestamp: TIMESTAMP, code: '5005' }
        const ext: Record<string, string> = JSON.parse(extOf(free.cardId, signed))
        const changed = `${signed[name]}${digit}`
        const verdict = addCard(cardSandbox(), free, JSON.stringify({ ...ext, [name]: changed }))
        expect(verdict).toMatchObject({ ok: false, nativeText: '签名错误(addcard)' })
      }),
      { numRuns: 40 },
    )
  })

  test('texts and JSON in the place of a cardExt: a verdict, never an exception', () => {
    const sandbox = cardSandbox()
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.jsonValue()), fc.jsonValue(), (cardExt, cardId) => {
        const [verdict] = sandbox.verifyAddCard({
          profile: 'android',
          appId: account.appId,
          cardList: [{ card_id: cardId, card_ext: cardExt }],
        }).cards
        expect(verdict?.ok).toBe(false)
        expect(verdict?.explanation?.reasonZh).not.toBe('')
      }),
    )
  })
})
