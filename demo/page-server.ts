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
}

/** Answers requests below `/demo/` with the page; `undefined` for every other address. */
export function createPageServer(
  options: PageServerOptions,
): (request: Request, prefix: string) => Promise<Response | undefined> {
  return async (request, prefix) => {
    const { pathname, search } = new URL(request.url)
    const path = prefix !== '' && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname
    if (path === '/demo')
      return new Response(null, { status: 302, headers: { location: `${prefix}/demo/${search}` } })
    if (!path.startsWith('/demo/') || request.method !== 'GET') return undefined
    if (path === '/demo/config.js') return configScript(options)
    const file = await sendBuiltFile(options.folder, path.slice('/demo/'.length))
    const isPage = file?.headers.get('content-type')?.startsWith('text/html') === true
    return isPage ? sendPage(await file.text(), options.sandbox) : file
  }
}

function configScript({ service, sandbox, portId }: PageServerOptions): Response {
  const address = service === null ? 'new URL("..", location.href).href' : JSON.stringify(service)
  return new Response(
    `window.wxH5Demo={service:${address},sandbox:${JSON.stringify(sandbox)},version:${JSON.stringify(version)},portId:${portId}}\n`,
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
