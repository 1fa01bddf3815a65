export type OAuthScope = 'snsapi_base' | 'snsapi_userinfo'

export interface AuthorizeUrlInput {
  readonly appId: string
  /** Where WeChat sends the visitor back to; its host must be the account's 网页授权域名. */
  readonly redirectUri: string
  readonly scope: OAuthScope
  /** `[a-zA-Z0-9]`, at most 128 characters. */
  readonly state: string
  /** Asks for consent even where WeChat would be silent. */
  readonly forcePopup?: boolean
  /** Forces the snapshot page. */
  readonly forceSnapShot?: boolean
  /** Default `https://open.weixin.qq.com/connect/oauth2/authorize`. */
  readonly authorizeUrl?: string
}

/**
 * Builds the address at which WeChat asks a visitor who they are.
 *
 * The order of the parameters is WeChat's, which matches it as a text; `connect_redirect=1` keeps its web views
 * from calling back twice. Source: web page authorization (网页授权), step 1.
 *
 * @throws {TypeError} when `state` is not what WeChat carries through unharmed
 * @example
 * const url = buildAuthorizeUrl({
 *   appId: 'wx0123456789abcdef',
 *   redirectUri: 'https://mem.example.com/callback',
 *   scope: 'snsapi_base',
 *   state: 'abc123',
 * })
 */
export function buildAuthorizeUrl(input: AuthorizeUrlInput): string {
  if (!/^[a-zA-Z0-9]{1,128}$/.test(input.state)) {
    throw new TypeError('"state" must be 1 to 128 characters of a-z, A-Z and 0-9')
  }
  const base = input.authorizeUrl ?? 'https://open.weixin.qq.com/connect/oauth2/authorize'
  const parameters = [
    `appid=${encodeURIComponent(input.appId)}`,
    `redirect_uri=${encodeURIComponent(input.redirectUri)}`,
    'response_type=code',
    `scope=${input.scope}`,
    `state=${input.state}`,
    'connect_redirect=1',
    ...(input.forcePopup === true ? ['forcePopup=true'] : []),
    ...(input.forceSnapShot === true ? ['forceSnapShot=true'] : []),
  ]
  return `${base}?${parameters.join('&')}#wechat_redirect`
}
