import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { TestSite } from '../support/browser-page.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The client with weixin-js-sdk, as a page's bundler makes it: an entry and the SDK in a chunk of its own. */
async function bundle(format: 'es' | 'iife'): Promise<Map<string, string>> {
  const results = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2019',
      lib: {
        entry: format === 'es' ? 'client/index.ts' : 'client/script.ts',
        formats: [format],
        name: 'WxH5Kit',
        fileName: () => `${format}.js`,
      },
    },
  })
  const outputs = [results].flat().flatMap((result) => ('output' in result ? result.output : []))
  return new Map(
    outputs.flatMap((output) => (output.type === 'chunk' ? [[output.fileName, output.code]] : [])),
  )
}

const head =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Client page</title><link rel="icon" href="data:,">'

// One way to start for both kinds of page, so that the tests do not care which one they are on.
const start = (service: string) => `
  window.steps = []
  window.weixin = kit.createWeixin({ service: ${JSON.stringify(service)}, portId: 4, onStep: (step) => steps.push(step), ...window.extra })
  window.kit = kit
  const visit = /\\/visit\\/(\\w+)/.exec(location.pathname)
  const wishes = { userinfo: {}, base: { scope: 'snsapi_base' }, force: { force: true } }
  if (visit) weixin.authInfo(wishes[visit[1]]).then(
    (value) => { window.outcome = { value } },
    ({ code, message }) => { window.outcome = { error: { code, message } } },
  )`

/**
 * Serves a page with the client: as a module at every path, as one script below `/tag`. Below `/visit/…` the page asks
 * at every load who is looking, and sends its whole address as `Referer`, as old web views do.
 */
export async function serveClientPage(service: () => string): Promise<TestSite> {
  const files = new Map([...(await bundle('es')), ...(await bundle('iife'))])
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = files.get(path.slice(1))
    response.setHeader(
      'content-type',
      file === undefined ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8',
    )
    if (file !== undefined) return response.end(file)
    if (path.includes('/visit/')) response.setHeader('referrer-policy', 'unsafe-url')
    return response.end(
      path.startsWith('/tag')
        ? `${head}<script src="/iife.js"></script><script>const kit = WxH5Kit; ${start(service())}</script></head><body></body></html>`
        : `${head}<script type="module">import * as kit from '/es.js'; ${start(service())}</script></head><body></body></html>`,
    )
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
