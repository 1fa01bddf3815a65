import { describe, expect, test } from 'vitest'
import { account, NOON, stillSandbox } from './asking.ts'
import {
  addCard,
  addCards,
  bound,
  cardSandbox,
  custom,
  type ExtFields,
  extOf,
  free,
  last,
  once,
  plain,
  rejected,
  signValues,
  TICKET,
  TIMESTAMP,
} from './signing-cards.ts'

describe('published vectors', () => {
  const at = (cardId: string, ticket: string, useCustomCode = false) => {
    const card = { cardId, title: 'Vector', cardType: 'GROUPON', quantity: 1, useCustomCode } as const
    const sandbox = stillSandbox({ accounts: [{ ...account, cards: [card] }] })
    sandbox.seedTicket(account.appId, 'wx_card', ticket)
    return sandbox
  }
  const official = 'pjZ8Yt1XGILfi-FUsewpnnolGgZk'
  const officialTicket = 'ojZ8YtyVyr30HheH3CM73y7h4jJE'

  test('the newer official one is accepted', () => {
    const ext = {
      code: '1434008071',
      timestamp: '1404896688',
      nonce_str: '123',
      signature: 'f137ab68b7f8112d20ee528ab6074564e2796250',
    }
    const verdict = addCard(at(official, officialTicket, true), { cardId: official }, JSON.stringify(ext))
    expect(verdict).toMatchObject({ ok: true, code: '1434008071' })
  })

  test('the real one is accepted: a number as timestamp, empty fields, an unsigned outer_id', () => {
    const cardId = 'pdkJ9uLRSbnB3UFEjZAgUxAJrjeY'
    const ticket = 'E0o2-at6NcC2OsJiQTlwlMzp8db8D6ZMid6Kw29Gy8v4n0lXbKq4N7fX6WaGG1jvlNr58WBUcfz5i8ghXuU_AQ'
    const ext =
      '{"code":"","openid":"","timestamp":1467109797,"signature":"73ba424fc1aabfa62e752ee5fd8fee4610e2a610","outer_id":2}'
    const sandbox = at(cardId, ticket)
    expect(addCard(sandbox, { cardId }, ext).ok).toBe(true)
    expect(sandbox.cards()[0]?.taken).toMatchObject([{ outerStr: '2' }])
  })

  test('the older official one is right only in the corrected form, and the stray space is found', () => {
    const ext = (signature: string) =>
      JSON.stringify({
        code: 'jonyqin_1434008071',
        timestamp: '1404896688',
        nonce_str: 'jonyqin',
        signature,
      })
    const sandbox = at(official, officialTicket, true)
    const printed = addCard(sandbox, { cardId: official }, ext('6b81fbf6af16e856334153b39737556063c82689'))
    expect(printed.nativeText).toBe('签名错误(addcard)')
    expect(printed.explanation?.reason).toMatch(/space or line break at api_ticket \/ card_id was signed/)
    expect(addCard(sandbox, { cardId: official }, ext('2b4d29b5f60fa4be37522ddfd9583c329446d3e3')).ok).toBe(
      true,
    )
  })
})

