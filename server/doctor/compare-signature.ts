import { sha1 } from '../sha1.ts'
import { withoutFragment } from './page-url-mistakes.ts'

export interface SignedParts {
  readonly ticket: string
  readonly nonceStr: string
  /** Epoch seconds as text. */
  readonly timestamp: string
  readonly url: string
}

export interface Comparison {
  /** `same`: the page signed what it should. `variant`: another text, which was found. `unknown`: none that was tried. */
  readonly result: 'same' | 'variant' | 'unknown'
  /** How the text that was signed differs. */
  readonly variant?: string
  readonly variantZh?: string
  /** The address that was signed. */
  readonly url?: string
  /** Number of the first character of the addresses that differs, from 1. */
  readonly firstDifference?: number
}

type Variant = readonly [
  en: string,
  zh: string,
  change: Partial<SignedParts>,
  text?: (text: string) => string,
]

/** The text whose SHA-1 is the signature. */
export function textToHash({ ticket, nonceStr, timestamp, url }: SignedParts): string {
  return `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
}

/** Finds out what was hashed for a signature that a page reports: the right text, or one of the classic mistakes. */
export function compareSignature(received: string, parts: SignedParts, signature: string): Comparison {
  const right = textToHash(parts)
  if (sha1(right) === signature) return { result: 'same' }
  if (sha1(right) === signature.trim().toLowerCase()) {
    return { result: 'variant', variant: 'in upper case', variantZh: '使用了大写字母' }
  }
  for (const [variant, variantZh, change, rewrite = (text: string) => text] of variantsOf(received, parts)) {
    if (sha1(rewrite(textToHash({ ...parts, ...change }))) !== signature) continue
    const { url } = change
    const place = url === undefined ? {} : { url, firstDifference: firstDifference(parts.url, url) + 1 }
    return { result: 'variant', variant, variantZh, ...place }
  }
  return { result: 'unknown' }
}

function variantsOf(received: string, { url, timestamp }: SignedParts): Variant[] {
  return [
    ...urlVariants(received, url).map(([en, zh, other]): Variant => [en, zh, { url: other }]),
    ['with the timestamp in milliseconds', '时间戳用了毫秒', { timestamp: `${timestamp}000` }],
    [
      'with nonceStr in place of noncestr',
      '参数名写成了 nonceStr',
      {},
      (text) => text.replace('&noncestr=', '&nonceStr='),
    ],
  ]
}

function urlVariants(received: string, url: string): [en: string, zh: string, url: string][] {
  const query = url.indexOf('?')
  const [path, search] = query === -1 ? [url, ''] : [url.slice(0, query), url.slice(query)]
  const others: [string, string, string | undefined][] = [
    ['with the fragment', '带上了 # 片段', received],
    ['without the query', '去掉了查询参数', path],
    ['decoded once more', '多解码了一次', decoded(url)],
    ['encoded with encodeURIComponent', '用 encodeURIComponent 编码过', encoded(url, encodeURIComponent)],
    ['encoded with encodeURI', '用 encodeURI 编码过', encoded(url, encodeURI)],
    ['as a browser writes it', '按浏览器的写法', URL.canParse(url) ? new URL(url).href : undefined],
    ['with http in place of https', '用了 http 而不是 https', url.replace(/^https:/i, 'http:')],
    ['with https in place of http', '用了 https 而不是 http', url.replace(/^http:/i, 'https:')],
    ['with a slash at the end of the path', '路径末尾多了斜杠', `${path}/${search}`],
    ['without the slash at the end of the path', '路径末尾少了斜杠', `${path.replace(/\/$/, '')}${search}`],
    ['with &amp; in place of &', '& 变成了 &amp;', url.replaceAll('&', '&amp;')],
    ['with & in place of &amp;', '&amp; 变成了 &', url.replaceAll('&amp;', '&')],
    ['without code and state', '去掉了 code 和 state', withoutLogin(path, search)],
    ['up to the first &', '在第一个 & 处被截断', url.split('&', 1)[0]],
    [
      'of the root of the site',
      '只签了站点根地址',
      URL.canParse(url) ? `${new URL(url).origin}/` : undefined,
    ],
  ]
  return others.flatMap(([en, zh, other]) =>
    other === undefined || other === url ? [] : [[en, zh, other] satisfies [string, string, string]],
  )
}

function withoutLogin(path: string, search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => !/^(?:code|state)=/.test(part))
  return kept.join('') === '' ? path : `${path}?${kept.join('&')}`
}

function decoded(url: string): string | undefined {
  try {
    return withoutFragment(decodeURIComponent(url))
  } catch {
    return undefined
  }
}

function encoded(url: string, encode: (text: string) => string): string | undefined {
  return url.isWellFormed() ? encode(url) : undefined
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}
