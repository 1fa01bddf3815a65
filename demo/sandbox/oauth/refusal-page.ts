import type { Answer } from '../api/answer.ts'
import { escapeHtml, htmlPage } from './html-page.ts'
import { chineseFirst } from './language.ts'
import type { PageRefusal } from './page-refusal.ts'

/** WeChat's words, always Chinese, and under them the sandbox's own. */
export function refusalPage(refusal: PageRefusal, headers: Headers): Answer {
  const text = refusal.textFor(headers.get('user-agent') ?? '')
  const isChinese = chineseFirst(headers)
  const hint = isChinese ? `沙箱提示：${refusal.hintZh}` : `Sandbox: ${refusal.hint}`
  const page = htmlPage({
    title: text,
    language: 'zh-CN',
    body: `<main class="message"><div class="mark">!</div><h1>${escapeHtml(text)}</h1>
<p class="hint"${isChinese ? '' : ' lang="en"'}>${escapeHtml(hint)}</p></main>`,
  })
  return typeof refusal.reason === 'number' ? { ...page, errcode: refusal.reason } : page
}
