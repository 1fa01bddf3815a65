import type { Sandbox } from '../../demo/sandbox/index.ts'
import type { Ask } from './doors.ts'

const SERVICE = 'https://mem.example.com/mp'
const WECHAT_UA =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50(0x1800323c) NetType/WIFI Language/zh_CN'

export interface OAuthBrowser {
  /** Opens an address and follows redirects through the service and WeChat until somebody else's page. */
  open(address: string): Promise<{ readonly address: string; readonly response?: Response }>
  /** One request to the service, without following. */
  ask(address: string): Promise<Response>
  /** What WeChat answers to an authorize address: the way back to the service. */
  authorize(address: string): Promise<string>
  readonly cookies: Map<string, string>
}

/** A browser inside WeChat, with cookies, that agrees to everything it is asked. */
export function createOAuthBrowser(sandbox: Sandbox, askService: Ask): OAuthBrowser {
  const cookies = new Map<string, string>()

  async function ask(address: string): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const path = address.startsWith(SERVICE) ? address.slice(SERVICE.length) : address
    const response = await askService(path, {
      redirect: 'manual',
      headers: { 'user-agent': WECHAT_UA, ...(cookie === '' ? {} : { cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    return response
  }

  async function authorize(address: string): Promise<string> {
    const wechat = (url: string, init?: RequestInit) =>
      sandbox.fetch(new Request(url, { redirect: 'manual', headers: { 'user-agent': WECHAT_UA }, ...init }))
    let response = await wechat(address)
    const consent = /name="consent" value="([^"]+)"/.exec(
      response.status === 200 ? await response.clone().text() : '',
    )?.[1]
    if (consent !== undefined) {
      const body = new URLSearchParams({ consent, answer: 'allow' })
      response = await wechat(new URL('/connect/oauth2/authorize/consent', address).href, {
        method: 'POST',
        body,
      })
    }
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`WeChat did not send back: ${response.status} ${await response.text()}`)
    return location
  }

  return {
    cookies,
    ask,
    authorize,
    async open(address) {
      let next = address
      for (let hop = 0; hop < 10; hop++) {
        if (next.startsWith('https://open.weixin.qq.com/')) {
          next = await authorize(next)
          continue
        }
        if (!next.startsWith(SERVICE) && !next.startsWith('/')) return { address: next }
        const response = await ask(next)
        const location = response.headers.get('location')
        if (location === null) return { address: next, response }
        next = location
      }
      throw new Error('ten redirects and no end')
    },
  }
}
