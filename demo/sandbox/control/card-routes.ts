import type { Hono } from 'hono'
import type { Sandbox } from '../types.ts'
import { accountIn } from './account-in.ts'
import { orRefuse } from './or-refuse.ts'
import { readBody } from './read-body.ts'
import { controlSchemas } from './schemas.ts'

/** Adds the control routes of cards: what there is, and the client's three questions about them. */
export function addCardRoutes(app: Hono, sandbox: Omit<Sandbox, 'app' | 'fetch'>): void {
  const cards = (appId: string): object => ({ appId, cards: sandbox.cards(appId) })

  app.get('/cards', (c) => c.json(cards(accountIn(sandbox, c.req.query('appId')))))
  app.put('/cards', async (c) => {
    const body = await readBody(c.req.raw, controlSchemas.cards)
    const appId = accountIn(sandbox, body.appId)
    sandbox.putCards(body.cards, appId)
    return c.json(cards(appId))
  })

  app.post('/bridge/add-card', async (c) => {
    const request = await readBody(c.req.raw, controlSchemas.addCard)
    return c.json(orRefuse(() => sandbox.verifyAddCard(request)))
  })
  app.post('/bridge/choose-card', async (c) => {
    const request = await readBody(c.req.raw, controlSchemas.chooseCard)
    return c.json(orRefuse(() => sandbox.verifyChooseCard(request)))
  })
  app.post('/bridge/view-card', async (c) => {
    const request = await readBody(c.req.raw, controlSchemas.viewCard)
    return c.json(orRefuse(() => sandbox.verifyViewCard(request)))
  })
}
