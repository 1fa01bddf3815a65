import type { WeixinErrorCode } from './types.ts'

/** What to do, in English and Chinese. Short, because every visitor downloads every word. */
export const hints: Record<WeixinErrorCode, readonly [string, string]> = {
  not_in_wechat: ['Open this page in WeChat.', '请在微信中打开。'],
  timeout: ['Check the network, or raise options.timeouts.', '请检查网络，或调大 options.timeouts。'],
  sdk_unavailable: ['Check that weixin-js-sdk is deployed.', '请检查 weixin-js-sdk 是否已部署。'],
  service_unavailable: [
    'Check options.service, its /readyz and pageOrigins.',
    '请检查 options.service 及其 /readyz、pageOrigins。',
  ],
  service_refused: ['Check options.appId and the page URL.', '请检查 options.appId 与页面 URL。'],
  origin_not_allowed: ['Add the page to pageOrigins of the service.', '请把页面加入服务的 pageOrigins。'],
  signed_url_mismatch: [
    'Something rewrote the URL: double encoding, &amp; or a cut query.',
    'URL 被改写：重复编码、&amp; 或参数截断。',
  ],
  invalid_signature: [
    'Check the account, the signed URL, and that nobody else refreshes the ticket.',
    '请检查账号、签名的 URL，以及有无别处刷新 ticket。',
  ],
  url_domain_not_bound: [
    'Add the domain, without port, to JS接口安全域名 of the account.',
    '请把域名(不带端口)加入公众号的 JS接口安全域名。',
  ],
  invalid_config: ['Check options.appId and jsApiList.', '请检查 options.appId 与 jsApiList。'],
  require_subscribe: ['Follow the test account first.', '请先关注测试号。'],
  permission_denied: [
    'The person refused, or the account lacks the right.',
    '用户拒绝，或公众号没有接口权限。',
  ],
  not_verified: ['Add the API to jsApiList.', '请把接口加入 jsApiList。'],
  not_supported: ['Update WeChat.', '请升级微信。'],
  cancelled: ['The person cancelled.', '用户已取消。'],
  invalid_argument: ['Correct the argument.', '请改正参数。'],
  failed: ['See errMsg.', '详见 errMsg。'],
}
