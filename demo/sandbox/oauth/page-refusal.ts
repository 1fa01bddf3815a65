/** What WeChat writes on the page. */
const TEXTS = {
  10003: 'redirect_uri域名与后台配置不一致，错误码：10003',
  10004: '此公众号被封禁，错误码：10004',
  10005: '此公众号并没有这些scope的权限，错误码10005',
  10006: '必须关注此测试号，错误码：10006',
  10009: '操作太频繁了，请稍后重试，错误码：10009',
  10010: 'scope不能为空，错误码：10010',
  10011: 'redirect_uri不能为空，错误码：10011',
  10012: 'appid不能为空，错误码：10012',
  10013: 'state不能为空，错误码：10013',
  10015: '公众号未授权第三方平台，请检查授权状态，错误码：10015',
  10016: '不支持微信开放平台的Appid，请使用公众号Appid，错误码：10016',
  10039: 'redirect_uri协议与后台配置不一致，错误码:10039',
} as const

/** In the developer tools the same mistakes read differently. */
const DEVTOOLS_TEXTS: Partial<Record<PageErrorCode, string>> = {
  10003: 'redirect_uri 参数错误',
  10005: 'Scope 参数错误或没有 Scope 权限',
}

const UNAVAILABLE = '该链接无法访问'
const NOT_WECHAT = '请在微信客户端打开链接'

/** What the sandbox adds in its own words: cause and remedy, English and Chinese. */
const HINTS = {
  10003: [
    'The host of redirect_uri is not what the account has as oauthDomain: the whole host, no sub-domain, ports 80 and 443.',
    'redirect_uri 的域名不是该账号的网页授权域名（oauthDomain）：须为完整域名，不含子域名，端口只能是 80 或 443。',
  ],
  10004: ['The account has the switch banned.', '该账号打开了 banned 开关。'],
  10005: [
    'This scope is not among the oauthScopes of the account, or WeChat has no such scope: use snsapi_base or snsapi_userinfo.',
    'scope 不在该账号的 oauthScopes 中，或者没有这种 scope：请使用 snsapi_base 或 snsapi_userinfo。',
  ],
  10006: [
    'The account has the switch followersOnly; look as a follower.',
    '该账号打开了 followersOnly 开关；请换成已关注的访客。',
  ],
  10009: [
    'More authorizations in this minute than the oauthMinuteLimit of the account.',
    '这一分钟内的授权次数超过了该账号的 oauthMinuteLimit。',
  ],
  10010: [
    'Add scope=snsapi_base or scope=snsapi_userinfo.',
    '请加上 scope=snsapi_base 或 scope=snsapi_userinfo。',
  ],
  10011: ['Add redirect_uri, percent-encoded.', '请加上经过 urlEncode 的 redirect_uri。'],
  10012: ['Add appid.', '请加上 appid。'],
  10013: [
    'state= has no value: give it 1 to 128 letters and digits, or leave it out.',
    'state= 没有值：请填 1 到 128 个字母或数字，或者去掉它。',
  ],
  10015: ['The account has the switch thirdPartyUnauthorized.', '该账号打开了 thirdPartyUnauthorized 开关。'],
  10016: ['The account has the switch openPlatformApp.', '该账号打开了 openPlatformApp 开关。'],
  10039: [
    'The scheme of redirect_uri is not the oauthScheme of the account.',
    'redirect_uri 的协议与该账号的 oauthScheme 不一致。',
  ],
  order: [
    'WeChat wants appid, redirect_uri, response_type, scope, state in this order, each once, other parameters behind them, and redirect_uri percent-encoded.',
    '参数必须按 appid、redirect_uri、response_type、scope、state 的顺序各出现一次，其他参数放在后面，redirect_uri 须经过 urlEncode。',
  ],
  encoding: ['A value has a malformed percent sequence.', '参数值中有错误的百分号编码。'],
  response_type: ['response_type must be code.', 'response_type 必须是 code。'],
  state: ['state may have letters and digits only, at most 128.', 'state 只能是字母和数字，最多 128 个。'],
  appid: ['The sandbox has no account with this appid.', '沙箱中没有这个 appid 的账号。'],
  consent: [
    'This consent page was answered before, or more than ten minutes ago.',
    '这个授权页已经回答过，或者已超过十分钟。',
  ],
  method: ['WeChat shows this page only to a browser that goes there.', '请用浏览器直接访问这个页面。'],
  visitor: [
    'The sandbox has no visitor with the id in wx_sandbox_visitor.',
    '沙箱中没有 wx_sandbox_visitor 指定的访客。',
  ],
  not_wechat: [
    'The switch requireWechatUserAgent is on, and this User-Agent has no MicroMessenger.',
    '打开了 requireWechatUserAgent 开关，而 User-Agent 中没有 MicroMessenger。',
  ],
} as const satisfies Record<string | number, readonly [english: string, chinese: string]>

type PageErrorCode = keyof typeof TEXTS

/** Why a page is refused: WeChat's code, or what makes the address unavailable. */
export type PageReason = keyof typeof HINTS

/** WeChat shows a page that says no. */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal'
  readonly reason: PageReason
  readonly hint: string
  readonly hintZh: string

  constructor(reason: PageReason) {
    super(textOf(reason))
    this.reason = reason
    ;[this.hint, this.hintZh] = HINTS[reason]
  }

  /** The text for this client. */
  textFor(userAgent: string): string {
    const devtools =
      userAgent.includes('wechatdevtools') && isCode(this.reason) && DEVTOOLS_TEXTS[this.reason]
    return devtools || this.message
  }
}

function textOf(reason: PageReason): string {
  if (isCode(reason)) return TEXTS[reason]
  return reason === 'not_wechat' ? NOT_WECHAT : UNAVAILABLE
}

function isCode(reason: PageReason): reason is PageErrorCode {
  return Object.hasOwn(TEXTS, reason)
}
