import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { readLimitedText } from '../server/read-limited-text.ts'

export interface ExampleBackendOptions {
  /** Base address of the wx-h5-kit service. */
  readonly service: string
  readonly clientId: string
  readonly clientSecret: string
  readonly applicationKey: string
  /** Path above `/demo` that a proxy in front leaves in, such as `/mp`; both forms are answered. Default none. */
  readonly prefix?: string
  /** True where browsers reach the page over https: the cookie then travels over nothing else. Default false. */
  readonly secure?: boolean
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number
  /** Hears why a ticket could not be redeemed. Default: a warning of the process. */
  readonly onFailure?: (message: string) => void
}

/** What the service tells about the owner of a ticket. */
interface Person {
  readonly openid: string
  readonly unionid?: string
  readonly unionidAbsentBecause?: 'scope' | 'not_bound'
  readonly userId?: string
  readonly appId: string
  readonly portId: number
  readonly scope: 'snsapi_base' | 'snsapi_userinfo'
}

/** What the page is told when there is no session for it. */
interface Refusal {
  readonly code: string
  readonly detail: string
  readonly hint: string
}

const COOKIE = 'demo-session'
const SESSION_MS = 1_800_000
const MAX_BODY_BYTES = 4_096

/**
 * What a page's own backend does with a visitor, to be read and copied: it takes the one-time ticket from the page,
 * redeems it, and opens a session of its own in a cookie that no script can read. It never believes the openid in
 * an address.
 */
export function createExampleBackend(options: ExampleBackendOptions): Hono {
  const { secure = false, now = Date.now, prefix = '' } = options
  const sessions = new Map<string, { person: Person; endsAt: number }>()
  const redeem = ticketRedeemer(options)
  const app = new Hono()
  const paths = ['', prefix].map((above) => `${above}/demo/api/session`)

  const forgetOld = (): void => {
    for (const [id, { endsAt }] of sessions) if (endsAt <= now()) sessions.delete(id)
  }

  app.use(async (context, next) => {
    await next()
    context.header('cache-control', 'no-store')
  })

  app.on('POST', paths, async (context) => {
    // A form needs no preflight: other sites could sign visitors in as somebody else with one.
    if (!/^application\/json\b/i.test(context.req.header('content-type') ?? ''))
      return context.json(notJson, 415)
    const body = await readLimitedText(context.req.raw.body, MAX_BODY_BYTES)
    // The rest of the body is not read: nothing else can follow on this connection.
    if (body === undefined) return context.json(tooLarge, 413, { connection: 'close' })
    const ticket = ticketIn(body)
    if (ticket === undefined) return context.json(noTicket, 400)
    const redeemed = await redeem(ticket)
    if ('refusal' in redeemed) return context.json(redeemed.refusal, redeemed.status)
    const { person } = redeemed
    forgetOld()
    // A new id at every sign-in, so that one set before is worth nothing.
    sessions.delete(getCookie(context, COOKIE) ?? '')
    const id = randomBytes(16).toString('hex')
    const endsAt = now() + SESSION_MS
    sessions.set(id, { person, endsAt })
    setCookie(context, COOKIE, id, {
      httpOnly: true,
      sameSite: 'Lax',
      secure,
      path: '/',
      maxAge: SESSION_MS / 1_000,
    })
    return context.json({ person, endsAt })
  })

  app.on('GET', paths, (context) => {
    forgetOld()
    return context.json(sessions.get(getCookie(context, COOKIE) ?? '') ?? { person: null })
  })

  app.on('DELETE', paths, (context) => {
    sessions.delete(getCookie(context, COOKIE) ?? '')
    deleteCookie(context, COOKIE, { path: '/' })
    return context.json({ person: null })
  })

  return app
}

function ticketIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    const ticket = typeof body === 'object' && body !== null && 'ticket' in body ? body.ticket : undefined
    return typeof ticket === 'string' && ticket !== '' ? ticket : undefined
  } catch (_notJson) {
    return undefined
  }
}

type Redeemed = { readonly person: Person } | { readonly refusal: Refusal; readonly status: 401 | 502 }

/** Redeems tickets at the service, with a token that is kept until the service does not take it any more. */
function ticketRedeemer(options: ExampleBackendOptions): (ticket: string) => Promise<Redeemed> {
  const { onFailure = (message: string) => process.emitWarning(message) } = options
  let kept: Promise<string> | undefined

  const ask = async (ticket: string): Promise<Response> => {
    kept ??= serviceToken(options)
    return fetch(`${options.service}/v1/identity/redeem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sso-token': await kept },
      body: JSON.stringify({ ticket }),
    })
  }

  return async (ticket) => {
    try {
      let response = await ask(ticket)
      if (response.status === 401) {
        kept = undefined
        response = await ask(ticket)
      }
      const answer = (await response.json()) as Person & { code?: string; detail?: string; hint?: string }
      if (response.ok) return { person: answer }
      const { code = 'unexpected', detail = '', hint = '' } = answer
      // Anything but a bad ticket is between this backend and the service: no fault of the visitor.
      return { refusal: { code, detail, hint }, status: code === 'ticket_invalid' ? 401 : 502 }
    } catch (error) {
      kept = undefined
      onFailure(`The ticket could not be redeemed at ${options.service}: ${String(error)}`)
      return { refusal: unreachable, status: 502 }
    }
  }
}

/** A token for the service, which lives two hours. */
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

const noTicket: Refusal = {
  code: 'invalid_json',
  detail: 'The body is not a JSON object with a text "ticket".',
  hint: 'Send {"ticket":"…"} with the ticket from weixin.authInfo(). 请发送 {"ticket":"…"}。',
}
const notJson: Refusal = {
  code: 'unsupported_media_type',
  detail: 'The body is not declared as JSON.',
  hint: 'Send "Content-Type: application/json". 请以 JSON 方式提交。',
}
const tooLarge: Refusal = {
  code: 'body_too_large',
  detail: `The body has more than ${MAX_BODY_BYTES} bytes.`,
  hint: 'Send the ticket and nothing else. 请只发送 ticket。',
}
const unreachable: Refusal = {
  code: 'service_unavailable',
  detail: 'The service that redeems tickets gave no answer.',
  hint: 'Try again in a moment. 请稍后再试。',
}
