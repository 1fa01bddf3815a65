import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import type { Sandbox, SandboxOptions } from '../types.ts'
import { accountIn } from './account-in.ts'
import type { BridgeLog } from './bridge-log.ts'
import { phoneSettings, sendBridgeScript } from './built-files.ts'
import { addCardRoutes } from './card-routes.ts'
import { addOAuthRoutes } from './oauth-routes.ts'
import { orRefuse } from './or-refuse.ts'
import { readBody, refuse } from './read-body.ts'
import { controlSchemas } from './schemas.ts'

/** `/__sandbox/…`: what only a sandbox has. JSON in and out, open to every origin. */
export function controlRoutes(
  sandbox: Omit<Sandbox, 'app' | 'fetch'>,
  log: BridgeLog,
  options: SandboxOptions,
): Hono {
  const app = new Hono()
  const clock = (): object => ({ now: sandbox.clock.now(), offsetMs: sandbox.clock.offsetMs })
  const faults = (): object => ({ faults: sandbox.snapshot().faults })

  app.use(cors({ origin: '*' }))
  app.onError((error) => (error instanceof HTTPException ? withCors(error.getResponse()) : unexpected(error)))

  app.get('/state', (c) => c.json(sandbox.snapshot()))
  app.post('/reset', (c) => {
    sandbox.reset()
    return c.json(clock())
  })

  app.get('/faults', (c) => c.json(faults()))
  app.put('/faults', async (c) => {
    const body = await readBody(c.req.raw, controlSchemas.faults)
    orRefuse(() => sandbox.setFaults(body.faults))
    return c.json(faults())
  })
  app.post('/faults', async (c) => {
    const fault = await readBody(c.req.raw, controlSchemas.fault)
    orRefuse(() => sandbox.addFault(fault))
    return c.json(faults())
  })
  app.delete('/faults', (c) => {
    sandbox.clearFaults()
    return c.json(faults())
  })

  app.get('/clock', (c) => c.json(clock()))
  app.post('/clock', async (c) => {
    const change = await readBody(c.req.raw, controlSchemas.clock)
    orRefuse(() =>
      'advanceMs' in change ? sandbox.clock.advance(change.advanceMs) : sandbox.clock.set(change.now),
    )
    return c.json(clock())
  })

  app.post('/tickets/rotate', async (c) => {
    const { appId, type } = await readBody(c.req.raw, controlSchemas.rotate)
    sandbox.rotateTicket(accountIn(sandbox, appId), type)
    return c.json({ rotated: true })
  })
  app.post('/tokens/revoke', async (c) => {
    const { appId } = await readBody(c.req.raw, controlSchemas.revoke)
    sandbox.revokeTokens(accountIn(sandbox, appId))
    return c.json({ revoked: true })
  })
  addOAuthRoutes(app, sandbox)
  addCardRoutes(app, sandbox)
  app.get('/calls', (c) => c.json({ calls: sandbox.calls(c.req.query('path')) }))

  app.post('/bridge/verify', async (c) => {
    return c.json(sandbox.verifyConfig(await readBody(c.req.raw, controlSchemas.verify)))
  })
  app.get('/bridge/log', (c) => c.json({ log: log.list() }))
  app.post('/bridge/log', async (c) => {
    log.add(await readBody(c.req.raw, controlSchemas.logEntry))
    return c.json({ logged: true })
  })
  app.delete('/bridge/log', (c) => {
    log.clear()
    return c.json({ log: [] })
  })

  app.get('/bridge.js', () => sendBridgeScript(options.bridgeScript))
  app.get('/phone.json', (c) => c.json(phoneSettings(options.phone)))
  app.all('*', (c) => {
    throw refuse(404, 'not_found', `The sandbox has no control route ${c.req.method} ${c.req.path}.`)
  })
  return app
}

function unexpected(error: Error): Response {
  return withCors(Response.json({ error: 'internal_error', message: error.message }, { status: 500 }))
}

function withCors(response: Response): Response {
  response.headers.set('access-control-allow-origin', '*')
  return response
}
