import type { AddCardAnswer, AddCardVerdict, Sandbox, SandboxCard } from '../../../demo/sandbox/index.ts'
import { account, stillSandbox } from './asking.ts'
import { sha1 } from './page.ts'

/** The ticket of the first official vector. */
export const TICKET = 'ojZ8YtyVyr30HheH3CM73y7h4jJE'
export const TIMESTAMP = '1789617600'

const card = (letter: string, more: Partial<SandboxCard> = {}): SandboxCard => ({
  cardId: `pAbCdE${letter.repeat(22)}`,
  title: `Card ${letter}`,
  cardType: 'GROUPON',
  quantity: 10,
  ...more,
})

export const plain: SandboxCard = card('a', { shopIds: ['11', '12'] })
export const custom: SandboxCard = card('b', { useCustomCode: true, customCodes: ['CODE1', 'CODE2'] })
export const bound: SandboxCard = card('c', { bindOpenid: true, cardType: 'CASH' })
export const last: SandboxCard = card('d', { quantity: 1 })
export const once: SandboxCard = card('e', { getLimit: 1 })
export const rejected: SandboxCard = card('f', { status: 'CARD_STATUS_VERIFY_FAIL' })
export const free: SandboxCard = card('g', { useCustomCode: true })

/** A sandbox with these cards, whose card ticket is {@link TICKET}. */
export function cardSandbox(): Sandbox {
  const cards = [plain, custom, bound, last, once, rejected, free]
  const sandbox = stillSandbox({ accounts: [{ ...account, cards }] })
  sandbox.seedTicket(account.appId, 'wx_card', TICKET)
  return sandbox
}

/** SHA1 of the values in the order of their bytes: hex digits have the same order as the bytes they stand for. */
export function signValues(values: readonly string[]): string {
  const hex = values.map((value) => Buffer.from(value, 'utf8').toString('hex')).sort()
  return sha1(Buffer.from(hex.join(''), 'hex').toString('utf8'))
}

export type ExtFields = Record<string, unknown>

/** A cardExt as a good server makes it; the nonce is new unless given. */
export function extOf(cardId: string, fields: ExtFields = {}, ticket = TICKET): string {
  const { balance, code, openid, timestamp = TIMESTAMP, nonce_str = newNonce() } = fields
  const values = [ticket, cardId, timestamp, nonce_str, code, openid, balance]
  const signature = signValues(values.map((value) => String(value ?? '')))
  return JSON.stringify({ timestamp, nonce_str, signature, ...fields })
}

let nonces = 0
export function newNonce(): string {
  nonces += 1
  return `nonce${nonces}`
}

interface Asking {
  readonly visitor?: string
  readonly step?: 'check' | 'take'
  readonly profile?: 'ios' | 'android' | 'harmony'
}

export function addCards(
  sandbox: Sandbox,
  cardList: readonly { card_id?: unknown; card_ext?: unknown }[],
  asking: Asking = {},
): AddCardAnswer {
  return sandbox.verifyAddCard({ profile: 'ios', appId: account.appId, cardList, ...asking })
}

/** The verdict on one card. */
export function addCard(
  sandbox: Sandbox,
  { cardId }: Pick<SandboxCard, 'cardId'>,
  cardExt: unknown,
  asking: Asking = {},
): AddCardVerdict {
  const [verdict] = addCards(sandbox, [{ card_id: cardId, card_ext: cardExt }], asking).cards
  if (verdict === undefined) throw new Error('there is no verdict')
  return verdict
}
