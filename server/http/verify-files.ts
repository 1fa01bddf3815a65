import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Endpoint } from './endpoint.ts'

/** Serves WeChat's `MP_verify_….txt` files at the root: its proof that a domain belongs to the account. */
export function mountVerifyFiles(
  app: OpenAPIHono,
  endpoint: Endpoint,
  files: ReadonlyMap<string, string>,
): void {
  for (const [name, content] of files) {
    app.get(
      `/${name}`,
      endpoint(`/${name}`, () => ({ status: 200, body: content, contentType: 'text/plain; charset=utf-8' })),
    )
  }
}
