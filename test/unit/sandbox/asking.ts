import type { Sandbox, SandboxAccount, SandboxOptions } from '../../../demo/sandbox/index.ts'
import { createSandbox } from '../../../demo/sandbox/index.ts'

export const account: SandboxAccount = {
  appId: 'wx0123456789abcdef',
  appSecret: '0123456789abcdef0123456789abcdef',
  safeDomains: ['example.com', 'localhost'],
}

/** 2026-09-17 12:00:00 in Beijing. */
export const NOON = Date.UTC(2026, 8, 17, 4)

/** A sandbox whose clock stands still until it is moved. */
export function stillSandbox(options: SandboxOptions = {}): Sandbox {
  return createSandbox({ accounts: [account], now: () => NOON, ...options })
}

export interface WechatBody {
  readonly errcode?: number
  readonly errmsg?: string
  readonly access_token?: string
  readonly expires_in?: number
  readonly ticket?: string
  readonly ip_list?: string[]
  readonly quota?: { daily_limit: number; used: number; remain: number }
}

export function get(sandbox: Sandbox, pathAndQuery: string): Promise<Response> {
  return sandbox.fetch(new Request(`https://api.weixin.qq.com/${pathAndQuery}`))
}

export function post(sandbox: Sandbox, pathAndQuery: string, body: unknown): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return sandbox.fetch(
    new Request(`https://api.weixin.qq.com/${pathAndQuery}`, { method: 'POST', body: text }),
  )
}

export async function read(answer: Promise<Response>): Promise<WechatBody> {
  return (await (await answer).json()) as WechatBody
}

export function tokenQuery(changed: Record<string, string> = {}): string {
  const all = { grant_type: 'client_credential', appid: account.appId, secret: account.appSecret, ...changed }
  return `cgi-bin/token?${new URLSearchParams(all)}`
}

export function stableBody(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return { grant_type: 'client_credential', appid: account.appId, secret: account.appSecret, ...changed }
}

export async function classicToken(sandbox: Sandbox): Promise<string> {
  return (await read(get(sandbox, tokenQuery()))).access_token ?? ''
}

export async function stableToken(sandbox: Sandbox, changed: Record<string, unknown> = {}): Promise<string> {
  return (await read(post(sandbox, 'cgi-bin/stable_token', stableBody(changed)))).access_token ?? ''
}

export function ticketQuery(token: string, type = 'jsapi'): string {
  return `cgi-bin/ticket/getticket?access_token=${token}&type=${type}`
}

export async function jsapiTicket(sandbox: Sandbox, type = 'jsapi'): Promise<string> {
  return (await read(get(sandbox, ticketQuery(await stableToken(sandbox), type)))).ticket ?? ''
}

/** The errcode with which an API that needs a token answers; undefined when the token works. */
export async function refusalOf(sandbox: Sandbox, token: string): Promise<number | undefined> {
  return (await read(get(sandbox, `cgi-bin/getcallbackip?access_token=${token}`))).errcode
}
