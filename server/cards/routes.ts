import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Access } from '../access/access.ts'
import { chooseAccount } from '../choose-account.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../credentials/vault.ts'
import { ServiceError } from '../errors.ts'
import { clientAddress } from '../http/client-address.ts'
import { assertPageOrigin, corsHeaders, preflightReply } from '../http/cors.ts'
import type { Endpoint } from '../http/endpoint.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { readFields } from '../http/read-fields.ts'
import { jsonReply } from '../http/reply.ts'
import type { OneTimeStore } from '../storage/one-time.ts'
import { buildCardExt, type CardRequest } from './card-ext.ts'
import { type cardFields, chooseFields, extFields, grantFields } from './fields.ts'
import { GRANT_TTL_MS, giveGrant, spendGrant } from './grant.ts'
import { describeCards } from './openapi.ts'
import { signChooseCard } from './sign.ts'

/** What signing cards needs to know of an account. */
export interface CardAccount {
  readonly appId: string
  readonly pageOrigins: ReadonlySet<string>
  /** Cards that any page of ours may offer to anybody. */
  readonly publicCards: ReadonlySet<string>
}

export interface CardParts {
  readonly accounts: ReadonlyMap<string, CardAccount>
  readonly access: Pick<Access, 'require' | 'hasToken'>
  readonly vault: Pick<Vault, 'get'>
  readonly grants: OneTimeStore
  readonly clock: Pick<Clock, 'now'>
  /** A text that has never been before: a repeated nonce makes the claim fail. */
  readonly newNonce: () => string
  readonly newGrant: () => string
  readonly rateLimit: RateLimit
  readonly trustedProxies: number
  readonly onSigned: (appId: string) => void
}

type Card = z.output<typeof cardFields>

/** Mounts the signing of cards: `/v1/cards/ext`, `/v1/cards/choose`, `/v1/cards/grants`. */
export function mountCards(app: OpenAPIHono, endpoint: Endpoint, parts: CardParts): void {
  const { accounts, access, trustedProxies } = parts
  const everyOrigin = new Set([...accounts.values()].flatMap((account) => [...account.pageOrigins]))
  const cors = { headers: (context: Context) => corsHeaders(context, everyOrigin) }
  const seconds = (): number => Math.floor(parts.clock.now() / 1_000)
  const ticketOf = async (appId: string, requestId: string): Promise<string> =>
    (await parts.vault.get(appId, 'wx_card', requestId)).value

  /** Whether a backend asks; a page has to come from an origin of the account. */
  async function isBackend(context: Context, account: CardAccount): Promise<boolean> {
    if (access.hasToken(context)) {
      await access.require(context, 'sign', account.appId)
      return true
    }
    assertPageOrigin(context, account.pageOrigins)
    return false
  }

  async function ext(context: Context, requestId: string) {
    await parts.rateLimit(clientAddress(context, trustedProxies))
    const fields = await readFields(context, extFields)
    const account = chooseAccount(accounts, fields.appId)
    const { appId } = account
    const backend = await isBackend(context, account)
    const { grant } = fields
    if (grant === undefined && !backend) for (const card of fields.cards) assertPublic(account, card)
    // The ticket first: while WeChat cannot be asked, no grant is spent for nothing.
    const ticket = await ticketOf(appId, requestId)
    const cards = grant === undefined ? fields.cards : [await granted(appId, grant, fields.cards)]
    const cardList = cards.map((card) => {
      parts.onSigned(appId)
      return {
        cardId: card.cardId,
        cardExt: buildCardExt({ ticket, timestamp: seconds(), nonceStr: parts.newNonce() }, present(card)),
      }
    })
    return jsonReply({ cardList })
  }

  async function granted(appId: string, grant: string, [card, ...more]: readonly Card[]): Promise<Card> {
    if (card === undefined || more.length > 0) {
      throw new ServiceError('invalid_request', 'A grant is for one card.', {
        hint: 'Send one card per grant.',
      })
    }
    assertPlain(card)
    const { openid, code } = await spendGrant(parts.grants, grant, { appId, cardId: card.cardId })
    return { ...card, openid, code }
  }

  async function choose(context: Context, requestId: string) {
    await parts.rateLimit(clientAddress(context, trustedProxies))
    const fields = await readFields(context, chooseFields)
    const account = chooseAccount(accounts, fields.appId)
    const { appId } = account
    if (!(await isBackend(context, account))) assertListed(account, fields.cardId)
    const { shopId = '', cardId = '', cardType = '' } = fields
    const timestamp = seconds()
    const nonceStr = parts.newNonce()
    const cardSign = signChooseCard({
      ticket: await ticketOf(appId, requestId),
      appId,
      shopId,
      timestamp,
      nonceStr,
      cardId,
      cardType,
    })
    parts.onSigned(appId)
    return jsonReply({ shopId, cardId, cardType, timestamp, nonceStr, signType: 'SHA1', cardSign })
  }

  async function grants(context: Context) {
    await access.require(context, 'sign')
    const { code, ...fields } = await readFields(context, grantFields)
    const { appId } = chooseAccount(accounts, fields.appId)
    await access.require(context, 'sign', appId)
    const grant = await giveGrant(parts.grants, parts.newGrant, {
      ...fields,
      appId,
      ...(code === undefined ? {} : { code }),
    })
    return jsonReply({ grant, expiresIn: GRANT_TTL_MS / 1_000 })
  }

  app.post('/v1/cards/ext', endpoint('/v1/cards/ext', ext, cors))
  app.post('/v1/cards/choose', endpoint('/v1/cards/choose', choose, cors))
  app.post('/v1/cards/grants', endpoint('/v1/cards/grants', grants))
  for (const path of ['/v1/cards/ext', '/v1/cards/choose']) {
    app.options(path, endpoint(path, preflightReply, cors))
  }
  describeCards(app)
}

/** The fields that are there: zod leaves absent ones as `undefined`. */
function present(card: Card): CardRequest {
  return Object.fromEntries(
    Object.entries(card).filter(([, value]) => value !== undefined),
  ) as unknown as CardRequest
}

function assertPublic(account: CardAccount, card: Card): void {
  assertPlain(card)
  assertListed(account, card.cardId)
}

function assertPlain(card: Card): void {
  if (card.code === undefined && card.openid === undefined && card.balance === undefined) return
  throw new ServiceError('card_not_public', 'A page may not choose the code, openid or balance of a card.', {
    hint: 'Let your backend ask with a token of scope "sign", or give the page a grant (POST /v1/cards/grants). 请由后端申请带 code/openid 的卡。',
  })
}

function assertListed(account: CardAccount, cardId: string | undefined): void {
  if (cardId !== undefined && account.publicCards.has(cardId)) return
  throw new ServiceError('card_not_public', 'This card is not offered to pages without credentials.', {
    hint: 'Add it to accounts[].publicCards if anybody may have it; otherwise let your backend ask with a token of scope "sign". 如任何人都可领取，请将其加入 publicCards。',
  })
}
