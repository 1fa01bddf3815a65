import { MAX_URL_LENGTH } from '../jsapi/page-url.ts'
import { isAddress, isLoopback } from './hosts.ts'

/** A reason for which WeChat or the service will refuse a page, found in the text of its address. */
export interface UrlMistake {
  readonly code: string
  readonly message: string
  readonly messageZh: string
}

interface Rule {
  readonly code: string
  readonly broken: (received: string, page: string, url: URL | undefined) => boolean | string
  readonly message: (given: string) => string
  readonly messageZh: (given: string) => string
}

const rules: readonly Rule[] = [
  {
    code: 'encoded',
    broken: (_, page) => /^https?%3a/i.test(page),
    message: () => 'The whole address is percent-encoded: give it as the address bar shows it.',
    messageZh: () => '整个地址都被编码了：请使用地址栏中的原样地址。',
  },
  {
    code: 'not_absolute',
    broken: (_, page, url) => !/^https?%3a/i.test(page) && (url === undefined || !/^https?:/i.test(page)),
    message: () => 'This is not an absolute http:// or https:// address: no page has it.',
    messageZh: () => '这不是完整的 http:// 或 https:// 地址：不可能是页面地址。',
  },
  {
    code: 'fragment',
    broken: (received, page) => received !== page,
    message: () => 'The # and what follows is not part of the signed text; it was left out.',
    messageZh: () => '# 及其后的内容不参与签名，已去掉。',
  },
  {
    code: 'encoded_twice',
    broken: (_, page) => /%25[0-9a-f]{2}/i.test(page),
    message: () => 'It holds %25 and two hexadecimal digits: perhaps it was encoded twice on its way here.',
    messageZh: () => '其中有 %25 加两位十六进制数：可能被重复编码。',
  },
  {
    code: 'html_escaped',
    broken: (_, page) => page.includes('&amp;'),
    message: () => 'It holds &amp;: it was escaped for HTML on its way here.',
    messageZh: () => '其中有 &amp;：在传递过程中被 HTML 转义。',
  },
  {
    code: 'not_ascii',
    broken: (_, page) => /[^!-~]/.test(page),
    message: () => 'It holds spaces or characters beyond ASCII, which location.href has percent-encoded.',
    messageZh: () => '其中有空格或非 ASCII 字符，而 location.href 中它们是百分号编码的。',
  },
  {
    code: 'not_as_browsers_write',
    broken: (_, page, url) => /^[!-~]*$/.test(page) && url !== undefined && url.href !== page && url.href,
    message: (given) => `A browser writes it as ${given}, and that is what WeChat compares with.`,
    messageZh: (given) => `浏览器会写成 ${given}，微信以此为准。`,
  },
  {
    code: 'port',
    broken: (_, __, url) => url !== undefined && !isLoopback(url.hostname) && url.port !== '' && url.port,
    message: (given) => `It has the port ${given}; WeChat takes only 80 and 443 (invalid url domain).`,
    messageZh: (given) => `使用了端口 ${given}；微信只接受 80 和 443（invalid url domain）。`,
  },
  {
    code: 'ip_address',
    broken: (_, __, url) => url !== undefined && !isLoopback(url.hostname) && isAddress(url.hostname),
    message: () => 'Its host is an IP address, which WeChat does not take (invalid url domain).',
    messageZh: () => '主机是 IP 地址，微信不接受（invalid url domain）。',
  },
  {
    code: 'too_long',
    broken: (_, page) => page.length > MAX_URL_LENGTH,
    message: () => `It has more than ${MAX_URL_LENGTH} characters: the service refuses it (url_too_long).`,
    messageZh: () => `超过 ${MAX_URL_LENGTH} 个字符：服务会拒绝（url_too_long）。`,
  },
]

/**
 * Finds the classic mistakes in the address of a page. It can be signed all the same.
 *
 * @param allowedOrigins origins of the account as `URL.origin` writes them; absent without a configuration
 */
export function findUrlMistakes(
  received: string,
  allowedOrigins: ReadonlySet<string> | undefined,
): UrlMistake[] {
  const page = withoutFragment(received)
  const url = URL.canParse(page) ? new URL(page) : undefined
  const found = rules.flatMap(({ code, broken, message, messageZh }) => {
    const given = broken(received, page, url)
    if (given === false) return []
    const shown = given === true ? '' : given
    return [{ code, message: message(shown), messageZh: messageZh(shown) }]
  })
  return url === undefined || allowedOrigins === undefined || allowedOrigins.has(url.origin)
    ? found
    : [...found, notAllowed(url.origin)]
}

/** The text that is signed: up to the first `#`. */
export function withoutFragment(received: string): string {
  const hash = received.indexOf('#')
  return hash === -1 ? received : received.slice(0, hash)
}

function notAllowed(origin: string): UrlMistake {
  return {
    code: 'origin_not_allowed',
    message: `${origin} is not on accounts[].pageOrigins: the service refuses this page (origin_not_allowed).`,
    messageZh: `${origin} 不在 accounts[].pageOrigins 中：服务会拒绝该页面（origin_not_allowed）。`,
  }
}
