import type { Answer } from '../api/answer.ts'

export interface HtmlPage {
  readonly title: string
  readonly language: 'zh-CN' | 'en'
  readonly body: string
  readonly head?: string
}

const STYLE = `:root{color-scheme:light dark;--page:#ededed;--surface:#fff;--ink:#191919;--ink-2:rgb(0 0 0/55%);--line:rgb(0 0 0/10%);--green:#07c160;--grey:rgb(0 0 0/5%)}
@media(prefers-color-scheme:dark){:root{--page:#111;--surface:#191919;--ink:rgb(255 255 255/88%);--ink-2:rgb(255 255 255/56%);--line:rgb(255 255 255/10%);--grey:rgb(255 255 255/8%)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;background:var(--page);color:var(--ink);font:16px/1.5 -apple-system,BlinkMacSystemFont,"PingFang SC","Helvetica Neue","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;-webkit-text-size-adjust:100%}
h1,p,ul{margin:0;padding:0}
.message{padding:22vh 32px 40px;text-align:center}
.message h1{margin-top:28px;font-size:20px;font-weight:600;word-break:break-word}
.mark{width:64px;height:64px;margin:0 auto;border-radius:50%;background:#fa9d3b;color:#fff;font:700 36px/64px Georgia,serif}
.mark-info{background:#10aeff}
.hint{margin-top:16px;color:var(--ink-2);font-size:14px}
.message .button{margin-top:32px}
.button{display:inline-block;min-width:184px;padding:9px 24px;border:0;border-radius:8px;background:var(--grey);color:var(--green);font-family:inherit;font-size:17px;font-weight:600;line-height:1.41;text-align:center;text-decoration:none;cursor:pointer}
.button:focus-visible{outline:2px solid var(--green);outline-offset:2px}
.button:active{opacity:.75}
.button-allow{background:var(--green);color:#fff}
.sheet{position:fixed;inset:auto 0 0;max-width:480px;margin:0 auto;padding:24px 24px max(32px,env(safe-area-inset-bottom));border-radius:12px 12px 0 0;background:var(--surface)}
.account{display:flex;align-items:center;gap:10px;font-size:15px;word-break:break-word}
.account img,.person img{flex:none;object-fit:cover}
.logo{flex:none;width:28px;height:28px;border-radius:6px;background:var(--green);color:#fff;font-size:16px;font-weight:600;line-height:28px;text-align:center}
.sheet h1{margin:20px 0 16px;font-size:17px;font-weight:600}
.person{display:flex;align-items:center;gap:12px;padding:12px 0;border:solid var(--line);border-width:1px 0}
.person img,.person .blank{width:44px;height:44px;border-radius:6px;background:var(--grey)}
.person small{display:block;color:var(--ink-2);font-size:13px}
.tick{margin-left:auto;color:var(--green);font-size:20px}
.answers{display:flex;justify-content:center;gap:16px;margin-top:28px}
.answers .button{flex:1;min-width:0;max-width:184px}
`

/** A page of WeChat: one file, no script; it never stays in a cache. */
export function htmlPage({ title, language, body, head = '' }: HtmlPage): Answer {
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: {
      'cache-control': 'no-store',
      // No form-action: browsers would stop the redirect to the page that asked.
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; base-uri 'none'",
      'x-content-type-options': 'nosniff',
    },
    body: `<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>${escapeHtml(title)}</title>${head}<style>${STYLE}</style></head><body>${body}</body></html>
`,
  }
}

/** For text and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
