import type { VerifyRequest } from '../bridge-protocol.ts'
import { comparesWithLandingUrl, verifiedUrlOf, withoutFragment } from './verified-url.ts'
import type { Wording } from './wording.ts'

/** An address a signer may have used by mistake. */
export interface UrlVariant extends Wording {
  readonly url: string
}

const SIGN_AS_IS = 'Sign the received text up to the first "#", byte for byte; change nothing in it.'
const SIGN_AS_IS_ZH = '对收到的文本在第一个 # 之前的部分逐字节签名，不要做任何改动。'
const SEND_ENCODED =
  'Send encodeURIComponent(location.href.split("#")[0]) to the signer and decode it exactly once.'
const SEND_ENCODED_ZH = '把 encodeURIComponent(location.href.split("#")[0]) 传给签名服务，并且只解码一次。'

/** The mistakes people make with the address, likeliest first; without those that change nothing here. */
export function urlVariants(request: VerifyRequest): UrlVariant[] {
  const url = verifiedUrlOf(request)
  const variants = [
    otherCandidate(request),
    ...withFragment(request),
    ...cutAtAmpersand(url),
    ...encodings(url),
    ...rewrites(url),
  ]
  return variants.filter((variant) => variant.url !== url)
}

function otherCandidate(request: VerifyRequest): UrlVariant {
  if (comparesWithLandingUrl(request.profile)) {
    return {
      url: withoutFragment(request.currentUrl),
      reason:
        'The current address was signed, but iOS compares with the address the document was loaded from; it does not see pushState or replaceState.',
      reasonZh: '签的是当前地址，但 iOS 用的是页面首次加载时的落地地址，pushState/replaceState 之后不会变。',
      fix: 'On iOS sign the landing URL: keep location.href before the router starts, or use a full page load.',
      fixZh: '在 iOS 上对落地地址签名：在路由启动前保存 location.href，或者用整页跳转。',
    }
  }
  return {
    url: withoutFragment(request.landingUrl),
    reason: 'The landing URL was signed, but this client compares with the current address.',
    reasonZh: '签的是落地地址，但这个客户端用的是当前地址（pushState 之后的地址）。',
    fix: 'On this client sign location.href as it is when wx.config is called, and sign again after a route change.',
    fixZh: '在这个客户端上，对调用 wx.config 时的 location.href 签名；路由变化后要重新签名。',
  }
}

function withFragment(request: VerifyRequest): UrlVariant[] {
  return [request.currentUrl, request.landingUrl].map((url) => ({
    url,
    reason: 'The fragment was signed too: the signed text still holds the "#" and what follows.',
    reasonZh: '把 # 及其后面的部分也签进去了。',
    fix: 'Cut the address at the first "#" before signing: location.href.split("#")[0].',
    fixZh: '签名前去掉第一个 # 及其后面的内容：location.href.split("#")[0]。',
  }))
}

function cutAtAmpersand(url: string): UrlVariant[] {
  const words: Wording = {
    reason:
      'Only the part before the first "&" was signed: the address was sent to the signer without encoding.',
    reasonZh: '只签了第一个 & 之前的部分：把地址传给签名服务时没有编码。',
    fix: SEND_ENCODED,
    fixZh: SEND_ENCODED_ZH,
  }
  return [{ url: url.split('&', 1)[0] ?? url, ...words }]
}

function encodings(url: string): UrlVariant[] {
  const decoded: Wording = {
    reason: 'A decoded form of the address was signed: it was percent-decoded once too often.',
    reasonZh: '签的是解码后的地址：多解码了一次。',
    fix: SIGN_AS_IS,
    fixZh: SIGN_AS_IS_ZH,
  }
  const encoded: Wording = {
    reason: 'An encoded form of the address was signed: it was not decoded before hashing.',
    reasonZh: '签的是编码后的地址：计算前没有解码。',
    fix: SEND_ENCODED,
    fixZh: SEND_ENCODED_ZH,
  }
  const escaped: Wording = {
    reason: 'The address was signed with "&amp;" for "&": it went through an HTML escape.',
    reasonZh: '签名的地址里 & 变成了 &amp;：经过了 HTML 转义。',
    fix: 'Take location.href in the browser, not a text from a template that escapes HTML.',
    fixZh: '用浏览器里的 location.href，不要用经过 HTML 转义的模板变量。',
  }
  const spaces: Wording = {
    reason: 'A space was written differently ("+" and "%20") in the signed address.',
    reasonZh: '签名的地址里空格的写法不同（+ 与 %20）。',
    fix: SIGN_AS_IS,
    fixZh: SIGN_AS_IS_ZH,
  }
  return [
    { url: decodedBy(decodeURIComponent, url), ...decoded },
    { url: decodedBy(decodeURI, url), ...decoded },
    { url: encodeURIComponent(url), ...encoded },
    { url: encodeURI(url), ...encoded },
    { url: url.replaceAll('&', '&amp;'), ...escaped },
    { url: url.replaceAll('+', '%20'), ...spaces },
    { url: url.replaceAll('%20', '+'), ...spaces },
    { url: url.replaceAll('+', ' '), ...spaces },
  ]
}

function rewrites(url: string): UrlVariant[] {
  const [path = '', ...query] = url.split('?')
  const tail = query.length === 0 ? '' : `?${query.join('?')}`
  const slashed = path.endsWith('/') ? path.replace(/\/+$/, '') : `${path}/`
  const otherScheme = url.startsWith('https:')
    ? url.replace('https:', 'http:')
    : url.replace('http:', 'https:')
  const because = (reason: string, reasonZh: string): Wording => ({
    reason,
    reasonZh,
    fix: SIGN_AS_IS,
    fixZh: SIGN_AS_IS_ZH,
  })
  return [
    {
      url: slashed + tail,
      ...because('A slash at the end of the path was added or dropped.', '路径末尾多了或少了一个斜杠。'),
    },
    { url: path, ...because('The query was not signed.', '没有把查询参数签进去。') },
    {
      url: otherScheme,
      ...because(
        'The address was signed with the other scheme (http and https), often rebuilt behind a proxy.',
        '签名时用了另一个协议（http 与 https），多半是在反向代理后面自己拼出来的地址。',
      ),
    },
    {
      url: url.toLowerCase(),
      ...because('The address was lower-cased before signing.', '签名前把地址转成了小写。'),
    },
    {
      url: originOf(url),
      ...because('Only the origin was signed, not the page.', '只签了域名，没有签页面地址。'),
    },
    { url: `${originOf(url)}/`, ...because('Only the home page was signed.', '签的是首页地址。') },
  ]
}

function decodedBy(decode: (text: string) => string, url: string): string {
  try {
    return decode(url)
  } catch (_malformed) {
    return url
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}
