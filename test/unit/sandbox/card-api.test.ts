import { describe, expect, test } from 'vitest'
import {
  builtInAccount,
  builtInCards,
  createSandbox,
  readSandboxConfig,
  type Sandbox,
} from '../../../demo/sandbox/index.ts'
import { account, get, NOON, post, stableToken, stillSandbox } from './asking.ts'
import { addCard, bound, cardSandbox, custom, extOf, last, plain, rejected } from './signing-cards.ts'

async function ask(sandbox: Sandbox, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await post(sandbox, `${path}?access_token=${await stableToken(sandbox)}`, body)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json; encoding=utf-8')
  return (await answer.json()) as Record<string, unknown>
}

const refused = (errcode: number, errmsg: string) => ({
  errcode,
  errmsg: expect.stringMatching(new RegExp(`^${errmsg.replace(/[.!]/g, '\\$&')} rid: [0-9a-f]{8}-`)),
})

describe('card APIs', () => {
  const paths = ['get', 'batchget', 'code/get', 'code/consume', 'code/decrypt', 'user/getcardlist']

  test.each(paths)('card/%s needs POST, a token and a body', async (name) => {
    const sandbox = stillSandbox()
    const path = `card/${name}?access_token=${await stableToken(sandbox)}`
    expect(await (await get(sandbox, path)).json()).toMatchObject({ errcode: 43002 })
    expect(await (await post(sandbox, `card/${name}`, {})).json()).toMatchObject({ errcode: 41001 })
    expect(await ask(sandbox, `card/${name}`, '')).toMatchObject({ errcode: 44002 })
    expect(await ask(sandbox, `card/${name}`, '{')).toMatchObject({ errcode: 47001 })
  })

  test('an encrypted code becomes the code, and another text is 40075', async () => {
    const sandbox = cardSandbox()
    const { code, encryptCode } = addCard(sandbox, plain, extOf(plain.cardId))
    expect(await ask(sandbox, 'card/code/decrypt', { encrypt_code: encryptCode })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      code,
    })
    expect(await ask(sandbox, 'card/code/decrypt', { encrypt_code: code })).toEqual(
      refused(40075, 'invalid encrypt code'),
    )
    expect(await ask(sandbox, 'card/code/decrypt', {})).toEqual(
      refused(41011, 'missing required fields! please check document and request json!'),
    )
  })

  test('a code tells card, owner and whether it can be used', async () => {
    const sandbox = cardSandbox()
    const { code } = addCard(sandbox, plain, extOf(plain.cardId, { outer_str: 'poster' }))
    expect(await ask(sandbox, 'card/code/get', { code })).toMatchObject({
      errcode: 0,
      card: { card_id: plain.cardId, code, begin_time: NOON / 1000 },
      openid: sandbox.identityOf('follower').openid,
      can_consume: true,
      user_card_status: 'NORMAL',
      outer_str: 'poster',
    })
    expect(await ask(sandbox, 'card/code/get', { code: '000000000000' })).toEqual(
      refused(40056, 'invalid serial code'),
    )
    expect(await ask(sandbox, 'card/code/get', { code, card_id: 'pNoSuchCard' })).toEqual(
      refused(40073, 'invalid card id'),
    )
  })

  test("a merchant's own code is found with its card only", async () => {
    const sandbox = cardSandbox()
    addCard(sandbox, custom, extOf(custom.cardId, { code: 'CODE1' }))
    expect(await ask(sandbox, 'card/code/get', { code: 'CODE1' })).toMatchObject({ errcode: 40056 })
    const both = { code: 'CODE1', card_id: custom.cardId }
    expect(await ask(sandbox, 'card/code/get', both)).toMatchObject({ errcode: 0 })
    expect(await ask(sandbox, 'card/code/get', { ...both, card_id: plain.cardId })).toMatchObject({
      errcode: 40056,
    })
  })

  test('a code is used up once', async () => {
    const sandbox = cardSandbox()
    const { code } = addCard(sandbox, plain, extOf(plain.cardId))
    expect(await ask(sandbox, 'card/code/consume', { code })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      card: { card_id: plain.cardId },
      openid: sandbox.identityOf('follower').openid,
    })
    const used = refused(40099, 'invalid code, this code has consumed.')
    expect(await ask(sandbox, 'card/code/consume', { code })).toEqual(used)
    expect(await ask(sandbox, 'card/code/get', { code, check_consume: true })).toEqual(used)
    expect(await ask(sandbox, 'card/code/get', { code, check_consume: false })).toMatchObject({
      can_consume: false,
      user_card_status: 'CONSUMED',
    })
  })

  test('a card tells its rules and the stock that is left', async () => {
    const sandbox = cardSandbox()
    addCard(sandbox, plain, extOf(plain.cardId))
    expect(await ask(sandbox, 'card/get', { card_id: plain.cardId })).toMatchObject({
      errcode: 0,
      card: {
        card_type: 'GROUPON',
        groupon: {
          base_info: {
            id: plain.cardId,
            title: 'Card a',
            sku: { quantity: 9, total_quantity: 10 },
            get_limit: 50,
            use_custom_code: false,
            bind_openid: false,
            use_all_locations: false,
            location_id_list: [11, 12],
            status: 'CARD_STATUS_VERIFY_OK',
          },
        },
      },
    })
    expect(await ask(sandbox, 'card/get', { card_id: bound.cardId })).toMatchObject({
      card: { cash: { base_info: { bind_openid: true, use_all_locations: true } } },
    })
    expect(await ask(sandbox, 'card/get', { card_id: 'p' })).toEqual(refused(40073, 'invalid card id'))
  })

  test('the list of cards comes in pages, by status', async () => {
    const sandbox = cardSandbox()
    expect(await ask(sandbox, 'card/batchget', { offset: 1, count: 2 })).toMatchObject({
      card_id_list: [custom.cardId, bound.cardId],
      total_num: 7,
    })
    const failed = { offset: 0, count: 50, status_list: ['CARD_STATUS_VERIFY_FAIL'] }
    expect(await ask(sandbox, 'card/batchget', failed)).toMatchObject({
      card_id_list: [rejected.cardId],
      total_num: 1,
    })
    for (const bad of [{}, { offset: 0, count: 51 }, { offset: -1, count: 1 }, { offset: '0', count: 1 }])
      expect((await ask(sandbox, 'card/batchget', bad)).errcode).toBe(40097)
  })

  test('what one person has', async () => {
    const sandbox = cardSandbox()
    const { openid } = sandbox.identityOf('follower')
    const { code } = addCard(sandbox, plain, extOf(plain.cardId))
    addCard(sandbox, last, extOf(last.cardId), { visitor: 'stranger' })
    expect(await ask(sandbox, 'card/user/getcardlist', { openid })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      card_list: [{ card_id: plain.cardId, code }],
      has_share_card: false,
    })
    expect(await ask(sandbox, 'card/user/getcardlist', { openid, card_id: last.cardId })).toMatchObject({
      card_list: [],
    })
    expect(await ask(sandbox, 'card/user/getcardlist', { openid: 'o' })).toEqual(
      refused(40003, 'invalid openid'),
    )
  })

  test("another account's token sees nothing of them", async () => {
    const other = { ...account, appId: 'wxaaaaaaaaaaaaaaaa', appSecret: 'other' }
    const sandbox = stillSandbox({ accounts: [{ ...account, cards: [plain] }, other] })
    sandbox.seedTicket(account.appId, 'wx_card', 'ojZ8YtyVyr30HheH3CM73y7h4jJE')
    const { code, encryptCode } = addCard(sandbox, plain, extOf(plain.cardId))
    sandbox.seedToken(other.appId, 'stable', 'theirs')
    const theirs = async (path: string, body: object) =>
      (await (await post(sandbox, `${path}?access_token=theirs`, body)).json()) as { errcode: number }
    expect((await theirs('card/code/get', { code })).errcode).toBe(40056)
    expect((await theirs('card/code/decrypt', { encrypt_code: encryptCode })).errcode).toBe(40075)
    expect((await theirs('card/get', { card_id: plain.cardId })).errcode).toBe(40073)
  })
})

