import type {
  AddCardAnswer,
  AddCardRequest,
  AddCardVerdict,
  CardCause,
  CardExplanation,
} from '../card-protocol.ts'
import type { SandboxCard } from '../card-types.ts'
import type { SandboxVisitor } from '../oauth-types.ts'
import { identityOf } from '../truth/visitors.ts'
import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'
import { type CardFacts, nativeTextOf, type PlainCause } from './card-words.ts'
import { type Compared, explain, explainSignature, NOTHING_COMPARED } from './explain.ts'
import { judgeSignature } from './judge-signature.ts'
import { faceOf, visitorAt } from './looking.ts'
import { type CardExt, readCardExt } from './read-card-ext.ts'

const APPROVED: readonly string[] = ['CARD_STATUS_VERIFY_OK', 'CARD_STATUS_DISPATCH']
const GET_LIMIT = 50
const LONGEST_CODE = 20
const LONGEST_NONCE = 32

/**
 * What a WeChat client does with the cards of `wx.addCard`, card by card: the text of cardExt, the signature with
 * the living wx_card ticket, then the card's own rules. Some cards of a list may be given and others not.
 */
export function verifyAddCard(world: World, request: AddCardRequest): AddCardAnswer {
  const visitor = visitorAt(world, request.visitor)
  const account = world.accounts.get(request.appId)
  const facts = { appId: request.appId, cardId: '', what: '' }
  if (request.cardList.length === 0)
    return { errMsg: FAIL, cards: [], explanation: explain('empty_list', facts, NOTHING_COMPARED) }
  const takeAll = (): AddCardVerdict[] =>
    request.cardList.map((given) =>
      account === undefined
        ? refusedBy(given, 'unknown_account', facts)
        : takeOne(world, account, visitor, given),
    )
  const cards = request.step === 'check' ? world.cards.rehearse(takeAll).map(withoutCodes) : takeAll()
  return { errMsg: cards.some(({ ok }) => ok) ? 'batch_add_card:ok' : FAIL, cards }
}

const FAIL = 'batch_add_card:fail'

type Given = AddCardRequest['cardList'][number]

function takeOne(
  world: World,
  account: SandboxAccount,
  visitor: SandboxVisitor,
  given: Given,
): AddCardVerdict {
  const { appId } = account
  const cardId = textOf(given.card_id)
  const card = world.cards.find(appId, cardId)
  const face = card === undefined ? {} : { face: faceOf(card, account) }
  const refuse = (cause: PlainCause, what: string, compared = NOTHING_COMPARED): AddCardVerdict => ({
    ...refusedBy(given, cause, { appId, cardId, what }, compared),
    ...face,
  })
  const read = readCardExt(given.card_ext)
  if (!read.ok) return refuse(read.mistake, read.field === '' ? kindOf(given.card_ext) : read.field)
  const { ext } = read
  if (ext.signature === '') return refuse('signature_missing', 'signature')
  const values = [{ name: 'card_id', value: cardId }, ...ext.signed]
  const judged = judgeSignature(world, {
    appId,
    values,
    given: ext.signature,
    unsigned: [...ext.others, { name: 'app_id', value: appId }],
    misspelt: ext.others,
    writtenNumbers: ext.writtenNumbers,
  })
  if (!judged.ok) {
    const explanation = explainSignature(judged.compared, judged.words)
    return { ...refused(given, 'signature', explanation), ...face }
  }
  const { openid } = identityOf(account, visitor)
  const onceKey = [judged.ticket, appId, cardId, ext.nonceStr, ext.timestamp].join('\n')
  const broken = brokenRule(world, { account, card, cardId, ext, openid, visitor, onceKey })
  if (broken !== undefined) return refuse(...broken, judged.compared)
  if (card === undefined) return refuse('unknown_card', '', judged.compared)
  const taken = world.cards.take({
    appId,
    card,
    visitor: visitor.id,
    openid,
    onceKey,
    ...(ext.code === '' ? {} : { code: ext.code }),
    ...(ext.outerStr === '' ? {} : { outerStr: ext.outerStr }),
  })
  return {
    cardId,
    cardExt: shownExt(given.card_ext),
    ok: true,
    ...face,
    code: taken.code,
    encryptCode: taken.encryptCode,
  }
}

