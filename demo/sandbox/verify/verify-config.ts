import type { VerifyAnswer, VerifyRequest } from '../bridge-protocol.ts'
import type { FaultList } from '../faults.ts'
import { makeTicket } from '../truth/id-shapes.ts'
import { isValid } from '../truth/issued.ts'
import type { SandboxAccount } from '../types.ts'
import type { World } from '../world.ts'
import { domainWords } from './domain-words.ts'
import { type Cause, findCause } from './find-cause.ts'
import { devtoolsText, phoneText, type VerifyRefusal } from './refusals.ts'
import { judgeDomain } from './safe-domain.ts'
import { maskedString1, maskTicket, sha1, string1Of } from './string1.ts'
import { verifiedUrlOf } from './verified-url.ts'
import type { Wording } from './wording.ts'

/**
 * What a WeChat client answers to `preVerifyJSAPI`: arguments, list, appid, domain, signature, in this order.
 *
 * The ticket is the one that lives in the sandbox now; the address is the one this client would take.
 */
export function verifyConfig(world: World, faults: FaultList, request: VerifyRequest): VerifyAnswer {
  const url = verifiedUrlOf(request)
  const fault = faults.takeForBridge()?.kind
  const tickets =
    fault === 'wrong_ticket'
      ? [makeTicket((size) => world.random(size))]
      : livingTickets(world, request.appId)
  const refused = refusalOf(world, request, url, tickets, fault === 'domain_not_bound')
  const devtools = request.profile === 'devtools'
  if (refused === undefined)
    return devtools ? { errMsg: 'config:ok', devtools } : { errMsg: 'pre_verify_jsapi:ok' }

  const [refusal, words] = refused
  const ticket = tickets.at(-1)
  const parts = { nonceStr: request.nonceStr, timestamp: request.timestamp, url }
  const byFault = fault === 'wrong_ticket' && refusal === 'signature'
  const reasons = byFault ? wrongTicketFault(world, request, url) : words()
  return {
    errMsg: devtools ? devtoolsText(refusal, world.now()) : phoneText(refusal),
    ...(devtools ? { devtools } : {}),
    explanation: {
      verifiedUrl: url,
      string1: string1Of({ ...parts, ticket: ticket === undefined ? '(none)' : maskTicket(ticket) }),
      expectedSignature: ticket === undefined ? '' : sha1(string1Of({ ...parts, ticket })),
      givenSignature: request.signature,
      ...reasons,
    },
  }
}

function livingTickets(world: World, appId: string): string[] {
  const now = world.now()
  return world.tickets
    .list(appId, 'jsapi')
    .filter((issued) => isValid(issued, now))
    .map(({ value }) => value)
}

type Refused = readonly [VerifyRefusal, () => Cause]

function refusalOf(
  world: World,
  request: VerifyRequest,
  url: string,
  tickets: readonly string[],
  unbound: boolean,
): Refused | undefined {
  if (request.appId === '' || url === '') return ['args', () => MISSING_ARGS]
  if (request.jsApiList.length === 0) return ['list', () => EMPTY_LIST]
  const account = world.accounts.get(request.appId)
  if (account === undefined) return ['appid', () => unknownAppId(world, request.appId)]
  if (unbound) return ['domain', () => UNBOUND_FAULT]
  const verdict = judgeDomain(url, account.safeDomains)
  if (verdict !== 'ok') return ['domain', () => domainWords(verdict, url, account.appId, account.safeDomains)]
  return signatureRefusal(world, request, url, tickets, account)
}

