import { afterEach, expect, test } from 'vitest'
import { signCardExt, signChooseCard } from '../../server/cards/sign.ts'
import { backend, createAuthInfoService, SECOND, tokenOf } from '../support/auth-info.ts'
import { throughBothDoors } from '../support/doors.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { account, json } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const PUBLIC = 'pPublic_card-0000000000000001'
const PRIVATE = 'pPrivate0000000000000000000001'
const OPENID = 'oAAAAAAAAAAAAAAAAAAAAAAAAAAA'

throughBothDoors('cards', (open) => {
  async function start() {
    const running = await createAuthInfoService({
      config: {
        accounts: [
          { ...account, portIds: [4], publicCards: [PUBLIC] },
          { ...account, appId: SECOND, portIds: [5], publicCards: [] },
        ],
        clients: [backend, { ...backend, clientId: 'reader', scopes: ['people:read'] }],
      },
    })
    const door = await open(running.service)
    closers.push(running.service.close, door.close)
    const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
      const response = await door.ask(path, {
        ...json(body),
        headers: { 'content-type': 'application/json', ...headers },
      })
      return { status: response.status, ...(await response.json()) }
    }
    const asBackend = async (path: string, body: object, clientId?: string) =>
      post(path, { appId: account.appId, ...body }, { 'sso-token': await tokenOf(door.ask, clientId) })
    const asPage = (path: string, body: object, origin = 'https://h5.example.com') =>
      post(path, { appId: account.appId, ...body }, { origin })
    const ticket = () => running.sandbox.snapshot().accounts[0]?.tickets.wx_card.at(-1)?.value ?? ''
    return { ...running, ask: door.ask, asBackend, asPage, ticket }
  }

  test('a backend gets finished cardExts, each with a nonce of its own', async () => {
    const { asBackend, ticket } = await start()
    const cards = [
      {
        cardId: PRIVATE,
        code: '198374613512',
        openid: OPENID,
        outerStr: 'shelf 7',
        fixedBeginTimestamp: 1700000000,
      },
      { cardId: PUBLIC },
    ]
    const { status, cardList } = await asBackend('/v1/cards/ext', { cards })
    expect(status).toBe(200)
    const [bound, plain] = cardList.map(({ cardExt }: { cardExt: string }) => JSON.parse(cardExt))
    expect(bound).toEqual({
      code: '198374613512',
      openid: OPENID,
      timestamp: expect.stringMatching(/^\d{10}$/),
      nonce_str: expect.stringMatching(/^[a-zA-Z0-9]{16}$/),
      outer_str: 'shelf 7',
      fixed_begintimestamp: '1700000000',
      signature: signCardExt({
        ticket: ticket(),
        cardId: PRIVATE,
        timestamp: bound.timestamp,
        nonceStr: bound.nonce_str,
        code: '198374613512',
        openid: OPENID,
      }),
    })
    expect(Object.keys(plain)).toEqual(['timestamp', 'nonce_str', 'signature'])
    expect(plain.nonce_str).not.toBe(bound.nonce_str)
    expect(cardList.map(({ cardId }: { cardId: string }) => cardId)).toEqual([PRIVATE, PUBLIC])
  })

  test('the ticket for cards is one of its own, fetched once', async () => {
    const { asBackend, sandbox } = await start()
    await Promise.all(
      Array.from({ length: 20 }, () => asBackend('/v1/cards/ext', { cards: [{ cardId: PRIVATE }] })),
    )
    expect(sandbox.calls('cgi-bin/ticket/getticket').map(({ query }) => query.type)).toEqual(['wx_card'])
  })

  test('a page gets a public card and nothing else', async () => {
    const { asPage, ticket } = await start()
    const given = await asPage('/v1/cards/ext', { cards: [{ cardId: PUBLIC, outerStr: 'x' }] })
    const ext = JSON.parse(given.cardList[0].cardExt)
    expect(ext.signature).toBe(
      signCardExt({ ticket: ticket(), cardId: PUBLIC, timestamp: ext.timestamp, nonceStr: ext.nonce_str }),
    )
    for (const card of [
      { cardId: PRIVATE },
      { cardId: PUBLIC, code: '1' },
      { cardId: PUBLIC, openid: OPENID },
      { cardId: PUBLIC, balance: 1 },
    ]) {
      expect(await asPage('/v1/cards/ext', { cards: [{ cardId: PUBLIC }, card] })).toMatchObject({
        status: 403,
        code: 'card_not_public',
      })
    }
    expect(
      await asPage('/v1/cards/ext', { cards: [{ cardId: PUBLIC }] }, 'https://evil.example'),
    ).toMatchObject({ status: 403, code: 'origin_not_allowed' })
  })

  test('the caller makes neither nonce nor timestamp nor signature', async () => {
    const { asBackend } = await start()
    for (const extra of [{ nonceStr: 'mine' }, { timestamp: 1 }, { signature: 'x' }, { nonce_str: 'mine' }]) {
      expect(await asBackend('/v1/cards/ext', { cards: [{ cardId: PUBLIC, ...extra }] })).toMatchObject({
        status: 400,
        code: 'invalid_request',
      })
    }
  })

  test.each([
    ['no cards', { cards: [] }],
    ['no cardId', { cards: [{}] }],
    ['an empty cardId', { cards: [{ cardId: '' }] }],
    ['a cardId with a space', { cards: [{ cardId: 'p a' }] }],
    ['a long cardId', { cards: [{ cardId: 'p'.repeat(65) }] }],
    ['a code that is an object', { cards: [{ cardId: PUBLIC, code: {} }] }],
    ['a code that is an array', { cards: [{ cardId: PUBLIC, code: ['1'] }] }],
    ['a code that is a boolean', { cards: [{ cardId: PUBLIC, code: true }] }],
    ['a code that is a fraction', { cards: [{ cardId: PUBLIC, code: 1.5 }] }],
    ['a code of 21 characters', { cards: [{ cardId: PUBLIC, code: '1'.repeat(21) }] }],
    ['a control character', { cards: [{ cardId: PUBLIC, outerStr: 'a\nb' }] }],
    ['an openid with a quote', { cards: [{ cardId: PUBLIC, openid: 'o"aaaaaaaa' }] }],
    ['cards that are no list', { cards: { cardId: PUBLIC } }],
  ])('C5 refuses %s', async (_name, body) => {
    const { asBackend } = await start()
    expect(await asBackend('/v1/cards/ext', body)).toMatchObject({ status: 400, code: 'invalid_request' })
  })

  test('empty codes and openids count as absent', async () => {
    const { asPage } = await start()
    const { status, cardList } = await asPage('/v1/cards/ext', {
      cards: [{ cardId: PUBLIC, code: '', openid: '' }],
    })
    expect(status).toBe(200)
    expect(JSON.parse(cardList[0].cardExt)).not.toHaveProperty('code')
  })

  test('a token without scope, of another account or forged gets nothing, not even a public card', async () => {
    const { asBackend, ask } = await start()
    const cards = [{ cardId: PUBLIC }]
    expect(await asBackend('/v1/cards/ext', { cards }, 'reader')).toMatchObject({
      status: 403,
      code: 'scope_missing',
    })
    expect(await asBackend('/v1/cards/ext', { cards, appId: SECOND })).toMatchObject({
      status: 403,
      code: 'account_not_allowed',
    })
    const forged = await ask('/v1/cards/ext', {
      ...json({ appId: account.appId, cards }),
      headers: { 'content-type': 'application/json', 'sso-token': 'a.b.c' },
    })
    expect(forged.status).toBe(401)
  })

  test('chooseCard parameters come out finished', async () => {
    const { asBackend, asPage, ticket } = await start()
    const answer = await asBackend('/v1/cards/choose', { cardType: 'GROUPON', shopId: 12 })
    const { timestamp, nonceStr } = answer
    expect(answer).toEqual({
      status: 200,
      shopId: '12',
      cardId: '',
      cardType: 'GROUPON',
      timestamp: expect.any(Number),
      nonceStr: expect.any(String),
      signType: 'SHA1',
      cardSign: signChooseCard({
        ticket: ticket(),
        appId: account.appId,
        shopId: '12',
        timestamp,
        nonceStr,
        cardType: 'GROUPON',
      }),
    })
    expect((await asPage('/v1/cards/choose', { cardId: PUBLIC })).status).toBe(200)
    expect(await asPage('/v1/cards/choose', { cardId: PRIVATE })).toMatchObject({
      status: 403,
      code: 'card_not_public',
    })
    expect(await asPage('/v1/cards/choose', {})).toMatchObject({ status: 403, code: 'card_not_public' })
  })

  test('a backend that knows the visitor lets the page have one bound card, once', async () => {
    const { asBackend, asPage, ticket } = await start()
    const { grant, expiresIn } = await asBackend('/v1/cards/grants', {
      openid: OPENID,
      cardId: PRIVATE,
      code: '77',
    })
    expect(expiresIn).toBe(600)
    const wrong = { grant, cards: [{ cardId: PUBLIC }] }
    expect(await asPage('/v1/cards/ext', wrong)).toMatchObject({ status: 400, code: 'grant_invalid' })
    expect(
      await asPage('/v1/cards/ext', { grant, cards: [{ cardId: PRIVATE, openid: 'oSomebodyElse' }] }),
    ).toMatchObject({ status: 403 })
    const { cardList } = await asPage('/v1/cards/ext', { grant, cards: [{ cardId: PRIVATE }] })
    const ext = JSON.parse(cardList[0].cardExt)
    expect(ext).toMatchObject({ openid: OPENID, code: '77' })
    expect(ext.signature).toBe(
      signCardExt({
        ticket: ticket(),
        cardId: PRIVATE,
        timestamp: ext.timestamp,
        nonceStr: ext.nonce_str,
        code: '77',
        openid: OPENID,
      }),
    )
    expect(await asPage('/v1/cards/ext', { grant, cards: [{ cardId: PRIVATE }] })).toMatchObject({
      status: 400,
      code: 'grant_invalid',
    })
    expect(await asPage('/v1/cards/grants', { openid: OPENID, cardId: PRIVATE })).toMatchObject({
      status: 401,
    })
  })
})

