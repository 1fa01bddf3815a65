import { describe, expect, it } from 'vitest'
import type { Weixin, WeixinOptions } from '../../../client/index.ts'
import { createWeixinOn } from '../../../client/weixin.ts'
import { createFakePage, type FakeOptions } from './fake-page.ts'

const P1 = 'pjZ8Yt1XGILfi-FUsewpnnolGgZk'
const P2 = 'pdkJ9uLRSbnB3UFEjZAgUxAJrjeY'

function open(
  native: FakeOptions['native'] = {},
  service: FakeOptions['service'] = {},
  settings: Partial<WeixinOptions> = {},
) {
  const fake = createFakePage({
    native: {
      batchAddCard: ({ card_list }) => ({
        err_msg: 'batch_add_card:ok',
        card_list: JSON.stringify(
          (card_list as object[]).map((card, at) => ({ ...card, is_succ: at === 0 ? 1 : 0, code: `c${at}` })),
        ),
      }),
      ...native,
    },
    service,
  })
  const weixin = createWeixinOn(fake.page, { service: 'https://mem.example.com/mp', ...settings })
  const sent = (name: string) => fake.invoked.find((call) => call.name === name)?.args
  const asked = (path: string) => fake.requests.filter((request) => request.path.endsWith(path))
  return { ...fake, weixin, sent, asked }
}

describe('addCard', () => {
  it('has the service make the cards and tells what became of each', async () => {
    const { weixin, sent, asked } = open({}, {}, { appId: 'wx0123456789abcdef' })
    await expect(weixin.addCard([{ cardId: P1, outerStr: 'home' }, { cardId: P2 }])).resolves.toEqual([
      { cardId: P1, cardExt: `ext of ${P1}`, isSuccess: true, code: 'c0' },
      { cardId: P2, cardExt: `ext of ${P2}`, isSuccess: false, code: 'c1' },
    ])
    expect(asked('/mp/v1/cards/ext')).toMatchObject([
      {
        fields: { appId: 'wx0123456789abcdef', cards: [{ cardId: P1, outerStr: 'home' }, { cardId: P2 }] },
        init: { method: 'POST', credentials: 'omit', body: { type: 'application/json' } },
      },
    ])
    expect(sent('batchAddCard')?.card_list).toEqual([
      { card_id: P1, card_ext: `ext of ${P1}` },
      { card_id: P2, card_ext: `ext of ${P2}` },
    ])
  })

  it('passes a grant on, and nothing where there is none', async () => {
    const { weixin, asked } = open()
    await weixin.addCard([{ cardId: P1 }], { grant: 'g1' })
    await weixin.addCard([{ cardId: P1 }])
    expect(asked('/cards/ext').map(({ fields }) => fields)).toEqual([
      { cards: [{ cardId: P1 }], grant: 'g1' },
      { cards: [{ cardId: P1 }] },
    ])
  })

  it('passes a finished cardExt through word for word and asks nobody', async () => {
    const { weixin, sent, asked } = open()
    const cardExt = '{"timestamp": 1467109797,\n"signature":"\\u0037","outer_str":"中"}'
    await weixin.addCard([{ cardId: P1, cardExt }])
    expect(asked('/cards/ext')).toEqual([])
    expect(sent('batchAddCard')?.card_list).toEqual([{ card_id: P1, card_ext: cardExt }])
  })

  it('asks the service only once the page is verified, so that a timestamp is young', async () => {
    const { weixin, requests } = open()
    await weixin.addCard([{ cardId: P1 }])
    expect(requests.map(({ path }) => path)).toEqual(['/mp/v1/jsapi/signature', '/mp/v1/cards/ext'])
  })

  it('takes the cards as they are when it is called', async () => {
    const { weixin, asked } = open()
    const cards = [{ cardId: P1 }]
    const adding = weixin.addCard(cards)
    cards.push({ cardId: P2 })
    await adding
    expect(asked('/cards/ext')[0]?.fields.cards).toEqual([{ cardId: P1 }])
  })

  it.each([
    ['a cardExt that is an object', [{ cardId: P1, cardExt: { timestamp: '1' } }], 'cardExt'],
    ['an empty cardExt', [{ cardId: P1, cardExt: '' }], 'cardExt'],
    ['cards of both kinds', [{ cardId: P1, cardExt: '{}' }, { cardId: P2 }], 'cardExt'],
    ['no card', [], 'no card'],
    ['something else', 'p1', 'no card'],
    ['no cardId', [{ outerStr: 'a' }], 'cardId'],
    ['a cardId that is a number', [{ cardId: 1 }], 'cardId'],
    ['null', [null], 'cardId'],
  ])('refuses %s before it asks anybody', async (_name, cards, word) => {
    const { weixin, requests } = open()
    const outcome = (weixin.addCard as (cards: unknown) => Promise<unknown>)(cards)
    await expect(outcome).rejects.toMatchObject({ code: 'invalid_argument' })
    await expect(outcome).rejects.toThrow(word)
    expect(requests).toEqual([])
  })

  it('refuses a grant for a card that is finished', async () => {
    const adding = (open().weixin.addCard as (...given: unknown[]) => Promise<unknown>)(
      [{ cardId: P1, cardExt: '{}' }],
      { grant: 'g' },
    )
    await expect(adding).rejects.toMatchObject({ code: 'invalid_argument' })
  })

  it('says cancelled when the person does not want it', async () => {
    const { weixin } = open({ batchAddCard: () => ({ err_msg: 'batch_add_card:cancel' }) })
    await expect(weixin.addCard([{ cardId: P1 }])).rejects.toMatchObject({ code: 'cancelled' })
  })

  it.each(['batch_add_card:fail', 'batch_add_card:fail_out of stock'])(
    'names all causes of %s',
    async (err_msg) => {
      const { weixin } = open({ batchAddCard: () => ({ err_msg }) })
      const failure = await weixin.addCard([{ cardId: P1 }]).catch((error: unknown) => error)
      expect(failure).toMatchObject({
        name: 'WeixinError',
        code: 'card_failed',
        errMsg: expect.stringMatching(/^addCard:/),
      })
      for (const text of ['已领完', '参数错误', '签名错误'])
        expect(failure).toMatchObject({
          hint: expect.stringContaining(text),
          hintZh: expect.stringContaining(text),
          message: expect.stringContaining(text),
        })
    },
  )

  it.each([
    [{ err_msg: 'system:access_denied' }, 'permission_denied'],
    [{ err_msg: 'system:function_not_exist' }, 'not_supported'],
    [{ err_msg: 'batch_add_card:ok', card_list: 'not JSON' }, 'bad_native_answer'],
  ])('keeps the code of %j', async (answer, code) => {
    const { weixin } = open({ batchAddCard: () => answer })
    await expect(weixin.addCard([{ cardId: P1 }])).rejects.toMatchObject({ code })
  })

  it.each([
    ['fewer cards', { cardList: [] }],
    ['another card', { cardList: [{ cardId: P2, cardExt: '{}' }] }],
    ['a cardExt that is no text', { cardList: [{ cardId: P1, cardExt: {} }] }],
    ['no list', {}],
  ])('refuses %s from the service', async (_name, answer) => {
    const { weixin, sent } = open({}, { ext: () => Response.json(answer) })
    await expect(weixin.addCard([{ cardId: P1 }])).rejects.toMatchObject({ code: 'service_unavailable' })
    expect(sent('batchAddCard')).toBeUndefined()
  })

  it('says what the service said about a card that is not public', async () => {
    const problem = {
      code: 'card_not_public',
      detail: 'This card is not offered.',
      hint: 'Add it to publicCards.',
    }
    const { weixin } = open({}, { ext: () => Response.json(problem, { status: 403 }) })
    await expect(weixin.addCard([{ cardId: P1 }])).rejects.toMatchObject({
      code: 'service_refused',
      hint: 'Add it to publicCards.',
      problem: { status: 403, code: 'card_not_public' },
    })
  })
})

