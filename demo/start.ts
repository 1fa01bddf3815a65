import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Clock, systemClock } from '../server/clock.ts'
import { compose, type Service, type World } from '../server/compose.ts'
import { parseConfig } from '../server/config/load.ts'
import type { ClientConfig, Config } from '../server/config/types.ts'
import { type Listener, listen } from '../server/http/listen.ts'
import { createExampleBackend } from './backend.ts'
import { type PageProxy, servePageProxy } from './page-proxy.ts'
import { createPageServer, framedBy } from './page-server.ts'
import {
  builtInAccount,
  builtInCards,
  createSandbox,
  type Sandbox,
  type ServedSandbox,
  serveSandbox,
} from './sandbox/index.ts'

export interface StartDemoOptions {
  /** A real account; without it the sandbox plays WeChat. */
  readonly config?: Config
  /** For the service and the page; 0 picks one. */
  readonly port: number
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** For the simulated WeChat and the phone; 0 picks one. Unused with a real account. */
  readonly sandboxPort: number
  /** A page of one's own that the phone opens, through a proxy that puts the bridge in; not with a real account. */
  readonly page?: URL
  /** For that proxy; 0, the default, picks one. */
  readonly pagePort?: number
  /** SQLite file of the sandbox's service. Default `.data/demo-PORT.db`, a new one at every start. */
  readonly databaseFile?: string
  readonly logger?: World['logger']
}

export interface RunningDemo {
  /** What to tell the person who started it. */
  readonly lines: readonly string[]
  /** The page itself. */
  readonly pageUrl: string
  /** Where the proxy serves the page of one's own. */
  readonly ownPageUrl?: string
  /** The simulated phone around the page; absent with a real account. */
  readonly phoneUrl?: string
  readonly sandbox?: Sandbox
  close(): Promise<void>
}

/** Any page may offer these: one that can be taken, and one that is gone. */
const publicCards = {
  offered: builtInCards[0]?.cardId ?? '',
  gone: builtInCards.find(({ quantity }) => quantity === 0)?.cardId ?? '',
}

/** The client of the example backend in the sandbox; a real one has a secret of its own. */
const exampleClient = {
  clientId: 'demo-backend',
  clientSecret: 'd3m0d3m0d3m0d3m0d3m0d3m0d3m0d3m0',
  applicationKey: 'demo',
}

const built = (path: string): string => fileURLToPath(new URL(`../dist/demo/${path}`, import.meta.url))
const shipped = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
// From the sources the built files are in ../dist/demo, once built they are beside this file.
const place = import.meta.url.endsWith('.ts') ? built : shipped

/**
 * Starts the demo: the service, the H5 page and, without a configuration, a simulated WeChat with a phone.
 *
 * @throws {ListenError} when a port is taken
 */
export async function startDemo(options: StartDemoOptions): Promise<RunningDemo> {
  return options.config === undefined ? startInSandbox(options) : startOnAccount(options, options.config)
}

async function startInSandbox(options: StartDemoOptions): Promise<RunningDemo> {
  let phone: { page: string; sandbox: string } | undefined
  const sandbox = createSandbox({
    phoneFolder: place('phone'),
    bridgeScript: place('sandbox/bridge/bridge.min.js'),
    phone: () => ({ page: '', sandbox: '', ...phone, account: builtInAccount }),
  })
  const served = await serveSandbox(sandbox, { port: options.sandboxPort, ...hostOf(options) })
  let proxy: PageProxy | undefined
  try {
    if (options.page !== undefined) {
      proxy = await servePageProxy({
        page: options.page,
        sandbox: served.url,
        host: options.host ?? '127.0.0.1',
        port: options.pagePort ?? 0,
      })
    }
    const own = proxy
    const ownOrigins =
      own === undefined || options.page === undefined
        ? []
        : [own.origin, `http://127.0.0.1:${own.port}`, options.page.origin]
    const listener = await startService(options, served, sandbox, ownOrigins)
    const pageUrl = `${listener.url}/demo/`
    phone = { page: own?.pageUrl ?? pageUrl, sandbox: served.url }
    return {
      pageUrl,
      ...(own === undefined ? {} : { ownPageUrl: own.pageUrl }),
      phoneUrl: served.url,
      sandbox,
      lines: [
        '',
        `  Open the phone     ${served.url}        打开模拟手机`,
        ...(own === undefined
          ? [`  The page alone     ${pageUrl}`]
          : [
              `  Your page          ${own.pageUrl}        你的网页（${options.page?.origin}）`,
              `  The demo page      ${pageUrl}`,
            ]),
        `  The service        ${listener.url}/docs`,
        '',
        `  Sandbox account    appId ${builtInAccount.appId}  secret ${builtInAccount.appSecret}`,
        '  Nothing leaves this machine. Ctrl+C stops it. 所有请求都在本机完成，按 Ctrl+C 停止。',
        '',
      ],
      async close() {
        await own?.close()
        await listener.close()
        await served.close()
      },
    }
  } catch (error) {
    await proxy?.close()
    await served.close()
    throw error
  }
}