interface Asked {
  readonly account: SandboxAccount
  readonly card: SandboxCard | undefined
  readonly cardId: string
  readonly ext: CardExt
  readonly openid: string
  readonly visitor: SandboxVisitor
  readonly onceKey: string
}

/** The first rule that is broken, with what it is about. */
function brokenRule(world: World, asked: Asked): [cause: PlainCause, what: string] | undefined {
  const { account, card, cardId, ext } = asked
  const nonceLength = [...ext.nonceStr].length
  if (!/^\d{1,11}$/.test(ext.timestamp)) return ['timestamp', ext.timestamp]
  if (nonceLength > LONGEST_NONCE) return ['nonce_too_long', String(nonceLength)]
  if (card === undefined) return ['unknown_card', ownerOf(world, account.appId, cardId)]
  const { status = 'CARD_STATUS_VERIFY_OK' } = card
  if (!APPROVED.includes(status)) return ['card_status', status]
  return brokenFields(card, asked) ?? unavailable(world, card, asked)
}

function brokenFields(card: SandboxCard, { ext, openid }: Asked): [PlainCause, string] | undefined {
  const codeLength = [...ext.code].length
  if (card.useCustomCode === true && ext.code === '') return ['code_missing', '']
  if (card.useCustomCode !== true && ext.code !== '') return ['code_unexpected', ext.code]
  if (codeLength > LONGEST_CODE) return ['code_too_long', String(codeLength)]
  if (card.bindOpenid === true && ext.openid === '') return ['openid_missing', '']
  if (card.bindOpenid !== true && ext.openid !== '') return ['openid_unexpected', ext.openid]
  return ext.openid !== '' && ext.openid !== openid ? ['openid_of_another', ext.openid] : undefined
}

function unavailable(
  world: World,
  card: SandboxCard,
  { account, ext, visitor, onceKey }: Asked,
): [PlainCause, string] | undefined {
  const { cardId, getLimit = GET_LIMIT } = card
  const taken = world.cards.taken(account.appId).filter((each) => each.cardId === cardId)
  if (world.cards.isUsed(onceKey)) return ['repeated', `${ext.nonceStr || '-'}, ${ext.timestamp}`]
  if (world.cards.stock(account.appId, card) === 0) return ['out_of_stock', '']
  const own = taken.filter((each) => each.visitor === visitor.id).length
  if (own >= getLimit) return ['get_limit', String(own)]
  if (ext.code === '') return undefined
  if (taken.some(({ code }) => code === ext.code)) return ['code_taken', ext.code]
  const isDeposited = card.customCodes === undefined || card.customCodes.includes(ext.code)
  return isDeposited ? undefined : ['code_not_deposited', ext.code]
}

function ownerOf(world: World, appId: string, cardId: string): string {
  const others = [...world.accounts.keys()].filter((other) => other !== appId)
  return others.find((other) => world.cards.find(other, cardId) !== undefined) ?? ''
}

function refusedBy(
  given: Given,
  cause: PlainCause,
  facts: CardFacts,
  compared: Compared = NOTHING_COMPARED,
): AddCardVerdict {
  return refused(given, cause, explain(cause, facts, compared))
}

function refused(given: Given, cause: CardCause, explanation: CardExplanation): AddCardVerdict {
  return {
    cardId: textOf(given.card_id),
    cardExt: shownExt(given.card_ext),
    ok: false,
    nativeText: nativeTextOf(cause),
    explanation,
  }
}

function withoutCodes({
  code: _code,
  encryptCode: _encryptCode,
  ...verdict
}: AddCardVerdict): AddCardVerdict {
  return verdict
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function shownExt(cardExt: unknown): string {
  return typeof cardExt === 'string' ? cardExt : (JSON.stringify(cardExt) ?? '')
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'absent'
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