describe('a card that is added', () => {
  test('has a code of 12 digits, and stock and owner are written down', () => {
    const sandbox = cardSandbox()
    const verdict = addCard(sandbox, plain, extOf(plain.cardId, { outer_str: 'poster' }))
    expect(verdict).toMatchObject({
      ok: true,
      cardId: plain.cardId,
      code: expect.stringMatching(/^\d{12}$/),
      encryptCode: expect.stringMatching(/^[A-Za-z0-9+/]{64}$/),
      face: { title: 'Card a', cardType: 'GROUPON', color: 'Color010', brandName: account.appId },
    })
    expect(verdict.explanation).toBeUndefined()
    const snapshot = sandbox.snapshot().accounts[0]?.cards.find(({ cardId }) => cardId === plain.cardId)
    expect(snapshot).toMatchObject({
      stock: 9,
      taken: [
        {
          visitor: 'follower',
          openid: sandbox.identityOf('follower').openid,
          code: verdict.code,
          takenAt: NOON,
          status: 'NORMAL',
          outerStr: 'poster',
        },
      ],
    })
  })

  test('is only looked at when the client asks for a check', () => {
    const sandbox = cardSandbox()
    const ext = extOf(last.cardId)
    const looked = addCard(sandbox, last, ext, { step: 'check' })
    expect(looked).toMatchObject({ ok: true, face: { title: 'Card d' } })
    expect(looked).not.toHaveProperty('code')
    expect(sandbox.cards().find(({ cardId }) => cardId === last.cardId)).toMatchObject({
      stock: 1,
      taken: [],
    })
    expect(addCard(sandbox, last, ext).ok).toBe(true)
  })

  test('is gone after a reset', () => {
    const sandbox = cardSandbox()
    addCard(sandbox, last, extOf(last.cardId))
    sandbox.putCards([plain])
    sandbox.reset()
    expect(sandbox.cards()).toHaveLength(7)
    expect(
      sandbox.cards().every(({ taken, stock, quantity }) => taken.length === 0 && stock === quantity),
    ).toBe(true)
  })

  test.each([
    ['empty', { code: '', openid: '' }],
    ['null', { code: null, openid: null }],
    ['a number as timestamp', { timestamp: Number(TIMESTAMP) }],
    ['no nonce_str', { nonce_str: '' }],
    ['a balance', { balance: '100' }],
    ['unsigned fields', { outer_str: 'x', fixed_begintimestamp: 1, signType: 'SHA1' }],
    ['equal values', { nonce_str: TIMESTAMP }],
  ] as [string, ExtFields][])('may have %s', (_what, fields) => {
    expect(addCard(cardSandbox(), plain, extOf(plain.cardId, fields)).ok).toBe(true)
  })

  test('may be signed with the former ticket while that still lives', () => {
    const sandbox = stillSandbox({ accounts: [{ ...account, cards: [plain] }], ticketRotation: 'every-call' })
    sandbox.seedTicket(account.appId, 'wx_card', TICKET)
    expect(addCard(sandbox, plain, extOf(plain.cardId)).ok).toBe(true)
    sandbox.rotateTicket(account.appId, 'wx_card')
    expect(addCard(sandbox, plain, extOf(plain.cardId)).nativeText).toBe('签名错误(addcard)')
  })
})

