import { sha1 } from '../sha1.ts'

export interface JsapiSignatureInput {
  /** The live `jsapi_ticket` of the account. Not the access_token, not the ticket for cards. */
  readonly ticket: string
  /** The text that goes into `wx.config` as `nonceStr`. */
  readonly nonceStr: string
  /** Seconds since 1970, as in `wx.config`. */
  readonly timestamp: number
  /** The address the page really has, without the fragment. Hashed as it is, byte for byte. */
  readonly url: string
}

/**
 * Signs one page URL for `wx.config`: lower-case hex SHA-1 of
 * `jsapi_ticket=…&noncestr=…&timestamp=…&url=…`.
 *
 * Nothing is normalised, because WeChat compares with what the page's address bar holds. Source: JS-SDK
 * document, appendix 1.
 *
 * @throws {TypeError} when a part is missing, so that the text `undefined` is never signed.
 * @example
 * const signature = signJsapi({
 *   ticket: 'ticket-from-getticket',
 *   nonceStr: 'Wm3WZYTPz0wzccnW',
 *   timestamp: 1414587457,
 *   url: 'https://h5.example.com/?id=1',
 * })
 */
export function signJsapi(input: JsapiSignatureInput): string {
  const { ticket, nonceStr, timestamp, url } = input
  if (!ticket || !nonceStr || !url || !Number.isInteger(timestamp)) {
    throw new TypeError('signJsapi needs "ticket", "nonceStr", "url" and an integer "timestamp" in seconds')
  }
  return sha1(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
}
