import { expect, test } from 'vitest'
import type { CardKeeper } from '../../../demo/sandbox/bridge/card-keeper.ts'
import type { CardQuirks } from '../../../demo/sandbox/bridge/native/api.ts'
import type { BridgeUi } from '../../../demo/sandbox/bridge/ui.ts'
import type { Sandbox } from '../../../demo/sandbox/index.ts'
import { account } from '../sandbox/asking.ts'
import {
  addCard,
  cardSandbox,
  custom,
  extOf,
  plain,
  rejected,
  signValues,
  TICKET,
} from '../sandbox/signing-cards.ts'
import { contextOf, run } from './native-context.ts'

const { appId } = account

interface Given {
  ui?: BridgeUi
  quirks?: Partial<CardQuirks>
  visitor?: string
}

const client = (cards: CardKeeper, given: Given = {}) => contextOf('ios', { cards, appId, ...given })
const ext = (cardId: string, fields = {}) => ({ card_id: cardId, card_ext: extOf(cardId, fields) })
const takenIn = (sandbox: Sandbox) => sandbox.cards().flatMap(({ taken }) => taken)

test('an added card is answered as JSON text, with its code', async () => {
  const sandbox = cardSandbox()
  const given = ext(plain.cardId)
  const { status, fields } = await run('batchAddCard', { card_list: [given] }, client(sandbox))
  expect(status).toBe('ok')
  const [taken] = takenIn(sandbox)
  expect(taken?.code).toMatch(/^\d{12}$/)
  expect(JSON.parse(String(fields?.card_list))).toEqual([{ ...given, code: taken?.code, is_succ: 1 }])
})

test('the list may be an array, and the code encrypted, where a client does so', async () => {
  const sandbox = cardSandbox()
  const quirks = { cardListShape: 'array', addCardCode: 'encrypted' } as const
  const { fields } = await run(
    'batchAddCard',
    { card_list: [ext(plain.cardId)] },
    client(sandbox, { quirks }),
  )
  expect(fields?.card_list).toMatchObject([{ code: takenIn(sandbox)[0]?.encryptCode, is_succ: 1 }])
})

test('of several cards each tells whether it was added', async () => {
  const sandbox = cardSandbox()
  const list = [ext(rejected.cardId), ext(plain.cardId)]
  const { status, fields } = await run('batchAddCard', { card_list: list }, client(sandbox))
  expect(status).toBe('ok')
  expect(JSON.parse(String(fields?.card_list))).toMatchObject([{ is_succ: 0 }, { is_succ: 1 }])
  expect(JSON.parse(String(fields?.card_list))[0]).not.toHaveProperty('code')
})

test('the screen shows faces and WeChat’s text; the page sees neither', async () => {
  const sandbox = cardSandbox()
  const shown: unknown[] = []
  const context = client(sandbox, {
    ui: {
      addCard: (question) => {
        shown.push(question)
        return 'add'
      },
    },
  })
  const answer = await run('batchAddCard', { card_list: [ext(plain.cardId), ext(custom.cardId)] }, context)
  expect(shown).toMatchObject([
    {
      cards: [
        { cardId: plain.cardId, ok: true, face: { title: 'Card a' } },
        { ok: false, nativeText: '参数错误(addcard)', explanation: { cause: 'code_missing' } },
      ],
    },
  ])
  expect(JSON.stringify(answer)).not.toMatch(/addcard|code_missing/)
  expect(context.heard.map(({ call, request }) => [call, 'step' in request && request.step])).toEqual([
    ['batchAddCard', 'check'],
    ['batchAddCard', 'take'],
  ])
})

test.each([
  ['cancel', {}, 'cancel'],
  ['fail', {}, 'fail'],
] as const)('who answers %s has no card', async (end, quirks, status) => {
  const sandbox = cardSandbox()
  const context = client(sandbox, { ui: { addCard: () => end }, quirks })
  expect(await run('batchAddCard', { card_list: [ext(plain.cardId)] }, context)).toEqual({ status })
  expect(takenIn(sandbox)).toEqual([])
})

test('the cardExt of a cancelled card works the next time', async () => {
  const sandbox = cardSandbox()
  const list = { card_list: [ext(plain.cardId)] }
  await run('batchAddCard', list, client(sandbox, { ui: { addCard: () => 'cancel' } }))
  expect((await run('batchAddCard', list, client(sandbox))).status).toBe('ok')
  expect((await run('batchAddCard', list, client(sandbox))).status).toBe('fail')
})

test.each([
  [{}, 'fail'],
  [{ addCardRefusal: 'cancel' }, 'cancel'],
] as const)('no card at all ends as the client %j does: %s', async (quirks, status) => {
  const refused = { card_list: [ext(custom.cardId)] }
  expect(await run('batchAddCard', refused, client(cardSandbox(), { quirks }))).toEqual({ status })
  expect(await run('batchAddCard', {}, client(cardSandbox(), { quirks }))).toEqual({ status })
  expect(await run('batchAddCard', { card_list: ['x', null] }, client(cardSandbox(), { quirks }))).toEqual({
    status,
  })
})

