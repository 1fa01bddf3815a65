import type { DomainVerdict } from './safe-domain.ts'
import type { Wording } from './wording.ts'

/** Why this page is on no JS-safe domain, and what to register. */
export function domainWords(
  verdict: Exclude<DomainVerdict, 'ok'>,
  url: string,
  appId: string,
  safeDomains: readonly string[],
): Wording {
  const list = safeDomains.length === 0 ? '(none / 无)' : safeDomains.join(', ')
  const host = URL.canParse(url) ? new URL(url).host : url
  const words: Record<Exclude<DomainVerdict, 'ok'>, readonly [string, string]> = {
    'not-a-web-address': [
      `${JSON.stringify(url)} is not an http or https address.`,
      `${JSON.stringify(url)} 不是 http 或 https 地址。`,
    ],
    'ip-address': [
      `${host} is an IP address; WeChat accepts domains only.`,
      `${host} 是 IP 地址；微信只接受域名。`,
    ],
    port: [
      `${host} has a port; WeChat accepts ports 80 and 443 only.`,
      `${host} 带端口；微信只接受 80 和 443 端口。`,
    ],
    'not-listed': [
      `${host} is not one of the JS-safe domains of ${appId}: ${list}.`,
      `${host} 不在 ${appId} 的 JS接口安全域名里：${list}。`,
    ],
  }
  const [reason, reasonZh] = words[verdict]
  return {
    reason,
    reasonZh,
    fix: "Add the page's domain, without scheme and port, to the account's JS-safe domains (in the sandbox: safeDomains); on WeChat it can take a day.",
    fixZh:
      '在公众平台的“JS接口安全域名”里加上页面的域名（不带协议和端口；沙箱里是 safeDomains）；在微信上最多需要一天生效。',
  }
}
