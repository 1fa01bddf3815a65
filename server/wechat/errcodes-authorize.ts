import type { ErrcodeRow } from './errcode-row.ts'

/** What WeChat writes on its own page (错误码) when somebody is sent to the authorize address. */
export const authorizeErrcodes: readonly ErrcodeRow[] = [
  [
    10003,
    'redirect_uri_domain_mismatch',
    'never',
    'The host of publicUrl (WX_PUBLIC_URL) is not the 网页授权域名 of this account: register exactly this host at mp.weixin.qq.com (Settings, Function settings), without scheme, port and path; a parent domain does not count.',
    'publicUrl（WX_PUBLIC_URL）的域名不是该账号的网页授权域名：请在 mp.weixin.qq.com「公众号设置 → 功能设置 → 网页授权域名」中填写完整域名，不含协议、端口和路径，上级域名不算。',
  ],
  [
    10004,
    'account_banned',
    'never',
    'WeChat has banned this account: see the notices at mp.weixin.qq.com.',
    '该公众号已被微信封禁：请登录 mp.weixin.qq.com 查看通知。',
  ],
  [
    10005,
    'scope_not_granted',
    'never',
    'The account has no right to this scope: only verified service accounts may identify visitors. See Interface permissions at mp.weixin.qq.com; a test account has every scope.',
    '该公众号没有此 scope 的权限：只有已认证的服务号可以使用网页授权。请在 mp.weixin.qq.com「接口权限」中查看；开发时可用测试号。',
  ],
  [
    10006,
    'test_account_not_followed',
    'never',
    'This is a test account, and the visitor does not follow it: follow it first.',
    '这是测试号，而访客没有关注：请先关注该测试号。',
  ],
  [
    10009,
    'authorized_too_often',
    'later',
    'This visitor was sent through WeChat too often: do not ask at every page load, keep a session.',
    '该访客授权过于频繁：不要每次打开页面都去授权，请保留登录会话。',
  ],
  [
    10010,
    'scope_empty',
    'never',
    'The authorize address has no scope: take the address from the service (/v1/oauth/url).',
    '授权地址缺少 scope：请使用服务生成的地址（/v1/oauth/url）。',
  ],
  [
    10011,
    'redirect_uri_empty',
    'never',
    'The authorize address has no redirect_uri: take the address from the service (/v1/oauth/url).',
    '授权地址缺少 redirect_uri：请使用服务生成的地址（/v1/oauth/url）。',
  ],
  [
    10012,
    'appid_empty',
    'never',
    'The authorize address has no appid: take the address from the service (/v1/oauth/url).',
    '授权地址缺少 appid：请使用服务生成的地址（/v1/oauth/url）。',
  ],
  [
    10013,
    'state_empty',
    'never',
    'The authorize address has a state without a value: give it 1 to 128 letters and digits.',
    '授权地址的 state 为空：请填写 1 到 128 个字母或数字。',
  ],
  [
    10015,
    'third_party_not_authorized',
    'never',
    'The account has not authorised the third-party platform that sent the visitor: authorise it at mp.weixin.qq.com.',
    '该公众号未授权此第三方平台：请在 mp.weixin.qq.com 检查授权状态。',
  ],
  [
    10016,
    'open_platform_appid',
    'never',
    'This appId belongs to an application of the open platform: use the appId of an official account.',
    '该 appId 属于微信开放平台应用：请使用公众号的 appId。',
  ],
  [
    10039,
    'redirect_uri_scheme_mismatch',
    'never',
    'WeChat wants the other scheme for redirect_uri: use https in publicUrl (WX_PUBLIC_URL).',
    'redirect_uri 的协议与后台配置不一致：请在 publicUrl（WX_PUBLIC_URL）中使用 https。',
  ],
]