test('a card that goes away while the person reads is refused at last', async () => {
  const sandbox = cardSandbox()
  const ui: BridgeUi = {
    addCard: () => {
      sandbox.putCards([])
      return 'add'
    },
  }
  expect(await run('batchAddCard', { card_list: [ext(plain.cardId)] }, client(sandbox, { ui }))).toEqual({
    status: 'fail',
  })
})

test('the visitor of this phone has the card', async () => {
  const sandbox = cardSandbox()
  await run('batchAddCard', { card_list: [ext(plain.cardId)] }, client(sandbox, { visitor: 'stranger' }))
  expect(takenIn(sandbox)).toMatchObject([{ visitor: 'stranger' }])
})

const chooseArgs = (changed: Record<string, string> = {}) => {
  const args = {
    app_id: appId,
    location_id: '',
    card_id: '',
    card_type: '',
    time_stamp: '5',
    nonce_str: 'n',
    ...changed,
  }
  return { ...args, sign_type: 'SHA1', card_sign: signValues([TICKET, ...Object.values(args)]) }
}

const withTwoCards = () => {
  const sandbox = cardSandbox()
  addCard(sandbox, plain, extOf(plain.cardId))
  addCard(sandbox, custom, extOf(custom.cardId, { code: 'CODE1' }))
  return sandbox
}

test('the chosen cards come as JSON text with encrypted codes; without a word the first one is chosen', async () => {
  const sandbox = withTwoCards()
  const [first, second] = takenIn(sandbox)
  const item = (card: typeof first) => ({
    card_id: card?.cardId,
    encrypt_code: card?.encryptCode,
    app_id: appId,
  })
  const one = await run('chooseCard', chooseArgs(), client(sandbox))
  expect(one.status).toBe('ok')
  expect(JSON.parse(String(one.fields?.choose_card_info))).toEqual([item(first)])
  const ui: BridgeUi = { chooseCard: () => ({ picked: [1, 0, 7] }) }
  const both = await run('chooseCard', chooseArgs(), client(sandbox, { ui }))
  expect(JSON.parse(String(both.fields?.choose_card_info))).toEqual([item(second), item(first)])
})

test('choosing can be cancelled and can fail', async () => {
  for (const end of ['cancel', 'fail'] as const) {
    const context = client(withTwoCards(), { ui: { chooseCard: () => end } })
    expect(await run('chooseCard', chooseArgs(), context)).toEqual({ status: end })
  }
  const nothing = client(withTwoCards(), { ui: { chooseCard: () => ({ picked: [] }) } })
  expect(await run('chooseCard', chooseArgs(), nothing)).toEqual({ status: 'cancel' })
})

test.each([
  ['a bad signature', { ...chooseArgs(), card_sign: 'x' }, 'signature'],
  ['a tight filter', chooseArgs({ card_type: 'MOVIE_TICKET' }), 'nothing_fits'],
])('%s shows an empty list, which a person can only leave', async (_what, args, cause) => {
  const context = client(withTwoCards())
  expect(await run('chooseCard', args, context)).toEqual({ status: 'cancel' })
  expect(context.heard).toMatchObject([{ call: 'chooseCard', answer: { cards: [], explanation: { cause } } }])
  const other = client(withTwoCards(), { quirks: { emptyChooseCard: 'ok' } })
  expect(await run('chooseCard', args, other)).toEqual({ status: 'ok', fields: { choose_card_info: '[]' } })
})

test('cards that the person has are opened, others are not', async () => {
  const sandbox = withTwoCards()
  const [owned] = takenIn(sandbox)
  const view = { card_list: [{ card_id: plain.cardId, code: owned?.code }] }
  expect(await run('batchViewCard', view, client(sandbox))).toEqual({ status: 'ok' })
  for (const end of ['cancel', 'fail'] as const)
    expect(await run('batchViewCard', view, client(sandbox, { ui: { viewCard: () => end } }))).toEqual({
      status: end,
    })
  expect(await run('batchViewCard', view, client(sandbox, { visitor: 'stranger' }))).toEqual({
    status: 'fail',
  })
  const unused = { consumedCardId: plain.cardId, consumedCode: owned?.code }
  const context = client(sandbox)
  expect(await run('consumedShareCard', unused, context)).toEqual({ status: 'fail' })
  expect(context.heard).toMatchObject([{ call: 'consumedShareCard', request: { consumed: true } }])
})

test('without a sandbox no card call works, and the answer says why', async () => {
  for (const name of ['batchAddCard', 'chooseCard', 'batchViewCard', 'consumedShareCard'])
    expect(await run(name, {}, contextOf('ios'))).toMatchObject({
      status: 'fail',
      fields: { err_desc: expect.stringMatching(/sandbox/) },
    })
})
