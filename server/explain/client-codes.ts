import { type Cause, cause } from './cause.ts'

/** Causes of the codes that only the browser package gives; those it shares with the service are in service-codes. */
export const clientCodes = {
  not_in_wechat: [
    cause(
      'The page is not inside WeChat, or inside WeCom: open it in WeChat, and hide the button elsewhere.',
      '页面不在微信中打开（或在企业微信中）：请在微信中打开，其他环境隐藏入口。',
    ),
  ],
  timeout: [
    cause(
      'The bridge, the service or WeChat did not answer in time: check the network, or raise "timeouts" of createWeixin.',
      '微信桥接、服务或微信没有按时响应：请检查网络，或调大 createWeixin 的 timeouts。',
    ),
  ],
  sdk_unavailable: [
    cause(
      'weixin-js-sdk could not be loaded: check that all files of the page are deployed.',
      '无法加载 weixin-js-sdk：请检查页面文件是否全部部署。',
    ),
  ],
  service_unavailable: [
    cause(
      'The page could not reach the service, or the service could not sign: check "service" of createWeixin, its /readyz, and that pageOrigins holds the origin of the page. wx-h5 doctor says which.',
      '页面无法访问服务，或服务无法签名：请检查 createWeixin 的 service、其 /readyz，以及 pageOrigins 是否包含页面来源。可用 wx-h5 doctor 排查。',
    ),
  ],
  service_refused: [
    cause(
      'The service does not accept the request: see "problem" of the error; check appId and the address of the page.',
      '服务拒绝了请求：请看错误中的 problem，并检查 appId 与页面地址。',
    ),
  ],
  signed_url_mismatch: [
    cause(
      'The service signed another text than the page sent: look for something between them that rewrites the address, by double encoding, &amp; or a cut query.',
      '服务签名的地址与页面发送的不一致：请检查中间环节是否改写了地址（重复编码、&amp;、参数被截断）。',
    ),
  ],
  invalid_signature: [
    cause(
      "The signed address is not the one WeChat sees: sign location.href.split('#')[0] as it is, on iOS the address of the first page load. createWeixin tries both; import it before the router.",
      "签名的地址与微信看到的不一致：请对 location.href.split('#')[0] 原样签名，iOS 用首次加载的地址。createWeixin 会两个都试，请在路由之前引入。",
    ),
    cause(
      'The ticket is not the current one, because another program fetches tokens or tickets for this account: let this service be the only one, with tokenApi "stable".',
      'ticket 不是最新的，因为还有其他程序在为该账号获取 token 或 ticket：请只由本服务获取，并使用 tokenApi "stable"。',
    ),
    cause(
      'The page uses another appId, nonceStr or timestamp than was signed, or a stored signature: pass on all that the service answered, and never cache it. wx-h5 sign URL --compare SIGNATURE finds out what was signed.',
      '页面使用的 appId、nonceStr 或 timestamp 与签名时不同，或使用了缓存的签名：请原样使用服务返回的值，不要缓存。可用 wx-h5 sign URL --compare SIGNATURE 查出签的是什么。',
    ),
  ],
  url_domain_not_bound: [
    cause(
      'The domain of the page is not in JS接口安全域名 of this appId, or the page has a port other than 80 and 443 or an IP address: add the domain, without scheme, port and path. A new entry works after 24 hours at the latest.',
      '页面域名不在该 appId 的 JS接口安全域名中，或页面使用了 80、443 以外的端口或 IP 地址：请添加域名（不含协议、端口和路径）。新域名最迟 24 小时生效。',
    ),
  ],
  invalid_config: [
    cause(
      'Arguments of wx.config are missing or wrong: pass on appId, timestamp, nonceStr and signature as the service answered them, and a jsApiList that is not empty.',
      'wx.config 的参数缺失或错误：请原样传入服务返回的 appId、timestamp、nonceStr、signature，且 jsApiList 不能为空。',
    ),
  ],
  require_subscribe: [
    cause(
      'This is a test account, and the person does not follow it: follow it first.',
      '这是测试号，而用户没有关注：请先关注该测试号。',
    ),
  ],
  permission_denied: [
    cause(
      'The account has no right to this API (see 接口权限 at mp.weixin.qq.com), or the person refused.',
      '该公众号没有此接口的权限（见 mp.weixin.qq.com「接口权限」），或用户拒绝了。',
    ),
  ],
  not_verified: [
    cause(
      'The API was called before or without a successful config, or is not in jsApiList: use weixin.call, which waits, and add the API to jsApiList.',
      '在 config 成功之前调用了接口，或接口不在 jsApiList 中：请使用会等待的 weixin.call，并把接口加入 jsApiList。',
    ),
  ],
  not_supported: [
    cause(
      'This WeChat is too old or does not have the API: update WeChat, or do without.',
      '当前微信版本过低或没有此接口：请升级微信，或不使用该接口。',
    ),
  ],
  cancelled: [cause('The person cancelled: nothing is wrong.', '用户取消了操作：不是错误。')],
  invalid_argument: [
    cause(
      'An argument is wrong, and nothing was sent to WeChat: correct the one that the message names.',
      '参数有误，没有向微信发送任何内容：请改正提示中的参数。',
    ),
  ],
  auth_info_missing: [
    cause(
      'The address has no identity: call weixin.authInfo(), which sends the visitor through WeChat.',
      '地址中没有身份信息：请调用 weixin.authInfo()，由它引导用户授权。',
    ),
  ],
  auth_info_invalid: [
    cause(
      'The address has an identity of a wrong shape, or two different ones: open the page without these parameters.',
      '地址中的身份参数格式不对，或出现了两个不同的值：请去掉这些参数后重新打开页面。',
    ),
  ],
  access_denied: [
    cause(
      'The visitor refused the authorisation: say why you ask, and ask again on a tap.',
      '访客拒绝了授权：请说明用途，并在用户点击后再次请求。',
    ),
  ],
  card_failed: [
    cause(
      '已领完 on the screen of WeChat: no stock is left, the person has as many as allowed, the code was taken before, or this cardExt was used already. Look at stock and limit, and take a new cardExt for every tap.',
      '微信界面显示「已领完」：没有库存、已达领取上限、code 已被领取，或该 cardExt 已被使用。请检查库存和上限，每次点击都重新获取 cardExt。',
    ),
    cause(
      '参数错误 on the screen of WeChat: code or openid do not fit the card. Compare with use_custom_code and bind_openid of the card.',
      '微信界面显示「参数错误」：code 或 openid 与卡券设置不符。请对照卡券的 use_custom_code 和 bind_openid。',
    ),
    cause(
      '签名错误 on the screen of WeChat: cardExt was changed after signing, or signed with the ticket of another account or of pages. Pass on cardExt as text, as it came.',
      '微信界面显示「签名错误」：cardExt 在签名后被改动，或使用了其他账号或页面的 ticket。请把 cardExt 作为字符串原样传入。',
    ),
  ],
  bad_native_answer: [
    cause(
      'The answer of WeChat about cards cannot be read, and the person may have the card: let your backend ask WeChat before you offer it again.',
      '微信关于卡券的回答无法解析，用户可能已经领到：再次发放前请由后端向微信查询。',
    ),
  ],
  page_left: [
    cause(
      'The page was left while WeChat was asked: call again once the page is back.',
      '等待微信响应时页面被切走：请在页面恢复后重新调用。',
    ),
  ],
  failed: [
    cause(
      'WeChat said no without a reason that is known: see errMsg, and try the same in the sandbox, which says why.',
      '微信没有给出已知的失败原因：请查看 errMsg，并在沙箱中重现，沙箱会说明原因。',
    ),
  ],
} as const satisfies Record<string, readonly Cause[]>

export type ClientCode = keyof typeof clientCodes
