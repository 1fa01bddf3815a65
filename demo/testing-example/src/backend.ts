import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { createApp } from 'wx-h5-kit/server'

export interface Settings {
  /** Where the page is, such as `https://h5.example.com`. */
  origin: string
  appId: string
  appSecret: string
  /** Default: a file. */
  database?: string
}

const script = createRequire(import.meta.url).resolve('wx-h5-kit/script')

/** The page at `/`, and below `/mp` the service that signs it. */
export async function createBackend({ origin, appId, appSecret, database }: Settings): Promise<Hono> {
  const service = await createApp({
    publicUrl: `${origin}/mp`,
    accounts: [{ appId, appSecret, pageOrigins: [origin] }],
    ...(database && { database }),
  })
  return new Hono()
    .get('/', async (c) => c.html(await readFile(new URL('page.html', import.meta.url), 'utf8')))
    .get('/wx-h5-kit.js', async (c) =>
      c.body(await readFile(script, 'utf8'), 200, { 'content-type': 'text/javascript' }),
    )
    .route('/mp', service)
}