throughBothDoors('a card grant', (open) => {
  test('is not spent while WeChat cannot be asked for the ticket', async () => {
    const clock = createManualClock(Date.now())
    const { service, sandbox } = await createAuthInfoService({
      world: { clock: { ...clock, sleep: async () => undefined } },
    })
    const door = await open(service)
    closers.push(service.close, door.close)
    const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
      const init = { ...json({ appId: account.appId, ...body }) }
      const response = await door.ask(path, {
        ...init,
        headers: { 'content-type': 'application/json', ...headers },
      })
      return { status: response.status, ...(await response.json()) }
    }
    const asked = { openid: OPENID, cardId: PRIVATE }
    const { grant } = await post('/v1/cards/grants', asked, { 'sso-token': await tokenOf(door.ask) })
    sandbox.setFaults([{ kind: 'busy', path: 'cgi-bin/ticket/getticket' }])
    const wanted = { grant, cards: [{ cardId: PRIVATE }] }
    expect(await post('/v1/cards/ext', wanted)).toMatchObject({ status: 503, code: 'wechat_busy' })
    sandbox.clearFaults()
    await clock.advance(5_000)
    expect(await post('/v1/cards/ext', wanted)).toMatchObject({ status: 200 })
  })
})

test('a million nonces are all different', async () => {
  const { createRandomText, systemRandom } = await import('../../server/random.ts')
  const newNonce = createRandomText(systemRandom)
  const seen = new Set<string>()
  for (let number = 0; number < 1_000_000; number++) seen.add(newNonce())
  expect(seen.size).toBe(1_000_000)
})
