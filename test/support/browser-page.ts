import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A small site on this machine for browser tests. */
export interface TestSite {
  /** Address without a slash at the end. */
  url: string
  close(): Promise<void>
}

/**
 * Serves a page with the unchanged weixin-js-sdk as `window.wx`; every path gives the same page.
 *
 * A bridge script, when given, runs before everything else on `/framed`.
 */
export async function serveSdkPage(bridgeScript = ''): Promise<TestSite> {
  const file = fileURLToPath(new URL('../../node_modules/weixin-js-sdk/index.js', import.meta.url))
  const sdk = await readFile(file, 'utf8')
  const page = (head: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}
    <title>SDK page</title><link rel="icon" href="data:,"><script src="/sdk.js"></script></head><body></body></html>`
  const files: Record<string, [type: string, text: string]> = {
    '/sdk.js': ['text/javascript', `window.wx = (function (module) { ${sdk}\n; return module.exports })({})`],
    '/bridge.js': ['text/javascript', bridgeScript],
    '/framed': ['text/html', page('<script src="/bridge.js"></script>')],
  }
  const server = createServer((request, response) => {
    const [type, text] = files[request.url ?? ''] ?? ['text/html', page('')]
    response.setHeader('content-type', `${type}; charset=utf-8`)
    response.end(text)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
