import type { Answer } from '../api/answer.ts'
import type { ApiRequest } from '../api/request.ts'
import type { Question } from '../truth/consents.ts'
import type { World } from '../world.ts'
import { escapeHtml, htmlPage } from './html-page.ts'
import { chineseFirst } from './language.ts'
import { landingUrl } from './redirect-uri.ts'

/** Sends the visitor back with a code. */
export function land(world: World, question: Question): Answer {
  const { cookiesLost } = world.oauth.now()
  const answer = isDouble(world, question) ? twice(world, question) : redirect(withCode(world, question))
  return cookiesLost ? { ...answer, headers: { ...answer.headers, 'clear-site-data': '"cookies"' } } : answer
}

/** After a refusal WeChat documents no redirect: the page stays. */
export function refuseConsent(
  world: World,
  { redirectUri, state, search }: Question,
  request: ApiRequest,
): Answer {
  if (world.oauth.now().refusal === 'state-only') {
    return redirect(landingUrl(redirectUri, state === undefined ? {} : { state }))
  }
  const isChinese = chineseFirst(request.headers)
  const words = isChinese
    ? { title: '你已拒绝授权', again: '重新授权' }
    : { title: 'You refused', again: 'Ask me again' }
  const address = `/connect/oauth2/authorize${search}#wechat_redirect`
  return htmlPage({
    title: words.title,
    language: isChinese ? 'zh-CN' : 'en',
    body: `<main class="message"><div class="mark mark-info">i</div><h1>${words.title}</h1>
<p><a class="button" href="${escapeHtml(address)}">${words.again}</a></p></main>`,
  })
}

function withCode(world: World, { grant, redirectUri, state }: Question): string {
  const code = world.codes.issue(grant)
  return landingUrl(redirectUri, state === undefined ? { code } : { code, state })
}

function redirect(location: string): Answer {
  return {
    status: 302,
    contentType: 'text/html; charset=utf-8',
    body: '',
    headers: { location, 'cache-control': 'no-store' },
  }
}

function isDouble(world: World, { connectRedirect }: Question): boolean {
  const { doubleCallback } = world.oauth.now()
  return doubleCallback === 'same-code' || (doubleCallback === 'new-code' && !connectRedirect)
}

/** A page that requests the landing address as an image and then goes there: one browser, the same cookies. */
function twice(world: World, question: Question): Answer {
  const first = withCode(world, question)
  const second = world.oauth.now().doubleCallback === 'same-code' ? first : withCode(world, question)
  return htmlPage({
    title: '',
    language: 'zh-CN',
    head: `<meta http-equiv="refresh" content="1;url=${escapeHtml(second)}">`,
    body: `<img src="${escapeHtml(first)}" alt="" width="1" height="1">`,
  })
}
