import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Endpoint } from '../http/endpoint.ts'
import { HTML_TYPE, jsonReply } from '../http/reply.ts'
import { renderDocs } from './page.ts'

/** Mounts `/openapi.json` and `/docs`, both made from what the routes themselves declared. */
export function mountDocs(app: OpenAPIHono, endpoint: Endpoint, about: { readonly version: string }): void {
  const document = () =>
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'wx-h5-kit',
        version: about.version,
        description: 'Signatures and credentials for H5 pages inside WeChat.',
      },
    })
  app.get(
    '/openapi.json',
    endpoint('/openapi.json', () => jsonReply(document(), { 'access-control-allow-origin': '*' })),
  )
  app.get(
    '/docs',
    endpoint('/docs', () => ({
      status: 200,
      body: renderDocs(document()),
      contentType: HTML_TYPE,
      headers: {
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      },
    })),
  )
}
