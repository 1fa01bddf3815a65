import { sha1 } from '../verify/string1.ts'
import type { TicketVariant } from '../verify/ticket-variants.ts'
import type { Wording } from '../verify/wording.ts'
import { type CardValue, signCardValues, TICKET } from './card-values.ts'
import { type Surroundings, type ValueVariant, valueVariants } from './value-variants.ts'

/** Keeps a refusal quick in a sandbox with thousands of accounts. */
const TICKETS_TRIED = 200
const TICKETS_COMBINED = 8

/** A refused card signature with everything that may explain it. */
interface Refused extends Surroundings {
  /** The values the client hashes, the ticket among them. */
  readonly values: readonly CardValue[]
  readonly given: string
  readonly tickets: readonly TicketVariant[]
  /** Names of values that another spelling of the fields would have given, such as `nonceStr`. */
  readonly misspelt: readonly CardValue[]
}

/** Finds out what was hashed, by hashing every common mistake until one gives the signature. */
export function findCardCause(refused: Refused): Wording {
  const { values, given, tickets } = refused
  const form = formMistake(values, given)
  if (form !== undefined) return form
  const withTicket = (ticket: string): CardValue[] => [
    ...values.filter(({ name }) => name !== TICKET),
    { name: TICKET, value: ticket },
  ]
  const signsWith = ({ ticket }: TicketVariant): boolean => signCardValues(withTicket(ticket)) === given
  const ticket = tickets.slice(0, TICKETS_TRIED).find(signsWith)
  if (ticket !== undefined) return wordsOf(ticket)
  const spelling = misspelling(refused)
  if (spelling !== undefined) return spelling
  const signs = ({ text }: ValueVariant): boolean => sha1(text) === given
  const value = valueVariants(values, refused).find(signs)
  if (value !== undefined) return wordsOf(value)
  for (const other of tickets.slice(0, TICKETS_COMBINED)) {
    const both = valueVariants(withTicket(other.ticket), refused).find(signs)
    if (both !== undefined) return combined(other, both)
  }
  return unknownCause(values)
}

function formMistake(values: readonly CardValue[], given: string): Wording | undefined {
  if (given.trim().toLowerCase() === signCardValues(values)) {
    return {
      reason:
        'The signature is right but written differently: it has upper-case letters or spaces around it.',
      reasonZh: '签名的值是对的，但写法不对：有大写字母，或者前后有空格。',
      fix: 'Write the SHA1 in lower-case hex, 40 characters.',
      fixZh: 'SHA1 用小写十六进制，共 40 个字符。',
    }
  }
  if (/^[0-9a-f]{40}$/i.test(given.trim())) return undefined
  return {
    reason: `The signature has ${given.length} characters; a SHA1 in hex has 40. Another algorithm (MD5 has 32, SHA256 64) or base64 was used.`,
    reasonZh: `签名有 ${given.length} 个字符；十六进制的 SHA1 是 40 个。可能用了别的算法（MD5 是 32 个，SHA256 是 64 个）或 base64。`,
    fix: 'Use SHA1 and write it in lower-case hex.',
    fixZh: '用 SHA1，并写成小写十六进制。',
  }
}

function misspelling({ values, misspelt, given }: Refused): Wording | undefined {
  const found = misspelt.find(({ name, value }) => {
    const right = RIGHT_NAMES[name]
    if (right === undefined) return false
    return signCardValues([...values.filter((each) => each.name !== right), { name: right, value }]) === given
  })
  if (found === undefined) return undefined
  const right = RIGHT_NAMES[found.name]
  return {
    reason: `cardExt calls a field ${found.name}, which WeChat does not know; the signature holds its value.`,
    reasonZh: `cardExt 里的字段名写成了 ${found.name}，微信不认识；而签名里包含了它的值。`,
    fix: `Call the field ${right}.`,
    fixZh: `字段名应为 ${right}。`,
  }
}

const RIGHT_NAMES: Readonly<Record<string, string>> = {
  nonceStr: 'nonce_str',
  noncestr: 'nonce_str',
  nonce: 'nonce_str',
  timeStamp: 'timestamp',
  time_stamp: 'timestamp',
  openId: 'openid',
  open_id: 'openid',
  cardCode: 'code',
}

function combined(first: Wording, second: Wording): Wording {
  return {
    reason: `Two mistakes. ${first.reason} ${second.reason}`,
    reasonZh: `有两处错误。${first.reasonZh}${second.reasonZh}`,
    fix: `${first.fix} ${second.fix}`,
    fixZh: `${first.fixZh}${second.fixZh}`,
  }
}

function wordsOf({ reason, reasonZh, fix, fixZh }: Wording): Wording {
  return { reason, reasonZh, fix, fixZh }
}

function unknownCause(values: readonly CardValue[]): Wording {
  const names = values.map(({ name }) => name).join(', ')
  const empty = values.filter(({ value }) => value === '').map(({ name }) => name)
  const hint = empty.length === 0 ? '' : ` Empty here: ${empty.join(', ')}; what is signed must be given.`
  const hintZh = empty.length === 0 ? '' : `这里为空的有 ${empty.join('、')}：签了就要传。`
  return {
    reason: `The signature fits none of the ways to put ${names} together, with this ticket or any other of this sandbox: a value differs from the signed one, or the ticket is not from here.${hint}`,
    reasonZh: `用 ${names} 的各种拼法，以及沙箱里的所有票据，都算不出这个签名：某个值与签名时不同，或者票据不是这个沙箱发的。${hintZh}`,
    fix: 'Sign exactly the values that are handed over, nonce_str included, and check that the signer gets its wx_card ticket from this sandbox.',
    fixZh: '对实际传入的值（包括 nonce_str）签名，并确认签名服务的 wx_card 票据来自这个沙箱。',
  }
}
