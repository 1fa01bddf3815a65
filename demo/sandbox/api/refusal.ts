/** WeChat's texts, as they stand in front of the request id. */
const TEXTS = {
  [-1]: 'system error',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40056: 'invalid serial code',
  40073: 'invalid card id',
  40075: 'invalid encrypt code',
  40097: 'invalid args',
  40099: 'invalid code, this code has consumed.',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40243: 'appsecret is frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41003: 'refresh_token missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41009: 'missing openid',
  41011: 'missing required fields! please check document and request json!',
  42001: 'access_token expired',
  42002: 'refresh_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  48001: 'api unauthorized',
  48006: 'forbid to clear quota because of reaching the limit',
  76003: 'bad cgi_path',
} as const

export type RefusalCode = keyof typeof TEXTS

/** WeChat says no: an errcode and its text, without the request id. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly errcode: number

  constructor(errcode: RefusalCode | 40164, text?: string) {
    super(text ?? (errcode === 40164 ? 'invalid ip' : TEXTS[errcode]))
    this.errcode = errcode
  }
}

/** 40164 in the exact words that name the address to add to the white list. */
export function ipRefusal(ip: string): Refusal {
  const v6 = ip.includes(':') ? ip : `::ffff:${ip}`
  return new Refusal(40164, `invalid ip ${ip} ipv6 ${v6}, not in whitelist`)
}
