import type { WeixinErrorCode } from './types.ts'

/** What to do, in English and Chinese. Short, because every visitor downloads every word. */
export const hints: Partial<Record<WeixinErrorCode, readonly [string, string]>> = {
  not_in_wechat: ['Open this page in WeChat.', '请在微信中打开。'],
  timeout: ['Check the network and options.timeouts.', '请检查网络或 options.timeouts。'],
  sdk_unavailable: ['Check that all scripts are deployed.', '请检查脚本是否已全部部署。'],
  service_unavailable: [
    'Check options.service, its /readyz and pageOrigins.',
    '请检查 options.service 及其 /readyz、pageOrigins。',
  ],
  service_refused: ['Check options.appId and the page URL.', '请检查 options.appId 与页面 URL。'],
  origin_not_allowed: ['Add the page to pageOrigins of the service.', '请把页面加入服务的 pageOrigins。'],
  signed_url_mismatch: [
    'The URL was rewritten: double encoding, &amp; or a cut query.',
    'URL 被改写：重复编码、&amp; 或参数截断。',
  ],
  invalid_signature: [
    'Check the account, the signed URL, and that nobody else refreshes the ticket.',
    '请检查账号、签名的 URL，以及别处是否刷新 ticket。',
  ],
  url_domain_not_bound: [
    'Add the domain, without port, to JS接口安全域名.',
    '请把域名(不带端口)加入 JS接口安全域名。',
  ],
  invalid_config: ['Check options.appId and jsApiList.', '请检查 options.appId 与 jsApiList。'],
  require_subscribe: ['Follow the test account first.', '请先关注测试号。'],
  permission_denied: ['The person refused or the account lacks the right.', '用户拒绝或公众号没有权限。'],
  not_verified: ['Add the API to jsApiList.', '请把接口加入 jsApiList。'],
  not_supported: ['Update WeChat.', '请升级微信。'],
  cancelled: ['The person cancelled.', '用户已取消。'],
  invalid_argument: ['Correct the argument.', '请改正参数。'],
  failed: ['See errMsg.', '详见 errMsg。'],
}