describe('the cards of an account', () => {
  test('the built-in ones have ids of WeChat’s shape, with the part of the account that openids have', () => {
    const sandbox = createSandbox()
    const part = sandbox.identityOf('follower').openid.slice(1, 6)
    expect(builtInAccount.cards).toBe(builtInCards)
    for (const { cardId } of builtInCards) expect(cardId).toMatch(new RegExp(`^p${part}[\\w-]{22}$`))
    expect(
      builtInCards.map((card) => [card.useCustomCode, card.bindOpenid, card.quantity > 0, card.getLimit]),
    ).toEqual([
      [undefined, undefined, true, undefined],
      [true, undefined, true, undefined],
      [undefined, true, true, undefined],
      [undefined, undefined, false, undefined],
      [undefined, undefined, true, 1],
    ])
  })

  test.each([
    ['an id of another shape', [{ ...plain, cardId: 'oAbCdE' }], /cards\.0\.cardId: must be 28/],
    ['an id twice', [plain, plain], /cards\.1\.cardId: .* is listed twice/],
    ['codes without their switch', [{ ...plain, customCodes: ['a'] }], /cards\.0\.customCodes/],
    ['a code that is too long', [{ ...custom, customCodes: ['x'.repeat(21)] }], /at most 20/],
    ['a negative stock', [{ ...plain, quantity: -1 }], /cards\.0\.quantity/],
  ])('%s is refused with its place', (_what, cards, message) => {
    expect(() => cardSandbox().putCards(cards)).toThrow(message)
    expect(() => stillSandbox({ accounts: [{ ...account, cards }] })).toThrow(TypeError)
  })

  test('a mistyped key of a card in a configuration is named with the right one', () => {
    const cards = [{ ...plain, getlimit: 1 }]
    const text = JSON.stringify({ accounts: [{ ...account, cards }] })
    expect(() => readSandboxConfig(text)).toThrow(/accounts\.0\.cards\.0\.getlimit: .* did you mean getLimit/)
    expect(readSandboxConfig(text.replace('getlimit', 'getLimit')).accounts?.[0]?.cards).toHaveLength(1)
  })

  const control = async (sandbox: Sandbox, method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const answer = await sandbox.fetch(new Request(`http://localhost:8788/__sandbox/${path}`, init))
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }

  test('control routes list and replace them; what people have stays with a card that stays', async () => {
    const sandbox = cardSandbox()
    addCard(sandbox, plain, extOf(plain.cardId))
    addCard(sandbox, last, extOf(last.cardId))
    const replaced = await control(sandbox, 'PUT', 'cards', { cards: [{ ...plain, quantity: 3 }] })
    expect(replaced.json).toMatchObject({
      appId: account.appId,
      cards: [{ cardId: plain.cardId, stock: 2, taken: [{ visitor: 'follower' }] }],
    })
    expect((await control(sandbox, 'GET', 'cards')).json).toEqual(replaced.json)
    expect(sandbox.cards().map(({ cardId }) => cardId)).toEqual([plain.cardId])
    sandbox.putCards([plain, last])
    expect(sandbox.cards()).toMatchObject([{ taken: [{}] }, { stock: 1, taken: [] }])
    expect((await control(sandbox, 'GET', `cards?appId=${account.appId}`)).status).toBe(200)
    expect((await control(sandbox, 'GET', 'cards?appId=wx0')).status).toBe(404)
    expect((await control(sandbox, 'PUT', 'cards', { cards: [{ cardId: 'p' }] })).status).toBe(400)
  })

  test('the bridge asks over HTTP as in this process', async () => {
    const sandbox = cardSandbox()
    const cardList = [{ card_id: plain.cardId, card_ext: extOf(plain.cardId) }]
    const add = { profile: 'ios', appId: account.appId, cardList, step: 'check' } as const
    expect((await control(sandbox, 'POST', 'bridge/add-card', add)).json).toEqual(sandbox.verifyAddCard(add))
    const choose = {
      profile: 'ios',
      appId: account.appId,
      locationId: '',
      cardId: '',
      cardType: '',
      timestamp: '1',
      nonceStr: 'n',
      cardSign: 'x',
      signType: 'SHA1',
    } as const
    expect((await control(sandbox, 'POST', 'bridge/choose-card', choose)).json).toEqual(
      sandbox.verifyChooseCard(choose),
    )
    const view = { profile: 'ios', appId: account.appId, cardList: [{ card_id: 'p', code: '1' }] } as const
    expect((await control(sandbox, 'POST', 'bridge/view-card', view)).json).toEqual(
      sandbox.verifyViewCard(view),
    )
    const nobody = await control(sandbox, 'POST', 'bridge/add-card', { ...add, visitor: 'nobody' })
    expect(nobody).toMatchObject({ status: 400, json: { message: expect.stringMatching(/no visitor/) } })
    expect((await control(sandbox, 'POST', 'bridge/add-card', { ...add, cardList: 'x' })).status).toBe(400)
  })
})
