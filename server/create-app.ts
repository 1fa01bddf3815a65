import type { OpenAPIHono } from '@hono/zod-openapi'
import { compose, type World } from './compose.ts'
import { parseConfig } from './config/load.ts'

/**
 * Makes the service as a Hono app, to mount in a server of your own.
 *
 * @param raw the configuration as in `wx-h5.json`; `"env:NAME"` is read from `env`
 * @throws {ConfigError} with every mistake at once
 * @throws {StorageError} when the database cannot be used
 * @example
 * import { Hono } from 'hono'
 * import { createApp } from 'wx-h5-kit/server'
 *
 * const wx = await createApp({
 *   accounts: [
 *     { appId: 'wx0123456789abcdef', appSecret: 'env:WX_SECRET', pageOrigins: ['https://h5.example.com'] },
 *   ],
 * })
 * const server = new Hono().route('/mp', wx)
 */
export async function createApp(
  raw: unknown,
  world: World & { readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<OpenAPIHono> {
  const service = await compose(parseConfig(raw, world.env ?? process.env), world)
  service.warm()
  return service.app
}
