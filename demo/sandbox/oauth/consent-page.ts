import type { Answer } from '../api/answer.ts'
import type { ApiRequest } from '../api/request.ts'
import type { Question } from '../truth/consents.ts'
import type { SandboxAccount } from '../types.ts'
import { escapeHtml, htmlPage } from './html-page.ts'
import { chineseFirst } from './language.ts'

const WORDS = {
  zh: {
    title: '微信授权',
    asks: '申请',
    gets: '获取你的昵称、头像',
    hint: '微信个人信息',
    refuse: '拒绝',
    allow: '允许',
  },
  en: {
    title: 'WeChat authorization',
    asks: 'requests to',
    gets: 'Get your nickname and profile photo',
    hint: 'Personal info on WeChat',
    refuse: 'Reject',
    allow: 'Allow',
  },
}

/** The sheet that asks for the profile; its form answers with the one-time id. */
export function consentPage(
  { name, appId }: SandboxAccount,
  { grant }: Question,
  id: string,
  { headers }: ApiRequest,
): Answer {
  const isChinese = chineseFirst(headers)
  const words = isChinese ? WORDS.zh : WORDS.en
  const account = name ?? appId
  const { nickname, headimgurl } = grant.visitor
  const picture =
    headimgurl === '' ? '<span class="blank"></span>' : `<img src="${escapeHtml(headimgurl)}" alt="">`
  return htmlPage({
    title: words.title,
    language: isChinese ? 'zh-CN' : 'en',
    body: `<main class="sheet"><div class="account"><span class="logo" aria-hidden="true">${escapeHtml([...account][0] ?? '')}</span><span><b>${escapeHtml(account)}</b> ${words.asks}</span></div>
<h1>${words.gets}</h1>
<div class="person">${picture}<div>${escapeHtml(nickname)}<small>${words.hint}</small></div><span class="tick" aria-hidden="true">✓</span></div>
<form class="answers" method="post" action="/connect/oauth2/authorize/consent"><input type="hidden" name="consent" value="${id}">
<button class="button" name="answer" value="refuse">${words.refuse}</button>
<button class="button button-allow" name="answer" value="allow">${words.allow}</button></form></main>`,
  })
}
