import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { logger } from 'hono/logger'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { timing } from 'hono/timing'
import { sign } from './sign.ts'

// The framework with the six middlewares that come near to what our frame does; its log goes nowhere.
const app = new Hono()
app.use(requestId())
app.use(logger(() => undefined))
app.use(timing())
app.use(secureHeaders())
app.use(cors({ origin: 'https://h5.example.com' }))
app.use(bodyLimit({ maxSize: 65_536 }))
app.post('*', async (context) => context.json(sign((await context.req.json()).url)))
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' })
