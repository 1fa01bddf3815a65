import { describe, expect, test } from 'vitest'
import type { ChooseCardRequest, Sandbox } from '../../../demo/sandbox/index.ts'
import { account, jsapiTicket, post, read, stableToken } from './asking.ts'
import {
  addCard,
  bound,
  cardSandbox,
  custom,
  extOf,
  once,
  plain,
  signValues,
  TICKET,
  TIMESTAMP,
} from './signing-cards.ts'

type Asked = Partial<ChooseCardRequest> & { ticket?: string }

function choose(sandbox: Sandbox, { ticket = TICKET, ...changed }: Asked = {}) {
  const request: Omit<ChooseCardRequest, 'cardSign'> = {
    profile: 'ios',
    appId: account.appId,
    locationId: '',
    cardId: '',
    cardType: '',
    timestamp: TIMESTAMP,
    nonceStr: 'choose-1',
    signType: 'SHA1',
    ...changed,
  }
  const { appId, locationId, cardId, cardType, timestamp, nonceStr } = request
  const cardSign = signValues([ticket, appId, locationId, timestamp, nonceStr, cardId, cardType])
  return sandbox.verifyChooseCard({ ...request, cardSign, ...changed })
}

function sandboxWithCards(): Sandbox {
  const sandbox = cardSandbox()
  const { openid } = sandbox.identityOf('follower')
  addCard(sandbox, plain, extOf(plain.cardId))
  addCard(sandbox, custom, extOf(custom.cardId, { code: 'CODE1' }))
  addCard(sandbox, bound, extOf(bound.cardId, { openid }))
  addCard(sandbox, once, extOf(once.cardId), { visitor: 'stranger' })
  return sandbox
}

const ids = ({ cards }: ReturnType<typeof choose>) => cards.map(({ cardId }) => cardId)

describe('choosing a card', () => {
  test('shows what the visitor has, with codes', () => {
    const sandbox = sandboxWithCards()
    const answer = choose(sandbox)
    expect(ids(answer)).toEqual([plain.cardId, custom.cardId, bound.cardId])
    expect(answer.cards[1]).toMatchObject({ title: 'Card b', code: 'CODE1', encryptCode: expect.any(String) })
    expect(answer.explanation).toBeUndefined()
    expect(ids(choose(sandbox, { visitor: 'stranger' }))).toEqual([once.cardId])
  })

  test('card, kind and shop narrow the list', () => {
    const sandbox = sandboxWithCards()
    expect(ids(choose(sandbox, { cardId: custom.cardId }))).toEqual([custom.cardId])
    expect(ids(choose(sandbox, { cardType: 'CASH' }))).toEqual([bound.cardId])
    expect(ids(choose(sandbox, { locationId: '12', cardType: 'GROUPON' }))).toEqual([
      plain.cardId,
      custom.cardId,
    ])
    expect(ids(choose(sandbox, { locationId: '99', cardType: 'GROUPON' }))).toEqual([custom.cardId])
  })

  test('a filter that fits nothing is an empty list, and the explanation says so', () => {
    expect(choose(sandboxWithCards(), { cardType: 'GIFT' })).toMatchObject({
      cards: [],
      explanation: { cause: 'nothing_fits', reason: expect.stringMatching(/cardType GIFT/) },
    })
  })

  test.each([
    ['another card', { cardSign: '0'.repeat(40) }, 'signature'],
    ['no signature', { cardSign: '' }, 'signature_missing'],
    ['milliseconds', { timestamp: `${TIMESTAMP}000` }, 'timestamp'],
    ['no number', { timestamp: 'undefined' }, 'timestamp'],
    ['an unknown account', { appId: 'wx0' }, 'unknown_account'],
  ] as [string, Asked, string][])('%s is an empty list', (_what, changed, cause) => {
    expect(choose(sandboxWithCards(), changed)).toMatchObject({ cards: [], explanation: { cause } })
  })

  test('signing twice with the same nonce is fine: only taking is once', () => {
    const sandbox = sandboxWithCards()
    expect(ids(choose(sandbox))).toEqual(ids(choose(sandbox)))
  })

  test('finds the jsapi ticket and a forgotten value', async () => {
    const sandbox = sandboxWithCards()
    const ticket = await jsapiTicket(sandbox)
    expect(choose(sandbox, { ticket }).explanation?.reason).toMatch(/jsapi ticket was used/)
    const cardSign = signValues([TICKET, TIMESTAMP, 'choose-1'])
    expect(choose(sandbox, { cardSign }).explanation?.reason).toMatch(/app_id has a value/)
  })

  test('a card that was used up is not shown any more', async () => {
    const sandbox = sandboxWithCards()
    const code = sandbox.cards()[0]?.taken[0]?.code
    const path = `card/code/consume?access_token=${await stableToken(sandbox)}`
    expect((await read(post(sandbox, path, { code }))).errcode).toBe(0)
    expect(ids(choose(sandbox))).toEqual([custom.cardId, bound.cardId])
  })
})

describe('opening cards', () => {
  const view = (sandbox: Sandbox, cardList: object[], more = {}) =>
    sandbox.verifyViewCard({ profile: 'ios', appId: account.appId, cardList, ...more })

  test('needs card and plain code of what the visitor has', () => {
    const sandbox = sandboxWithCards()
    const [owned] = sandbox.cards()[0]?.taken ?? []
    const own = { card_id: plain.cardId, code: owned?.code }
    expect(view(sandbox, [own])).toMatchObject({
      errMsg: 'batchViewCard:ok',
      cards: [{ cardId: plain.cardId, title: 'Card a', code: owned?.code }],
    })
    for (const wrong of [
      { ...own, code: owned?.encryptCode },
      { ...own, card_id: once.cardId },
      { card_id: plain.cardId },
      {},
    ])
      expect(view(sandbox, [own, wrong])).toMatchObject({
        errMsg: 'batchViewCard:fail',
        cards: [],
        explanation: { cause: 'not_owned' },
      })
    expect(view(sandbox, [own], { visitor: 'stranger' }).errMsg).toBe('batchViewCard:fail')
    expect(view(sandbox, []).explanation?.cause).toBe('empty_list')
    expect(view(sandbox, [own], { appId: 'wx0' }).explanation?.cause).toBe('unknown_account')
  })

  test('sharing a used card needs one that was used', async () => {
    const sandbox = sandboxWithCards()
    const own = { card_id: custom.cardId, code: 'CODE1' }
    expect(view(sandbox, [own], { consumed: true }).explanation?.cause).toBe('not_consumed')
    const path = `card/code/consume?access_token=${await stableToken(sandbox)}`
    await post(sandbox, path, { code: 'CODE1', card_id: custom.cardId })
    expect(view(sandbox, [own], { consumed: true }).errMsg).toBe('batchViewCard:ok')
  })
})
