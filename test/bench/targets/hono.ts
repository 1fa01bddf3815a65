import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { sign } from './sign.ts'

// The framework and nothing else.
const app = new Hono()
app.post('*', async (context) => context.json(sign((await context.req.json()).url)))
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
