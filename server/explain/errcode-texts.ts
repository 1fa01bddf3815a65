/** Texts of WeChat that stand for an errcode where the number is missing, in lower case. */
export const errcodeTexts: readonly (readonly [mark: string, errcode: number])[] = [
  ['not in whitelist', 40164],
  ['invalid appsecret', 40125],
  ['invalid credential', 40001],
  ['access_token expired', 42001],
  ['api unauthorized', 48001],
  ['code been used', 40163],
  ['invalid code', 40029],
  ['invalid appid', 40013],
  ['reach max api daily quota', 45009],
  ['api freq out of limit', 45009],
  ['redirect_uri域名与后台配置不一致', 10003],
  ['redirect_uri 参数错误', 10003],
  ['没有scope权限', 10005],
  ['没有 scope 权限', 10005],
  ['没有这些scope的权限', 10005],
  ['redirect_uri协议与后台配置不一致', 10039],
]
