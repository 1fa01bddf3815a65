import type { Sandbox } from './types.ts'

const WECHAT_HOSTS = /^https?:\/\/(api2?|(sh|sz|hk)\.api|open|mp)\.weixin\.qq\.com\//

/** The part of msw's `http` that is needed. */
export interface MswHttp<Handler> {
  all(path: RegExp, resolver: (call: { request: Request }) => Promise<Response>): Handler
}

/**
 * One MSW handler that sends every call to WeChat into the sandbox, so that a test needs no change in the code
 * under test.
 *
 * `http` is handed in so that the sandbox works without msw installed. The hosts are api, api2, sh.api, sz.api,
 * hk.api, open and mp, all under weixin.qq.com.
 *
 * @example
 * import { http } from 'msw'
 * import { setupServer } from 'msw/node'
 * const sandbox = createSandbox()
 * const server = setupServer(mswHandler(sandbox, http))
 * server.listen()
 */
export function mswHandler<Handler>(sandbox: Pick<Sandbox, 'fetch'>, http: MswHttp<Handler>): Handler {
  return http.all(WECHAT_HOSTS, ({ request }) => sandbox.fetch(request))
}
