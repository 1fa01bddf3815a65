import { type Cause, cause } from './cause.ts'
import { type ClientCode, clientCodes } from './client-codes.ts'

/** What WeChat says in a page, in lower case, and the code under which the browser package reports it. */
export interface PageText {
  readonly marks: readonly string[]
  readonly code: ClientCode
  readonly causes: readonly Cause[]
}

const text = (
  marks: readonly string[],
  code: ClientCode,
  causes: readonly Cause[] = clientCodes[code],
): PageText => ({ marks, code, causes })

const [soldOut, wrongArguments, wrongSignature] = clientCodes.card_failed

/** In the order in which they are looked for: what says more stands first. */
export const pageTexts: readonly PageText[] = [
  text(['invalid signature', '63002'], 'invalid_signature'),
  text(['invalid url domain'], 'url_domain_not_bound'),
  text(['offline verifying'], 'not_verified'),
  text(
    ['permission denied', 'nopermission', 'no permission', 'access_denied', 'auth deny'],
    'permission_denied',
  ),
  text(['function not exist', 'function_not_exist', 'not support'], 'not_supported'),
  text(['require subscribe'], 'require_subscribe'),
  text(['config:param is empty'], 'invalid_config', [
    cause('jsApiList is empty: list the APIs the page uses.', 'jsApiList 为空：请列出页面要用的接口。'),
  ]),
  text(['appid 不合法', 'config:invalid appid'], 'invalid_config', [
    cause(
      'WeChat does not know the appId that was given to wx.config: correct accounts[].appId (WX_APP_ID), and pass on the appId that the service answered.',
      '微信不认识传给 wx.config 的 appId：请修正 accounts[].appId（WX_APP_ID），并原样使用服务返回的 appId。',
    ),
  ]),
  text(['config:invalid args', 'config:fail'], 'invalid_config'),
  text(['已领完'], 'card_failed', [soldOut]),
  text(['参数错误(addcard)'], 'card_failed', [wrongArguments]),
  text(['签名错误'], 'card_failed', [wrongSignature]),
  text(['addcard:fail'], 'card_failed'),
  text([':cancel'], 'cancelled'),
  text(['请在微信客户端打开'], 'not_in_wechat'),
  text([':fail'], 'failed'),
]
