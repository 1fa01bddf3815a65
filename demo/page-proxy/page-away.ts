import type { IncomingMessage, ServerResponse } from 'node:http'
import { escapeHtml } from '../../server/http/escape-html.ts'

/** Says in both languages that the developer's page does not answer, and at which address. */
export function pageAway(
  request: IncomingMessage,
  response: ServerResponse,
  page: URL,
  error: Error,
  script: string,
): void {
  const reason = ('code' in error && typeof error.code === 'string' && error.code) || error.message
  const isPage = request.headers.accept?.includes('text/html') === true
  response.writeHead(502, {
    'content-type': `${isPage ? 'text/html' : 'text/plain'}; charset=utf-8`,
    'cache-control': 'no-store',
  })
  if (!isPage) {
    response.end(`The page ${page.origin} does not answer (${reason}). 网页 ${page.origin} 没有响应。`)
    return
  }
  const origin = escapeHtml(page.origin)
  response.end(`<!doctype html><html lang="zh-CN"><head>${script}<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>网页没有响应 · No answer</title><style>
body{margin:0;padding:48px 24px;font:16px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC",system-ui,sans-serif}
h1{margin:0 0 8px;font-size:20px}p{margin:0 0 16px}code{overflow-wrap:anywhere;font-size:14px}
a{display:block;padding:12px;border-radius:8px;background:#07c160;color:#fff;text-align:center;text-decoration:none}
small{opacity:.6}</style></head><body>
<h1>你的网页没有响应</h1>
<p><code>${origin}</code> 连不上。请启动它的开发服务器，或检查 <code>--page</code> 里的地址。</p>
<h1>Your page does not answer</h1>
<p>Nothing answers at <code>${origin}</code>. Start its development server, or check the address given with <code>--page</code>.</p>
<p><a href="">再试一次 · Try again</a></p><p><small>${escapeHtml(reason)}</small></p>
</body></html>`)
}
