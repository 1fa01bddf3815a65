import type { Hono } from 'hono'
import { verifyAuthorizeUrl } from '../oauth/verify-authorize-url.ts'
import { visitorCookie, visitorCookieOf } from '../oauth/visitor-cookie.ts'
import type { Sandbox } from '../types.ts'
import { accountIn } from './account-in.ts'
import { orRefuse } from './or-refuse.ts'
import { readBody, refuse } from './read-body.ts'
import { controlSchemas } from './schemas.ts'

/** Adds the control routes of web page authorization: visitors, switches, accounts, the authorize address. */
export function addOAuthRoutes(app: Hono, sandbox: Omit<Sandbox, 'app' | 'fetch'>): void {
  const visitors = (thisBrowser: string | undefined): object => ({
    ...sandbox.visitors(),
    ...(thisBrowser === undefined ? {} : { thisBrowser }),
  })

  app.get('/visitors', (c) => c.json(visitors(visitorCookieOf(c.req.raw.headers))))
  app.post('/visitors', async (c) => {
    const { current, thisBrowser = false } = await readBody(c.req.raw, controlSchemas.chooseVisitor)
    const isKnown = sandbox.visitors().visitors.some(({ id }) => id === current)
    if (current !== null && !isKnown)
      throw refuse(404, 'unknown_visitor', `The sandbox has no visitor ${current}.`)
    if (thisBrowser) {
      c.header('set-cookie', visitorCookie(current))
      return c.json(visitors(current ?? undefined))
    }
    if (current === null)
      throw refuse(400, 'invalid_request', 'Somebody is always looking: null is for "thisBrowser": true.')
    sandbox.chooseVisitor(current)
    return c.json(visitors(visitorCookieOf(c.req.raw.headers)))
  })
  app.put('/visitors', async (c) => {
    const body = await readBody(c.req.raw, controlSchemas.visitors)
    sandbox.putVisitors(body.visitors)
    return c.json(visitors(visitorCookieOf(c.req.raw.headers)))
  })

  app.get('/oauth', (c) => c.json(sandbox.snapshot().oauth))
  app.post('/oauth', async (c) => {
    sandbox.setOAuth(await readBody(c.req.raw, controlSchemas.oauth))
    return c.json(sandbox.snapshot().oauth)
  })
  app.post('/oauth/verify-url', async (c) => {
    const { url } = await readBody(c.req.raw, controlSchemas.authorizeUrl)
    const verdict = verifyAuthorizeUrl(url)
    if (!verdict.ok) return c.json(verdict)
    const { extras, ...query } = verdict.query
    return c.json({ ok: true, query: { ...query, extras: Object.fromEntries(extras) } })
  })

  app.post('/accounts', async (c) => {
    const { appId: given, changes } = await readBody(c.req.raw, controlSchemas.changeAccount)
    const appId = accountIn(sandbox, given)
    orRefuse(() => sandbox.changeAccount(appId, changes))
    return c.json({ changed: appId })
  })
}
