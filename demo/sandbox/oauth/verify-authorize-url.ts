import { isLoopbackHost } from '../verify/safe-domain.ts'
import { type AuthorizeQuery, isOAuthScope, readAuthorizeQuery } from './authorize-query.ts'
import { PageRefusal } from './page-refusal.ts'

/** What {@link verifyAuthorizeUrl} found. */
export type AuthorizeUrlVerdict =
  | { readonly ok: true; readonly query: AuthorizeQuery }
  | {
      readonly ok: false
      /** WeChat's code, when it has one for this mistake. */
      readonly code?: number
      readonly reason: string
      readonly reasonZh: string
    }

const SHAPE = /^(https?:\/\/[^/?#\s]+)\/connect\/oauth2\/authorize\?([^#\s]*)(#.*)?$/

/**
 * Checks the whole text of an authorize address, as WeChat's client matches it.
 *
 * It sees what a server cannot: `#wechat_redirect` never leaves the browser. The host must be open.weixin.qq.com
 * over https, or a sandbox on this machine. Whether the account allows the address is told by the page itself.
 *
 * @example
 * const address = 'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef' +
 *   '&redirect_uri=https%3A%2F%2Fexample.com%2F&response_type=code&scope=snsapi_base&state=a1#wechat_redirect'
 * const verdict = verifyAuthorizeUrl(address)
 * if (!verdict.ok) throw new Error(verdict.reason)
 */
export function verifyAuthorizeUrl(url: string): AuthorizeUrlVerdict {
  const [, origin = '', search = '', fragment = ''] = SHAPE.exec(url) ?? []
  if (!isAuthorizeOrigin(origin)) {
    return refused(
      'It must begin with https://open.weixin.qq.com/connect/oauth2/authorize? and have no spaces.',
      '必须以 https://open.weixin.qq.com/connect/oauth2/authorize? 开头，且没有空格。',
    )
  }
  if (fragment !== '#wechat_redirect') {
    return refused(
      'It must end with #wechat_redirect, in a redirect too.',
      '必须以 #wechat_redirect 结尾，302 跳转时也一样。',
    )
  }
  const redirectUri = /(?:^|&)redirect_uri=([^&]*)/.exec(search)?.[1] ?? ''
  if (!/^[\w\-.!~*'()%+]*$/.test(redirectUri)) {
    return refused('redirect_uri must be percent-encoded.', 'redirect_uri 必须经过 urlEncode 编码。')
  }
  try {
    const query = readAuthorizeQuery(search)
    if (!isOAuthScope(query.scope)) throw new PageRefusal(10005)
    return { ok: true, query }
  } catch (error) {
    if (!(error instanceof PageRefusal)) throw error
    const { reason, hint, hintZh } = error
    return { ...refused(hint, hintZh), ...(typeof reason === 'number' ? { code: reason } : {}) }
  }
}

function isAuthorizeOrigin(origin: string): boolean {
  if (origin === 'https://open.weixin.qq.com') return true
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname)
}

function refused(reason: string, reasonZh: string): { ok: false; reason: string; reasonZh: string } {
  return { ok: false, reason, reasonZh }
}
