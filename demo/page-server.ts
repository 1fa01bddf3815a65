import { dirname } from 'node:path'
import { version } from '../server/version.ts'
import { sendBuiltFile } from './sandbox/control/built-files.ts'

export interface PageServerOptions {
  /** Folder of the built page. */
  readonly folder: string
  /** Base address of the service; `null` lets the page take the folder above its own. */
  readonly service: string | null
  /** Base address of the sandbox; `null` with a real account, and then nothing simulated reaches the page. */
  readonly sandbox: string | null
  /** Port of the account for authInfo; `null` when it has none. */
  readonly portId: number | null
  /** A card any page may offer; `null` when the account has none. */
  readonly card: string | null
  /** A card that cannot be had any more; `null` with a real account. */
  readonly goneCard: string | null
}

/** Answers requests below `/demo/` with the page; `undefined` for every other address. */
export function createPageServer(
  options: PageServerOptions,
): (request: Request, prefix: string) => Promise<Response | undefined> {
  return async (request, prefix) => {
    const { pathname, search } = new URL(request.url)
    const path = prefix !== '' && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname
    if (/^\/demo(\/vue|\/react)?$/.test(path))
      return new Response(null, { status: 302, headers: { location: `${prefix}${path}/${search}` } })
    if (!path.startsWith('/demo/') || request.method !== 'GET') return undefined
    if (path === '/demo/config.js') return configScript(options)
    const name = path.slice('/demo/'.length)
    // The pages of the frameworks lie beside this one.
    const folder = /^(vue|react)\//.test(name) ? dirname(options.folder) : options.folder
    const file = await sendBuiltFile(folder, name)
    const isPage = file?.headers.get('content-type')?.startsWith('text/html') === true
    return isPage ? sendPage(await file.text(), options.sandbox) : file
  }
}

function configScript({ service, sandbox, portId, card, goneCard }: PageServerOptions): Response {
  const address =
    service === null ? 'new URL("..", document.currentScript.src).href' : JSON.stringify(service)
  return new Response(
    `window.wxH5Demo={service:${address},sandbox:${JSON.stringify(sandbox)},version:${JSON.stringify(version)},portId:${portId},card:${JSON.stringify(card)},goneCard:${JSON.stringify(goneCard)}}\n`,
    { headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' } },
  )
}

function sendPage(html: string, sandbox: string | null): Response {
  return new Response(sandbox === null ? html : withBridge(html, sandbox), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      // The address a visitor lands on tells who it is: no request of the page repeats it.
      'referrer-policy': 'strict-origin',
    },
  })
}

// Before every other script, as WeChat's own bridge is.
function withBridge(html: string, sandbox: string): string {
  return html.replace('<head>', `<head><script src="${sandbox}/__sandbox/bridge.js"></script>`)
}

/** Lets the phone of the sandbox show a page of the service, which refuses every frame; `null` lets nobody. */
export function framedBy(sandbox: string | null, response: Response): Response {
  const policy = response.headers.get('content-security-policy')
  if (sandbox === null || policy === null) return response
  const headers = new Headers(response.headers)
  headers.set(
    'content-security-policy',
    policy.replace("frame-ancestors 'none'", `frame-ancestors ${sandbox}`),
  )
  return new Response(response.body, { status: response.status, headers })
}