describe('what the screen shows', () => {
  const openid = cardSandbox().identityOf('follower').openid

  test.each<[string, { cardId: string }, unknown, string, string]>([
    ['no such card', { cardId: 'pAbCdEnone' }, extOf('pAbCdEnone'), '参数错误', 'unknown_card'],
    ['a card that was not approved', rejected, extOf(rejected.cardId), '参数错误', 'card_status'],
    ['a custom code is missing', custom, extOf(custom.cardId), '参数错误', 'code_missing'],
    ['an empty custom code', custom, extOf(custom.cardId, { code: '' }), '参数错误', 'code_missing'],
    ['a code nobody asked for', plain, extOf(plain.cardId, { code: 'CODE1' }), '参数错误', 'code_unexpected'],
    [
      'a code of 21 characters',
      free,
      extOf(free.cardId, { code: 'x'.repeat(21) }),
      '参数错误',
      'code_too_long',
    ],
    ['an openid is missing', bound, extOf(bound.cardId), '参数错误', 'openid_missing'],
    ['an openid nobody asked for', plain, extOf(plain.cardId, { openid }), '参数错误', 'openid_unexpected'],
    [
      'bound to somebody else',
      bound,
      extOf(bound.cardId, { openid: 'oAbCdEsomebodyelse' }),
      '参数错误',
      'openid_of_another',
    ],
    [
      'a nonce of 33 characters',
      plain,
      extOf(plain.cardId, { nonce_str: 'x'.repeat(33) }),
      '参数错误',
      'nonce_too_long',
    ],
    [
      'a code that was not deposited',
      custom,
      extOf(custom.cardId, { code: 'CODE9' }),
      '已领完',
      'code_not_deposited',
    ],
    ['an object', plain, JSON.parse(extOf(plain.cardId)), '签名错误', 'card_ext_not_text'],
    ['nothing', plain, undefined, '签名错误', 'card_ext_not_text'],
    ['no JSON', plain, 'cardExt', '签名错误', 'card_ext_not_json'],
    ['JSON twice', plain, JSON.stringify(extOf(plain.cardId)), '签名错误', 'card_ext_not_json'],
    ['an array', plain, '[]', '签名错误', 'card_ext_not_json'],
    ['no signature', plain, '{"timestamp":"1"}', '签名错误', 'signature_missing'],
    ['a wrong signature', plain, extOf(once.cardId), '签名错误', 'signature'],
    [
      'a code that is an object',
      plain,
      extOf(plain.cardId, { code: { a: 1 } }),
      '签名错误',
      'field_not_text',
    ],
    ['a code that is a boolean', plain, extOf(plain.cardId, { code: true }), '签名错误', 'field_not_text'],
    ['no timestamp', plain, extOf(plain.cardId, { timestamp: '' }), '签名错误', 'timestamp'],
    ['milliseconds', plain, extOf(plain.cardId, { timestamp: '1789617600000' }), '签名错误', 'timestamp'],
  ])('%s', (_what, card, ext, text, cause) => {
    const sandbox = cardSandbox()
    const verdict = addCard(sandbox, card, ext)
    expect(verdict).toMatchObject({ ok: false, nativeText: `${text}(addcard)`, explanation: { cause } })
    expect(verdict.explanation?.reason).toMatch(/\.$/)
    expect(verdict.explanation?.fix).toMatch(/\.$/)
    expect(verdict.explanation?.reasonZh).toMatch(/[\u4e00-\u9fff]/)
    expect(verdict.explanation?.fixZh).toMatch(/[\u4e00-\u9fff]/)
    expect(verdict).not.toHaveProperty('code')
    expect(sandbox.cards().flatMap(({ taken }) => taken)).toEqual([])
  })

  test('out of stock', () => {
    const sandbox = cardSandbox()
    expect(addCard(sandbox, last, extOf(last.cardId)).ok).toBe(true)
    expect(addCard(sandbox, last, extOf(last.cardId), { visitor: 'stranger' })).toMatchObject({
      nativeText: '已领完(addcard)',
      explanation: { cause: 'out_of_stock' },
    })
  })

  test('more than one person may have; somebody else still may', () => {
    const sandbox = cardSandbox()
    expect(addCard(sandbox, once, extOf(once.cardId)).ok).toBe(true)
    expect(addCard(sandbox, once, extOf(once.cardId))).toMatchObject({
      nativeText: '已领完(addcard)',
      explanation: { cause: 'get_limit' },
    })
    expect(addCard(sandbox, once, extOf(once.cardId), { visitor: 'stranger' }).ok).toBe(true)
  })

  test('without getLimit a person may have 50', () => {
    const sandbox = cardSandbox()
    sandbox.putCards([{ ...plain, quantity: 100 }])
    for (let card = 0; card < 50; card += 1)
      expect(addCard(sandbox, plain, extOf(plain.cardId)).ok).toBe(true)
    expect(addCard(sandbox, plain, extOf(plain.cardId)).explanation?.cause).toBe('get_limit')
  })

  test('nonce and timestamp a second time, for the same card and ticket only', () => {
    const sandbox = cardSandbox()
    const same = { nonce_str: 'same', timestamp: TIMESTAMP }
    expect(addCard(sandbox, plain, extOf(plain.cardId, same)).ok).toBe(true)
    expect(addCard(sandbox, plain, extOf(plain.cardId, same), { visitor: 'stranger' })).toMatchObject({
      nativeText: '已领完(addcard)',
      explanation: { cause: 'repeated' },
    })
    expect(addCard(sandbox, once, extOf(once.cardId, same)).ok).toBe(true)
    expect(addCard(sandbox, plain, extOf(plain.cardId, { ...same, timestamp: '1789617601' })).ok).toBe(true)
    expect(addCard(sandbox, plain, extOf(plain.cardId, same)).explanation?.cause).toBe('repeated')
    sandbox.seedTicket(account.appId, 'wx_card', 'another')
    expect(addCard(sandbox, plain, extOf(plain.cardId, same, 'another')).ok).toBe(true)
  })

  test('without a nonce the timestamp alone must not come twice', () => {
    const sandbox = cardSandbox()
    const bare = { nonce_str: '' }
    expect(addCard(sandbox, plain, extOf(plain.cardId, bare)).ok).toBe(true)
    expect(addCard(sandbox, plain, extOf(plain.cardId, bare)).explanation?.cause).toBe('repeated')
  })

  test('a custom code that somebody has', () => {
    const sandbox = cardSandbox()
    expect(addCard(sandbox, custom, extOf(custom.cardId, { code: 'CODE1' })).code).toBe('CODE1')
    const again = addCard(sandbox, custom, extOf(custom.cardId, { code: 'CODE1' }), { visitor: 'stranger' })
    expect(again).toMatchObject({ nativeText: '已领完(addcard)', explanation: { cause: 'code_taken' } })
    expect(addCard(sandbox, custom, extOf(custom.cardId, { code: 'CODE2' })).ok).toBe(true)
  })

  test('codes that need no deposit may be any text of 20 characters', () => {
    expect(addCard(cardSandbox(), free, extOf(free.cardId, { code: '码'.repeat(20) })).ok).toBe(true)
  })

  test('a bound card goes to the person it is bound to', () => {
    const sandbox = cardSandbox()
    const theirs = sandbox.identityOf('stranger').openid
    expect(addCard(sandbox, bound, extOf(bound.cardId, { openid: theirs }), { visitor: 'stranger' }).ok).toBe(
      true,
    )
    expect(addCard(sandbox, bound, extOf(bound.cardId, { openid })).ok).toBe(true)
  })

  test('a ticket that expired', () => {
    const sandbox = cardSandbox()
    sandbox.clock.advance(7_200_000)
    const { nativeText, explanation } = addCard(sandbox, plain, extOf(plain.cardId))
    expect(nativeText).toBe('签名错误(addcard)')
    expect(explanation).toMatchObject({
      reason: expect.stringMatching(/no longer works/),
      expectedSignature: '',
    })
  })

  test('a card of another account is named', () => {
    const other = { ...account, appId: 'wxaaaaaaaaaaaaaaaa', cards: [plain] }
    const sandbox = stillSandbox({ accounts: [account, other] })
    sandbox.seedTicket(account.appId, 'wx_card', TICKET)
    const verdict = addCard(sandbox, plain, extOf(plain.cardId))
    expect(verdict).toMatchObject({ nativeText: '参数错误(addcard)', explanation: { cause: 'unknown_card' } })
    expect(verdict.explanation?.reason).toContain(other.appId)
  })

  test('an unknown account, no card at all, an unknown visitor', () => {
    const sandbox = cardSandbox()
    const cardList = [{ card_id: plain.cardId, card_ext: extOf(plain.cardId) }]
    expect(sandbox.verifyAddCard({ profile: 'ios', appId: 'wx0', cardList })).toMatchObject({
      errMsg: 'batch_add_card:fail',
      cards: [{ nativeText: '签名错误(addcard)', explanation: { cause: 'unknown_account' } }],
    })
    expect(addCards(sandbox, [])).toMatchObject({
      errMsg: 'batch_add_card:fail',
      cards: [],
      explanation: { cause: 'empty_list' },
    })
    expect(() => addCards(sandbox, cardList, { visitor: 'nobody' })).toThrow(/no visitor "nobody"/)
  })
})