function signatureRefusal(
  world: World,
  request: VerifyRequest,
  url: string,
  tickets: readonly string[],
  account: SandboxAccount,
): Refused | undefined {
  const { nonceStr, timestamp, signature } = request
  const fits = tickets.some((ticket) => sha1(string1Of({ ticket, nonceStr, timestamp, url })) === signature)
  const maxAgeS = world.options.configTimestampMaxAgeS
  if (!fits) {
    const ticket = tickets.at(-1) ?? ''
    const neverFetched = world.tickets.list(account.appId, 'jsapi').length === 0
    return [
      'signature',
      () => (neverFetched ? NO_TICKET : findCause(world, request, { ticket, nonceStr, timestamp, url })),
    ]
  }
  if (maxAgeS !== undefined && !(world.now() / 1000 - Number(timestamp) <= maxAgeS)) {
    return ['signature', () => tooOld(timestamp, maxAgeS)]
  }
  return undefined
}

function unknownAppId(world: World, appId: string): Wording {
  const known = [...world.accounts.keys()].slice(0, 5).join(', ')
  return {
    reason: `The sandbox has no account ${appId}; it has ${known}.`,
    reasonZh: `沙箱里没有公众号 ${appId}；有的是 ${known}。`,
    fix: 'Give wx.config the appId of an account of the sandbox, or add the account to its options.',
    fixZh: '把沙箱里公众号的 appId 传给 wx.config，或者在沙箱配置里加上这个公众号。',
  }
}

function tooOld(timestamp: string, maxAgeS: number): Wording {
  return {
    reason: `The signature is right, but its timestamp ${timestamp} is older than ${maxAgeS} s (option configTimestampMaxAgeS).`,
    reasonZh: `签名正确，但时间戳 ${timestamp} 超过了 ${maxAgeS} 秒（选项 configTimestampMaxAgeS）。`,
    fix: 'Sign anew for every page load; never cache a signature.',
    fixZh: '每次打开页面都重新签名，不要缓存签名。',
  }
}

const MISSING_ARGS: Wording = {
  reason: 'wx.config was given no appId, or the client has no address for this page.',
  reasonZh: 'wx.config 没有传 appId，或者客户端拿不到页面地址。',
  fix: 'Hand in the appId that came with the signature.',
  fixZh: '传入与签名一起返回的 appId。',
}

const EMPTY_LIST: Wording = {
  reason: 'jsApiList is empty.',
  reasonZh: 'jsApiList 是空的。',
  fix: 'List the APIs the page uses in jsApiList.',
  fixZh: '在 jsApiList 里列出页面要用的接口。',
}

const NO_TICKET: Wording = {
  reason:
    'The sandbox has never given out a jsapi_ticket for this account: the signer has its ticket from elsewhere.',
  reasonZh: '沙箱从未给这个公众号发过 jsapi_ticket：签名服务用的票据来自别处。',
  fix: "Point the signer's WeChat API host at the sandbox and let it fetch a new ticket.",
  fixZh: '把签名服务的微信接口地址指向沙箱，让它重新获取票据。',
}

function wrongTicketFault(world: World, request: VerifyRequest, url: string): Cause {
  const { nonceStr, timestamp, signature } = request
  const signed = livingTickets(world, request.appId)
    .map((ticket) => ({ ticket, nonceStr, timestamp, url }))
    .find((parts) => sha1(string1Of(parts)) === signature)
  return signed === undefined
    ? WRONG_TICKET_FAULT
    : { ...WRONG_TICKET_FAULT, signedString1: maskedString1(signed) }
}

const WRONG_TICKET_FAULT: Wording = {
  reason:
    'The fault wrong_ticket is switched on: the client compares with another ticket, whatever was signed.',
  reasonZh: '已打开故障 wrong_ticket：不管怎么签名，客户端都用另一个票据来比对。',
  fix: 'Switch the fault off: DELETE /__sandbox/faults.',
  fixZh: '关闭故障：DELETE /__sandbox/faults。',
}

const UNBOUND_FAULT: Wording = {
  reason: 'The fault domain_not_bound is switched on: the client knows no JS-safe domain.',
  reasonZh: '已打开故障 domain_not_bound：客户端认为没有绑定任何 JS接口安全域名。',
  fix: 'Switch the fault off: DELETE /__sandbox/faults.',
  fixZh: '关闭故障：DELETE /__sandbox/faults。',
}
