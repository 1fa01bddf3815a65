import type { AccountConfig } from '../config/types.ts'
import { isAddress, isLoopback } from './hosts.ts'
import { type Finding, failed, passed, together, warning } from './step.ts'

/** WeChat takes at most this many JS接口安全域名 for one account. */
const MOST_DOMAINS = 5

/** Whether the pages of an account can be registered as JS接口安全域名, and what has to be entered there. */
export function checkPageDomains({ pageOrigins, verifyFiles }: AccountConfig): Finding {
  const pages = pageOrigins.map((origin) => new URL(origin))
  if (pages.length === 0) {
    return warning(
      'pageOrigins are empty: no page can be signed.',
      'Add the origins of your pages to accounts[].pageOrigins (WX_PAGE_ORIGINS).',
      '请把页面来源加入 accounts[].pageOrigins（WX_PAGE_ORIGINS）。',
    )
  }
  const public_ = pages.filter(({ hostname }) => !isLoopback(hostname) && !isAddress(hostname))
  const domains = [...new Set(public_.map(({ hostname }) => hostname))]
  return together([
    ...(domains.length === 0 ? [] : [whatToEnter(domains, Object.keys(verifyFiles))]),
    ...(domains.length > MOST_DOMAINS ? [tooMany(domains.length)] : []),
    ...pages.flatMap(judgePage),
  ])
}

function whatToEnter(domains: readonly string[], files: readonly string[]): Finding {
  const proof = files.length === 0 ? 'the file MP_verify_….txt that WeChat gives you' : files.join(', ')
  return passed(
    `Enter as JS接口安全域名 at mp.weixin.qq.com, each alone, without scheme, port and path: ${domains.join(', ')}. WeChat looks for ${proof} at the root of each. Whether they are entered, only WeChat knows.`,
  )
}

function tooMany(count: number): Finding {
  return warning(
    `These are ${count} domains, and WeChat takes ${MOST_DOMAINS}.`,
    'Enter a parent domain, which covers its sub-domains, or move pages to fewer domains.',
    `微信最多允许 ${MOST_DOMAINS} 个域名：请填写上级域名（可覆盖子域名），或减少页面域名。`,
  )
}

function judgePage({ origin, hostname, port }: URL): Finding[] {
  if (isLoopback(hostname)) {
    return [
      warning(
        `${origin} is this machine: good for the sandbox, never for a phone.`,
        'Use a domain that phones can open for real visitors.',
        `${origin} 是本机地址：只适用于沙箱，真实访客请使用手机可以访问的域名。`,
      ),
    ]
  }
  if (isAddress(hostname)) {
    return [
      failed(
        `${origin} is an IP address, which WeChat does not take: its pages get "invalid url domain".`,
        'Give the pages a domain name.',
        `${origin} 是 IP 地址，微信不接受（页面会得到 invalid url domain）：请使用域名。`,
      ),
    ]
  }
  if (port !== '') {
    return [
      failed(
        `${origin} has the port ${port}, and WeChat takes only 80 and 443: its pages get "invalid url domain".`,
        'Serve the pages on the usual port, behind a proxy if need be.',
        `${origin} 使用了端口 ${port}，微信只接受 80 和 443（页面会得到 invalid url domain）：请用代理把页面放到默认端口。`,
      ),
    ]
  }
  return []
}