describe('several cards', () => {
  test('each has its own verdict, in order, and some may be given', () => {
    const sandbox = cardSandbox()
    const answer = addCards(sandbox, [
      { card_id: rejected.cardId, card_ext: extOf(rejected.cardId) },
      { card_id: plain.cardId, card_ext: extOf(plain.cardId) },
      { card_id: 'nobody', card_ext: '{}' },
    ])
    expect(answer.errMsg).toBe('batch_add_card:ok')
    expect(answer.cards.map(({ cardId, ok }) => [cardId, ok])).toEqual([
      [rejected.cardId, false],
      [plain.cardId, true],
      ['nobody', false],
    ])
  })

  test('the same card twice: once with one nonce, twice with two, and a check sees it too', () => {
    const sandbox = cardSandbox()
    const one = { card_id: plain.cardId, card_ext: extOf(plain.cardId) }
    const oks = (step: 'check' | 'take') => addCards(sandbox, [one, one], { step }).cards.map(({ ok }) => ok)
    expect(oks('check')).toEqual([true, false])
    expect(oks('take')).toEqual([true, false])
    const two = [1, 2].map(() => ({ card_id: last.cardId, card_ext: extOf(last.cardId) }))
    expect(addCards(sandbox, two).cards.map(({ explanation }) => explanation?.cause)).toEqual([
      undefined,
      'out_of_stock',
    ])
  })

  test('are refused together when every one is', () => {
    const cards = [{}, { card_id: 1 }, { card_id: plain.cardId, card_ext: null }]
    const answer = addCards(cardSandbox(), cards)
    expect(answer.errMsg).toBe('batch_add_card:fail')
    expect(answer.cards.map(({ ok }) => ok)).toEqual([false, false, false])
  })
})

test('the signature of the tests is the one of the vectors', () => {
  const values = [TICKET, 'pjZ8Yt1XGILfi-FUsewpnnolGgZk', '1404896688', '123', '1434008071']
  expect(signValues(values)).toBe('f137ab68b7f8112d20ee528ab6074564e2796250')
})
