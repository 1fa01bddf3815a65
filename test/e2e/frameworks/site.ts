import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { sendBuiltFile } from '../../../demo/sandbox/control/built-files.ts'
import { listen } from '../../../server/http/listen.ts'
import type { TestSite } from '../../support/browser-page.ts'

export type Framework = 'vue' | 'react'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What the pages import is what is shipped: the built client, not its source. */
const shipped: Plugin = {
  name: 'shipped',
  enforce: 'pre',
  resolveId(id) {
    const [, name] = /\/client\/([\w-]+)\.ts$/.exec(id) ?? []
    return name === undefined ? undefined : join(root, `dist/client/${name}.js`)
  },
}

/** A page as its bundler makes it, with the development build of its framework: that one warns, and mounts twice. */
async function bundle(framework: Framework): Promise<[string, string][]> {
  const results = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    mode: 'development',
    plugins: [shipped],
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: `test/e2e/frameworks/${framework}-page.ts`,
        formats: ['es'],
        fileName: () => `${framework}.js`,
      },
    },
  })
  const outputs = [results].flat().flatMap((result) => ('output' in result ? result.output : []))
  return outputs.flatMap((output) => (output.type === 'chunk' ? [[output.fileName, output.code]] : []))
}

/** Serves a page for every framework; `?vue` and `?react` choose, the path is the page's own affair. */
export async function serveFrameworkPages(service: () => string): Promise<TestSite> {
  const files = new Map([...(await bundle('vue')), ...(await bundle('react'))])
  return serve(async ({ pathname, searchParams }) => {
    const file = files.get(pathname.slice(1))
    if (file !== undefined) return javascript(file)
    const framework: Framework = searchParams.has('react') ? 'react' : 'vue'
    const rendered = searchParams.has('rendered') ? '<main><p>idle on unknown</p></main>' : ''
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
      <link rel="icon" href="data:,"><script>window.service = ${JSON.stringify(service())}</script></head>
      <body><div id="app">${rendered}</div><script type="module" src="/${framework}.js"></script></body></html>`
    return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  })
}

/** Serves the built demo pages at `/demo/vue/` and `/demo/react/`. */
export function serveDemoPages(service: () => string): Promise<TestSite> {
  return serve(async ({ pathname }) => {
    if (pathname === '/demo/config.js')
      return javascript(`window.wxH5Demo = ${JSON.stringify({ service: service(), sandbox: null })}`)
    const file = await sendBuiltFile(join(root, 'dist/demo'), pathname.replace('/demo/', ''))
    return file ?? new Response(null, { status: 404 })
  })
}

const javascript = (code: string): Response =>
  new Response(code, { headers: { 'content-type': 'text/javascript; charset=utf-8' } })

async function serve(answer: (url: URL) => Promise<Response>): Promise<TestSite> {
  const { close, url } = await listen(async ({ url }) => answer(new URL(url)), { host: '127.0.0.1', port: 0 })
  return { url: url.replace('localhost', '127.0.0.1'), close: () => close(0) }
}
