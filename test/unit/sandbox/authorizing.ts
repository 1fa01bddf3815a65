import type { Sandbox, SandboxAccount, SandboxOptions } from '../../../demo/sandbox/index.ts'
import { account, get, read, stillSandbox, type WechatBody } from './asking.ts'

export const REDIRECT = 'https://h5.example.com/back'

export const oauthAccount: SandboxAccount = { ...account, oauthDomain: 'h5.example.com' }

/** A sandbox whose account may ask who people are. */
export function oauthSandbox(changed: Partial<SandboxAccount> = {}, options: SandboxOptions = {}): Sandbox {
  return stillSandbox({ accounts: [{ ...oauthAccount, ...changed }], ...options })
}

/** The query of an authorize address in WeChat's order; `undefined` leaves a parameter out. */
export function authorizeQuery(changed: Record<string, string | undefined> = {}): string {
  const all = {
    appid: account.appId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'a1B2',
    ...changed,
  }
  const pairs = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
}

/** A browser goes to the authorize page. */
export function authorize(sandbox: Sandbox, query: string, headers: HeadersInit = {}): Promise<Response> {
  return sandbox.fetch(
    new Request(`https://open.weixin.qq.com/connect/oauth2/authorize?${query}`, { headers }),
  )
}

/** Where the answer sends the browser; empty when it stays. */
export function locationOf(answer: Response): string {
  return answer.status === 302 ? (answer.headers.get('location') ?? '') : ''
}

/** The big text of a page. */
export async function textOf(answer: Response): Promise<string> {
  return /<h1>([^<]*)<\/h1>/.exec(await answer.text())?.[1] ?? ''
}

/** The code a visitor comes back with, without seeing a page. */
export async function codeFor(
  sandbox: Sandbox,
  scope: 'snsapi_base' | 'snsapi_userinfo' = 'snsapi_base',
  extras: Record<string, string> = {},
): Promise<string> {
  const location = locationOf(await authorize(sandbox, authorizeQuery({ scope, ...extras })))
  return new URL(location).searchParams.get('code') ?? ''
}

export interface SnsBody extends WechatBody {
  readonly refresh_token?: string
  readonly openid?: string
  readonly scope?: string
  readonly unionid?: string
  readonly is_snapshotuser?: number
}

export function exchangeQuery(code: string, changed: Record<string, string> = {}): string {
  const all = {
    appid: account.appId,
    secret: account.appSecret,
    code,
    grant_type: 'authorization_code',
    ...changed,
  }
  return `sns/oauth2/access_token?${new URLSearchParams(all)}`
}

export function exchange(
  sandbox: Sandbox,
  code: string,
  changed: Record<string, string> = {},
): Promise<SnsBody> {
  return read(get(sandbox, exchangeQuery(code, changed)))
}

/** Goes the whole way: authorize, exchange. */
export async function signIn(
  sandbox: Sandbox,
  scope: 'snsapi_base' | 'snsapi_userinfo' = 'snsapi_base',
): Promise<{ accessToken: string; refreshToken: string; openid: string; unionid?: string }> {
  const body = await exchange(sandbox, await codeFor(sandbox, scope))
  return {
    accessToken: body.access_token ?? '',
    refreshToken: body.refresh_token ?? '',
    openid: body.openid ?? '',
    ...(body.unionid === undefined ? {} : { unionid: body.unionid }),
  }
}

export function sns(sandbox: Sandbox, path: string, query: Record<string, string>): Promise<SnsBody> {
  return read(get(sandbox, `sns/${path}?${new URLSearchParams(query)}`))
}

/** The answer to the form of a consent page. */
export async function answerConsent(
  sandbox: Sandbox,
  page: Response | string,
  answer: 'allow' | 'refuse',
): Promise<Response> {
  const html = typeof page === 'string' ? page : await page.text()
  const consent = /name="consent" value="([0-9a-f]+)"/.exec(html)?.[1] ?? ''
  return sandbox.fetch(
    new Request('https://open.weixin.qq.com/connect/oauth2/authorize/consent', {
      method: 'POST',
      body: new URLSearchParams({ consent, answer }),
    }),
  )
}
