import type { VerifyRequest } from '../bridge-protocol.ts'
import type { World } from '../world.ts'
import { maskedString1, maskTicket, type SignedParts, sha1, string1Of } from './string1.ts'
import { ticketVariants } from './ticket-variants.ts'
import { urlVariants } from './url-variants.ts'
import { describeDifference, type Wording } from './wording.ts'

/** Keeps a refusal quick in a sandbox with thousands of accounts. */
const TICKETS_TRIED = 500

/** Why a signature does not fit. */
export interface Cause extends Wording {
  /** The text that was hashed, with a masked ticket; absent when it was not found. */
  readonly signedString1?: string
}

/** Finds out what was hashed, by hashing every common mistake until one gives the signature. */
export function findCause(world: World, request: VerifyRequest, parts: SignedParts): Cause {
  const given = request.signature
  const signs = (changed: Partial<SignedParts>): boolean =>
    sha1(string1Of({ ...parts, ...changed })) === given

  const form = formMistake(parts, given)
  if (form !== undefined) return form
  const urls = urlVariants(request)
  const url = urls.find((variant) => signs({ url: variant.url }))
  if (url !== undefined) {
    return signedAs(withDifference(url, parts.url, url.url), { ...parts, url: url.url })
  }
  const tickets = ticketVariants(world, request.appId).slice(0, TICKETS_TRIED)
  const ticket = tickets.find((variant) => signs({ ticket: variant.ticket }))
  if (ticket !== undefined) return signedAs(wordsOf(ticket), { ...parts, ticket: ticket.ticket })
  for (const badTicket of tickets) {
    const badUrl = urls.find((variant) => signs({ ticket: badTicket.ticket, url: variant.url }))
    if (badUrl !== undefined) {
      const words = both(badTicket, withDifference(badUrl, parts.url, badUrl.url))
      return signedAs(words, { ...parts, ticket: badTicket.ticket, url: badUrl.url })
    }
  }
  return unknownCause(urls.length, tickets.length)
}

function signedAs(words: Wording, parts: SignedParts): Cause {
  return { ...words, signedString1: maskedString1(parts) }
}

function formMistake(parts: SignedParts, given: string): Cause | undefined {
  const right = sha1(string1Of(parts))
  if (given.trim().toLowerCase() === right) {
    return {
      reason:
        'The signature is right but written differently: it has upper-case letters or spaces around it.',
      reasonZh: '签名的值是对的，但写法不对：有大写字母，或者前后有空格。',
      fix: 'Write the SHA1 in lower-case hex, 40 characters.',
      fixZh: 'SHA1 用小写十六进制，共 40 个字符。',
    }
  }
  const { ticket, nonceStr, timestamp, url } = parts
  const text = string1Of(parts)
  const others = [
    text.replace('&noncestr=', '&nonceStr='),
    `jsapi_ticket=${ticket}&timestamp=${timestamp}&noncestr=${nonceStr}&url=${url}`,
    `noncestr=${nonceStr}&jsapi_ticket=${ticket}&timestamp=${timestamp}&url=${url}`,
    [ticket, nonceStr, timestamp, url].sort().join(''),
  ]
  const other = others.find((each) => sha1(each) === given)
  if (other !== undefined) {
    return {
      signedString1: other.replaceAll(ticket, maskTicket(ticket)),
      reason:
        'The four values are right, but the text around them is not: names must be in lower case and in ASCII order.',
      reasonZh: '四个值都对，但拼接方式不对：参数名要全小写，并按 ASCII 顺序排列。',
      fix: 'Hash jsapi_ticket=…&noncestr=…&timestamp=…&url=… (noncestr without capital S).',
      fixZh: '按 jsapi_ticket=…&noncestr=…&timestamp=…&url=… 拼接（noncestr 没有大写 S）。',
    }
  }
  if (sha1(string1Of({ ...parts, timestamp: `${timestamp}000` })) === given || msOf(parts, given)) {
    return {
      reason:
        'The signer used a timestamp in milliseconds, wx.config was given seconds (or the other way round).',
      reasonZh: '签名时用的是毫秒时间戳，而 wx.config 里是秒（或者相反）。',
      fix: 'Use the same timestamp, in seconds, in both places.',
      fixZh: '两处使用同一个以秒为单位的时间戳。',
    }
  }
  return undefined
}

function msOf(parts: SignedParts, given: string): boolean {
  return (
    parts.timestamp.length === 13 &&
    sha1(string1Of({ ...parts, timestamp: parts.timestamp.slice(0, 10) })) === given
  )
}

function withDifference(words: Wording, expected: string, signed: string): Wording {
  const { english, chinese } = describeDifference(expected, signed)
  return {
    reason: `${words.reason} ${english}`,
    reasonZh: `${words.reasonZh}${chinese}`,
    fix: words.fix,
    fixZh: words.fixZh,
  }
}

function both(first: Wording, second: Wording): Wording {
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

function unknownCause(urls: number, tickets: number): Wording {
  return {
    reason: `The signature fits neither the client's address nor any of ${urls} other spellings of it, with the living ticket or ${tickets} others: the nonceStr, the timestamp or the page differs, or the ticket is not from this sandbox.`,
    reasonZh: `签名与客户端的地址不符；也试过该地址的其他 ${urls} 种写法和其他 ${tickets} 个票据，都不符：可能是 nonceStr、timestamp 或页面不同，或者票据不是这个沙箱发的。`,
    fix: 'Sign exactly the verified address with the nonceStr and timestamp given to wx.config, and check that the signer gets its ticket from this sandbox.',
    fixZh:
      '用传给 wx.config 的 nonceStr 和 timestamp，对上面的校验地址原样签名；并确认签名服务的票据来自这个沙箱。',
  }
}