describe('chooseCard', () => {
  it('has the service sign the choice and reads the encrypted codes', async () => {
    const choose_card_info = JSON.stringify([{ card_id: P1, encrypt_code: 'x+/=', app_id: 'wx1' }])
    const { weixin, sent, asked } = open({
      chooseCard: () => ({ err_msg: 'choose_card:ok', choose_card_info }),
    })
    await expect(weixin.chooseCard({ cardId: P1, shopId: '' })).resolves.toStrictEqual([
      { cardId: P1, encryptCode: 'x+/=', appId: 'wx1' },
    ])
    expect(asked('/cards/choose')).toMatchObject([{ fields: { cardId: P1 } }])
    expect(asked('/cards/choose')[0]?.fields).toEqual({ cardId: P1 })
    expect(sent('chooseCard')).toMatchObject({
      card_id: P1,
      card_sign: 'sign',
      time_stamp: '1414587457',
      nonce_str: 'nonce',
      sign_type: 'SHA1',
      location_id: '',
      card_type: '',
    })
  })

  it('asks for any card when nothing is named', async () => {
    const { weixin, asked } = open({
      chooseCard: () => ({ err_msg: 'choose_card:ok', choose_card_info: '[]' }),
    })
    await expect(weixin.chooseCard()).resolves.toEqual([])
    expect(asked('/cards/choose')[0]?.fields).toEqual({})
  })

  it('says cancelled, and that an answer of the service is unusable', async () => {
    const { weixin } = open({ chooseCard: () => ({ err_msg: 'choose_card:cancel' }) })
    await expect(weixin.chooseCard()).rejects.toMatchObject({ code: 'cancelled' })
    const broken = open({}, { choose: () => Response.json({}) })
    await expect(broken.weixin.chooseCard()).rejects.toMatchObject({ code: 'service_unavailable' })
  })
})

describe('openCard', () => {
  it('shows cards with their codes', async () => {
    const { weixin, sent } = open({ batchViewCard: () => ({ err_msg: 'batchViewCard:ok' }) })
    await expect(weixin.openCard([{ cardId: P1, code: '12' }])).resolves.toBeUndefined()
    expect(sent('batchViewCard')?.card_list).toEqual([{ card_id: P1, code: '12' }])
  })

  it('refuses a card without a code', async () => {
    const openCard = open().weixin.openCard as (cards: unknown) => Promise<unknown>
    await expect(openCard([{ cardId: P1 }])).rejects.toMatchObject({ code: 'invalid_argument' })
  })
})

describe('outside WeChat', () => {
  it.each([
    ['addCard', (weixin: Weixin) => weixin.addCard([{ cardId: P1 }])],
    ['chooseCard', (weixin: Weixin) => weixin.chooseCard()],
    ['openCard', (weixin: Weixin) => weixin.openCard([{ cardId: P1, code: '1' }])],
  ])('%s is refused at once and nothing is asked', async (_name, ask) => {
    const { page, requests } = createFakePage({ userAgent: 'Mozilla/5.0 Chrome/132.0.0.0' })
    const weixin = createWeixinOn(page, { service: 'https://mem.example.com' })
    await expect(ask(weixin)).rejects.toMatchObject({ code: 'not_in_wechat' })
    expect(requests).toEqual([])
  })
})
