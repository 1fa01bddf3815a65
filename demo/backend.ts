import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

export interface ExampleBackendOptions {
  /** Base address of the wx-h5-kit service. */
  readonly service: string
  readonly clientId: string
  readonly clientSecret: string
  readonly applicationKey: string
}

interface Person {
  readonly openid: string
  readonly unionid?: string
  readonly userId?: string
}

const SESSION_S = 1_800

/**
 * What a page's own backend does with a visitor, to be read and copied: it takes the one-time ticket from the page,
 * redeems it, and opens a session of its own in a cookie that no script can read. It never believes the openid in
 * an address.
 */
export function createExampleBackend(options: ExampleBackendOptions): Hono {
  const sessions = new Map<string, { person: Person; endsAt: number }>()
  const app = new Hono()

  app.post('/demo/api/session', async (context) => {
    const { ticket } = await context.req.json<{ ticket: string }>()
    const redeemed = await fetch(`${options.service}/v1/identity/redeem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sso-token': await serviceToken(options) },
      body: JSON.stringify({ ticket }),
    })
    const answer = (await redeemed.json()) as Person & { code?: string; detail?: string; hint?: string }
    if (!redeemed.ok)
      return context.json({ code: answer.code, detail: answer.detail, hint: answer.hint }, 401)
    const id = randomBytes(16).toString('hex')
    sessions.set(id, { person: answer, endsAt: Date.now() + SESSION_S * 1_000 })
    setCookie(context, 'demo-session', id, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/demo',
      maxAge: SESSION_S,
    })
    return context.json({ person: answer })
  })

  app.get('/demo/api/session', (context) => {
    const session = sessions.get(getCookie(context, 'demo-session') ?? '')
    if (session === undefined || session.endsAt < Date.now()) return context.json({ person: null })
    return context.json({ person: session.person })
  })

  app.delete('/demo/api/session', (context) => {
    sessions.delete(getCookie(context, 'demo-session') ?? '')
    return context.json({ person: null })
  })

  return app
}

/** A token for the service: two hours, so a real backend keeps it until shortly before its end. */
async function serviceToken(options: ExampleBackendOptions): Promise<string> {
  const response = await fetch(`${options.service}/oauth2/ums/oauth2/accessToken`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      autoRefresh: 'true',
      applicationKey: options.applicationKey,
      client_id: options.clientId,
      client_secret: options.clientSecret,
    }),
  })
  const { success, message, result } = (await response.json()) as {
    success: 0 | 1
    message: string
    result: { access_token: string } | null
  }
  if (success !== 1 || result === null) throw new Error(`no service token: ${message}`)
  return result.access_token
}
