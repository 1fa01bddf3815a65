import type { ServiceErrorCode } from '../errors.ts'
import { type Cause, cause } from './cause.ts'

/** Causes of every code in the answers of the service; a code without one does not compile. */
export const serviceCodes = {
  invalid_request: [
    cause(
      'A field is missing, there twice, or of another kind: the answer names it, /docs shows the route.',
      '缺少字段、字段重复或类型不对：回答中写明了是哪个字段，接口说明见 /docs。',
    ),
  ],
  invalid_json: [
    cause(
      'The body is not JSON although its Content-Type says so: correct the body, or send a form.',
      'Content-Type 是 JSON，但请求体不是：请改正请求体，或以表单方式提交。',
    ),
  ],
  invalid_url: [
    cause(
      "The address cannot be signed: send location.href.split('#')[0] as the browser reports it, encoded once.",
      "该地址无法签名：请发送浏览器给出的 location.href.split('#')[0]，并且只编码一次。",
    ),
  ],
  url_too_long: [
    cause(
      'The address has more than 8,192 characters: keep state out of the query.',
      '地址超过 8192 个字符：请不要把状态放在查询参数里。',
    ),
  ],
  signature_unknown: [
    cause(
      'The signature that a page reported was not made by this service, or its ticket is long gone: sign again.',
      '页面上报的签名不是本服务生成的，或其 ticket 早已更换：请重新签名。',
    ),
  ],
  redirect_not_allowed: [
    cause(
      'redirectPath is not on accounts[].redirects: another scheme, host or port, beside the prefix, or not encoded once. Add the page to redirects, and encode with encodeURIComponent.',
      'redirectPath 不在 accounts[].redirects 中：协议、域名、端口或路径前缀不符，或没有恰好编码一次。请把页面加入 redirects，并用 encodeURIComponent 编码。',
    ),
  ],
  state_invalid: [
    cause(
      'The login was reloaded after a minute, opened in another browser, or took ten minutes: go back to the page. If everybody has it, let the replicas share "database" or "redis".',
      '登录页在一分钟后被刷新、在另一个浏览器打开，或超过十分钟：请返回页面重试。如果所有人都遇到，请确认各副本共用 database 或 redis。',
    ),
  ],
  code_invalid: [
    cause(
      'The code of WeChat is used, too old, or of another account: send the visitor through WeChat again; compare portId and appId.',
      '微信的 code 已使用、已过期或属于其他账号：请让用户重新授权，并核对 portId 与 appId。',
    ),
  ],
  ticket_invalid: [
    cause(
      'The login ticket is unknown, used, older than 60 s, or of an account that the client may not use: redeem once and keep a session; check clients[].accounts.',
      '登录 ticket 未知、已使用、超过 60 秒，或该客户端无权使用此账号：请只兑换一次并保留会话，并检查 clients[].accounts。',
    ),
  ],
  grant_invalid: [
    cause(
      'The card grant is unknown, used, older than ten minutes, or for another card: let the backend ask for a new one.',
      '发卡凭证未知、已使用、超过十分钟，或属于其他卡券：请由后端重新获取。',
    ),
  ],
  login_loop: [
    cause(
      'The cookie of the login does not come back: a proxy drops Set-Cookie, or publicUrl is https and the browser came by http. Mend that; web views that lose cookies need stateCookie "preferred".',
      '登录 cookie 没有带回来：代理丢弃了 Set-Cookie，或 publicUrl 是 https 而浏览器走了 http。请修正；会丢 cookie 的 WebView 可用 stateCookie "preferred"。',
    ),
    cause(
      'In the page: the way through WeChat brought no identity. Compare portId and appId with the service.',
      '在页面中：授权后没有得到身份。请核对 portId、appId 与服务配置。',
    ),
  ],
  unauthorized: [
    cause(
      'There is no token, or it is of another service, or publicUrl has changed since: send Sso-Token, and take a new token.',
      '没有 token、token 属于其他服务，或 publicUrl 已更改：请在 Sso-Token 头中发送，并重新获取。',
    ),
  ],
  token_expired: [
    cause(
      'The service token is older than two hours: take a new one. expires_in is in milliseconds.',
      '服务 token 已超过两小时：请重新获取。expires_in 的单位是毫秒。',
    ),
  ],
  invalid_client: [
    cause(
      'client_id, client_secret and applicationKey do not belong together: compare with clients[], and encode +, / and = in the form.',
      'client_id、client_secret 与 applicationKey 不匹配：请核对 clients[]，并在表单中对 +、/、= 编码。',
    ),
  ],
  snapshot_user: [
    cause(
      'WeChat opened the page as a snapshot, and its visitor is made up: ask the visitor to tap 使用完整服务.',
      '微信以快照页方式打开，访客是虚拟的：请让用户点击「使用完整服务」。',
    ),
  ],
  card_not_public: [
    cause(
      'A page asked for a card that is not on publicCards, or chose code, openid or balance: add the card, or let a backend sign it.',
      '页面请求的卡券不在 publicCards 中，或指定了 code、openid、balance：请加入该卡券，或由后端签名。',
    ),
  ],
  scope_missing: [
    cause(
      'The client lacks the scope that the message names: add it to clients[].scopes.',
      '客户端缺少提示中的 scope：请加入 clients[].scopes。',
    ),
  ],
  account_not_allowed: [
    cause(
      'The client may not use this account: add the appId to clients[].accounts.',
      '客户端无权使用该账号：请把 appId 加入 clients[].accounts。',
    ),
  ],
  origin_not_allowed: [
    cause(
      'The origin of the page is not on accounts[].pageOrigins (WX_PAGE_ORIGINS) in exactly this spelling, with scheme, host and port: add it if the page is yours.',
      '页面来源不在 accounts[].pageOrigins（WX_PAGE_ORIGINS）中，协议、域名和端口必须完全一致：如果是你的页面，请加入。',
    ),
  ],
  unknown_account: [
    cause(
      'No account with this appId or portid is configured: compare with accounts[].appId (WX_APP_ID) and accounts[].portIds.',
      '没有配置该 appId 或 portid 的账号：请核对 accounts[].appId（WX_APP_ID）与 accounts[].portIds。',
    ),
  ],
  fan_unknown: [
    cause(
      'The user is no fan in this account, or the client may not use the account: compare the ids and clients[].accounts.',
      '该用户不是此账号的粉丝，或客户端无权使用该账号：请核对 ID 与 clients[].accounts。',
    ),
  ],
  not_found: [cause('There is no such route: see /docs.', '没有这个接口：请查看 /docs。')],
  method_not_allowed: [
    cause(
      'The route answers other methods: see the header Allow.',
      '该接口不支持此请求方法：请查看 Allow 头。',
    ),
  ],
  request_incomplete: [
    cause(
      'The request was not there in time: a slow connection, or a proxy that keeps requests open. Send it again.',
      '请求没有按时发完：网络太慢，或代理占住了连接。请重新发送。',
    ),
  ],
  user_conflict: [
    cause(
      'A unionid, user id or phone number contradicts what is stored, and nothing was changed: compare with the stored user first.',
      'unionid、userId 或手机号与已存储的不一致，未作任何修改：请先核对已有用户。',
    ),
  ],
  body_too_large: [
    cause(
      'The body is larger than this route takes: send it in parts.',
      '请求体超过该接口的上限：请分批发送。',
    ),
  ],
  unsupported_media_type: [
    cause(
      'The body is neither JSON nor a form: set Content-Type.',
      '请求体既不是 JSON 也不是表单：请设置 Content-Type。',
    ),
  ],
  rate_limited: [
    cause(
      'Too many requests from one address: wait as Retry-After says. If everybody has it, set trustedProxies to the number of your proxies.',
      '同一地址请求过多：请按 Retry-After 等待。如果所有人都遇到，请把 trustedProxies 设为代理层数。',
    ),
  ],
  headers_too_large: [
    cause(
      'The headers of the request are larger than 16 KiB: look for cookies that pile up, and keep state out of the query.',
      '请求头超过 16 KiB：请检查是否堆积了 cookie，并且不要把状态放在查询参数里。',
    ),
  ],
  internal_error: [
    cause(
      'A defect of the service: look for requestId in its log.',
      '服务内部错误：请在日志中查找 requestId。',
    ),
  ],
  wechat_refused: [
    cause(
      'WeChat said no: explain the errcode of the same answer.',
      '微信拒绝了请求：请查询同一回答中的 errcode。',
    ),
  ],
  wechat_bad_answer: [
    cause(
      'WeChat, or a gateway before it, answered something that is no answer: compare with a call from another network.',
      '微信或中间网关返回了无法识别的内容：请换一个网络对比。',
    ),
  ],
  wechat_busy: [
    cause(
      'WeChat said -1 several times: wait a minute; the service tries again by itself.',
      '微信多次返回 -1（系统繁忙）：请稍等一分钟，服务会自动重试。',
    ),
  ],
  wechat_unreachable: [
    cause(
      'No host of WeChat could be reached in time: check DNS, proxy and firewall of the machine, and wechat.apiHosts (WX_API_HOSTS).',
      '无法及时连接微信接口域名：请检查本机 DNS、代理、防火墙以及 wechat.apiHosts（WX_API_HOSTS）。',
    ),
  ],
  shutting_down: [
    cause(
      'The process is stopping: ask again, another replica answers.',
      '进程正在停止：请重试，由其他副本处理。',
    ),
  ],
  overloaded: [
    cause(
      'More requests come than this process can answer in time, and nothing was done: wait as Retry-After says; operators add a replica.',
      '请求量超过了该进程的处理能力，未做任何处理：请按 Retry-After 等待；运维请增加实例。',
    ),
  ],
  storage_unavailable: [
    cause(
      'Database or Redis is gone, full or read-only, and nothing was stored: see the log, check "database" and "redis"; wx-h5 doctor says which.',
      '数据库或 Redis 断开、已满或只读，没有写入任何内容：请查看日志，检查 database 与 redis；可用 wx-h5 doctor 排查。',
    ),
  ],
  not_configured: [
    cause(
      'A key of the configuration is missing, for logins publicUrl (WX_PUBLIC_URL): set the one that the hint names.',
      '缺少配置项，登录需要 publicUrl（WX_PUBLIC_URL）：请按提示设置。',
    ),
  ],
} as const satisfies Record<ServiceErrorCode, readonly Cause[]>