async function startService(
  options: StartDemoOptions,
  served: ServedSandbox,
  sandbox: Sandbox,
  ownOrigins: readonly string[],
): Promise<Listener> {
  const databaseFile = options.databaseFile ?? `.data/demo-${options.port}.db`
  // This sandbox was born a moment ago: what an earlier one issued means nothing to it.
  for (const suffix of ['', '-wal', '-shm']) await rm(`${databaseFile}${suffix}`, { force: true })
  const clock: Clock = {
    now: () => sandbox.clock.now(),
    // Moving the sandbox's clock moves ours, or nothing would be seen to age.
    monotonic: () => systemClock.monotonic() + sandbox.clock.offsetMs,
    sleep: systemClock.sleep,
  }
  const origins = (port: number): string[] =>
    port === 0 ? [] : [`http://localhost:${port}`, `http://127.0.0.1:${port}`]
  const settings = (port: number): Config =>
    parseConfig({
      publicUrl: `http://localhost:${port}`,
      listen: { host: options.host ?? '127.0.0.1', port },
      database: `sqlite:${databaseFile}`,
      wechat: { apiHosts: [served.url], authorizeUrl: `${served.url}/connect/oauth2/authorize` },
      keys: { file: '.data/demo-keys.json' },
      clients: [{ ...exampleClient, scopes: ['identity'] }],
      accounts: [
        {
          appId: builtInAccount.appId,
          appSecret: builtInAccount.appSecret,
          name: builtInAccount.name,
          portIds: [4],
          redirects: [...origins(port).map((origin) => `${origin}/demo`), ...ownOrigins],
          pageOrigins: [...origins(port), ...ownOrigins],
          publicCards: Object.values(publicCards),
        },
      ],
    })
  return serveWithPage(options, settings, { clock }, served.url, exampleClient)
}

async function startOnAccount(options: StartDemoOptions, config: Config): Promise<RunningDemo> {
  const [client] = config.clients.filter(
    // A hashed secret cannot be sent: the example backend needs one that is written plainly.
    ({ scopes, clientSecret }) => scopes.includes('identity') && !clientSecret.startsWith('sha256:'),
  )
  const listener = await serveWithPage(options, () => config, {}, null, client)
  const pageUrl = `${config.publicUrl ?? listener.url}/demo/`
  return {
    pageUrl,
    lines: [
      '',
      `  Open in WeChat     ${pageUrl}        在微信或开发者工具中打开`,
      `  The service        ${listener.url}/docs`,
      '',
      ...(config.publicUrl === undefined
        ? [
            '  No "publicUrl" is configured: a phone can open this page only through a public address of yours.',
            '',
          ]
        : []),
    ],
    close: () => listener.close(),
  }
}

/** Serves the service and, below `/demo/`, the page on one port. */
async function serveWithPage(
  options: StartDemoOptions,
  configFor: (port: number) => Config,
  world: World,
  sandboxUrl: string | null,
  client: Pick<ClientConfig, 'clientId' | 'clientSecret' | 'applicationKey'> | undefined,
): Promise<Listener> {
  let handle: Service['app']['fetch'] = () => new Response(null, { status: 503 })
  const listener = await listen((request, env) => handle(request, env), { host: '127.0.0.1', ...options })
  try {
    const config = configFor(listener.port)
    const service = await compose(config, {
      ...world,
      ...(options.logger === undefined ? {} : { logger: options.logger }),
    })
    const page = createPageServer({
      folder: place('page'),
      service: sandboxUrl === null ? null : listener.url,
      sandbox: sandboxUrl,
      portId: config.accounts[0]?.portIds[0] ?? null,
      card: config.accounts[0]?.publicCards[0] ?? null,
      goneCard: sandboxUrl === null ? null : publicCards.gone,
    })
    const prefix = config.publicUrl === undefined ? '' : new URL(config.publicUrl).pathname.replace(/\/$/, '')
    const backend =
      client === undefined
        ? undefined
        : createExampleBackend({
            ...client,
            applicationKey: client.applicationKey ?? '',
            service: listener.url,
            prefix,
            secure: config.publicUrl?.startsWith('https:') === true,
          })
    handle = async (request, env) => {
      const { pathname } = new URL(request.url)
      const isForBackend = ['', prefix].some((above) => pathname.startsWith(`${above}/demo/api/`))
      if (backend !== undefined && isForBackend) return backend.fetch(request, env)
      const shown = await page(request, prefix)
      return shown ?? framedBy(sandboxUrl, await service.app.fetch(request, env))
    }
    service.warm()
    return {
      ...listener,
      async close() {
        service.drain()
        await listener.close()
        await service.close()
      },
    }
  } catch (error) {
    await listener.close()
    throw error
  }
}

const hostOf = (options: StartDemoOptions) => (options.host === undefined ? {} : { host: options.host })
