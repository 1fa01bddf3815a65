import { beijingStamp } from '../truth/beijing-time.ts'

/** The ways `preVerifyJSAPI` is refused. */
export type VerifyRefusal = 'args' | 'list' | 'appid' | 'domain' | 'signature'

const PHONE: Record<VerifyRefusal, string> = {
  args: 'pre_verify_jsapi:fail_invalid_args',
  list: 'checkJsApi:param is empty',
  appid: 'pre_verify_jsapi:fail_invalid appid',
  domain: 'pre_verify_jsapi:fail_invalid url domain',
  signature: 'pre_verify_jsapi:fail_invalid signature',
}

/** The bridge's text for a refusal on a phone or desktop client. That of a foreign appid is not documented. */
export function phoneText(refusal: VerifyRefusal): string {
  return PHONE[refusal]
}

/** The text of the developer tools, which goes to the page unchanged. */
export function devtoolsText(refusal: VerifyRefusal, nowMs: number): string {
  if (refusal === 'appid') return 'config:fail,Error: AppID 不合法'
  if (refusal === 'domain') return 'config:fail,Error: invalid url domain'
  if (refusal === 'signature') {
    return `config:fail,Error: 系统错误，错误码：63002,invalid signature [${beijingStamp(nowMs)}][]`
  }
  return refusal === 'list' ? 'config:param is empty' : 'config:invalid args'
}
