import { WeixinError } from './errors.ts'
import type { WeixinErrorCode } from './types.ts'

/** What the bridge answers, before anybody looked at it. */
export type Answer = Record<string, unknown>

/** The `errMsg` of an answer; where the bridge gave none, put together as weixin-js-sdk does. */
export function errMsgOf(name: string, answer: Answer | undefined): string {
  const { errMsg, err_msg: said = '' } = answer || {}
  if (errMsg) return `${errMsg}`
  const text = `${said}`
    .replace(/^[^:]*:(fail(ed)?_)?/, '')
    .replace(/_/g, ' ')
    .toLowerCase()
    .replace(/^(access denied|no permission to execute)$/, 'permission denied')
  // Clients too old to verify, and empty answers, count as yes: the SDK takes them so.
  const isYes = name === 'config' && (!said || text === 'function not exist')
  return `${name}:${isYes ? 'ok' : text || 'fail'}`
}

export const isOk = (errMsg: string): boolean => /:ok$/.test(errMsg)

const reasons: readonly (readonly [RegExp, WeixinErrorCode])[] = [
  [/invalid signature|63002/, 'invalid_signature'],
  [/invalid url domain/, 'url_domain_not_bound'],
  [/offline verifying/, 'not_verified'],
  [/no ?permission|denied|auth deny/, 'permission_denied'],
  [/not exist|not support/, 'not_supported'],
  [/require subscribe/, 'require_subscribe'],
  [/^config:.*(fail(ed)?$|args|empty|appid)/, 'invalid_config'],
  [/cancel/, 'cancelled'],
]

/** The error behind an `errMsg`, on phones and in the devtools; some clients add the address they verified. */
export function refusal(what: string, errMsg: string, answer: Answer = {}): WeixinError {
  const { realAuthUrl } = answer
  const text = errMsg.toLowerCase()
  const [, code = 'failed' as const] = reasons.find(([mark]) => mark.test(text)) || []
  return new WeixinError(code, what, errMsg, {
    errMsg,
    ...(realAuthUrl ? { realAuthUrl: `${realAuthUrl}` } : {}),
  })
}
