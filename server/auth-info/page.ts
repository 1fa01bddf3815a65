import type { ServiceError } from '../errors.ts'
import { escapeHtml } from '../http/escape-html.ts'
import { problemReply } from '../http/problem.ts'
import { HTML_TYPE, type Reply } from '../http/reply.ts'

const style = `:root{color-scheme:light dark}body{font:17px/1.6 system-ui,"PingFang SC","Noto Sans SC",sans-serif;max-width:32rem;margin:0 auto;padding:15vh 1.5rem 2rem}
h1{font-size:1.35rem;margin:0 0 .75rem}p{margin:.5rem 0}.more{opacity:.65;font-size:.85rem;overflow-wrap:anywhere}code{font:.9em ui-monospace,Menlo,monospace}`

const titles: Readonly<Record<string, readonly [string, string]>> = {
  redirect_not_allowed: ['这个跳转地址不被允许', 'This redirect is not allowed'],
  state_invalid: ['授权已失效', 'This sign-in is no longer valid'],
  login_loop: ['多次授权未能完成', 'Signing in did not come to an end'],
  unknown_account: ['未找到对应的公众号', 'No such account'],
  invalid_request: ['请求地址有误', 'The address is not right'],
  rate_limited: ['操作太频繁', 'Too many requests'],
}

/** Renders a failure as a page for the person who sees it, in Chinese and English; nothing is sent anywhere. */
export function errorPage(error: ServiceError, requestId: string): Reply {
  const [zh, en] = titles[error.code] ?? ['暂时无法完成授权', 'Signing in is not possible right now']
  return {
    ...problemReply(error, requestId),
    contentType: HTML_TYPE,
    body: `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${zh} · ${en}</title><style>${style}</style></head>
<body><h1>${zh}<br>${en}</h1>
<p>${escapeHtml(error.message)}</p><p>${escapeHtml(error.hint ?? '')}</p>
<p class="more"><code>${error.code}</code>${error.errcode === undefined ? '' : ` · WeChat ${error.errcode}`} · ${escapeHtml(requestId)}</p>
</body></html>`,
  }
}

/** Headers of every answer of these routes: nothing is framed, loaded or leaked. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}
