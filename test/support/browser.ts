import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import type {
  BridgeCall,
  BridgeProfile,
  VerifyAnswer,
  VerifyRequest,
} from '../../demo/sandbox/bridge/index.ts'
import { userAgents } from '../../demo/sandbox/bridge/profiles.ts'

const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser']
const executablePath = places.find((place) => place !== undefined && place !== '' && existsSync(place))

/** True when there is a Chromium to test with. Without one, tests are skipped; with `CI=true` they fail. */
export const hasChromium: boolean = executablePath !== undefined

if (!hasChromium) {
  const message =
    'Chromium is missing: browser tests need it. Install it (apt-get install chromium) or set CHROMIUM_PATH.'
  if (process.env.CI === 'true') throw new Error(message)
  console.log(`skipped: ${message}`)
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let running: Promise<Browser> | undefined

/** The one Chromium of this test file, with a profile folder of its own; see {@link closeBrowser}. */
export function openBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('There is no Chromium: ask hasChromium first.')
  running ??= chromium.launch({ executablePath, args: flags })
  return running
}

/** Ends the Chromium of this test file; for `afterAll`. */
export async function closeBrowser(): Promise<void> {
  const browser = await running
  running = undefined
  await browser?.close()
}

let script: Promise<string> | undefined

/** The bridge as one script with the global `WeixinSandbox`, built from its source. */
export function bridgeScript(): Promise<string> {
  script ??= buildBridge()
  return script
}

async function buildBridge(): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const results = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2019',
      lib: { entry: 'demo/sandbox/bridge/index.ts', formats: ['iife'], name: 'WeixinSandbox' },
    },
  })
  const outputs = Array.isArray(results) ? results.flatMap((result) => result.output) : []
  const chunk = outputs.find((output) => output.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error('Vite built no bridge script.')
  return chunk.code
}

/** How {@link openPage} opens a page. */
export interface OpenPageOptions {
  profile: BridgeProfile
  url: string
  /** Base address of a running sandbox that verifies. */
  sandboxUrl?: string
  /** Verifies in the test's process instead. */
  verify?: (request: VerifyRequest) => VerifyAnswer | Promise<VerifyAnswer>
  /** Fixed answers by bridge name, word for word. */
  answers?: Record<string, Record<string, unknown>>
  /** Fixed answers of the person at the phone, by name of the `BridgeUi` method. */
  ui?: Record<string, unknown>
  bridgeDelayMs?: number
  /** Default true; false opens the page with the user agent alone, or with none in an ordinary browser. */
  bridge?: boolean
  /** Default: the profile's. */
  userAgent?: string
  context?: BrowserContextOptions
}

/** A page in Chromium with a simulated WeChat around it. */
export interface OpenedPage {
  page: Page
  /** Everything that went over the bridge in the current document. */
  calls(): Promise<BridgeCall[]>
  /** Uncaught errors and rejections of the page. */
  errors: string[]
  /** Addresses of all requests. */
  requests: string[]
  close(): Promise<void>
}

/** Opens a page as the given WeChat client would: its user agent, its bridge, its marks. */
export async function openPage(options: OpenPageOptions): Promise<OpenedPage> {
  const browser = await openBrowser()
  const context = await browser.newContext({
    userAgent: options.userAgent ?? userAgents[options.profile],
    viewport: { width: 390, height: 844 },
    ...options.context,
  })
  const page = await context.newPage()
  const errors: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  if (options.verify !== undefined) await page.exposeFunction('sandboxVerify', options.verify)
  if (options.bridge !== false) {
    const settings = {
      profile: options.profile,
      overrideUserAgent: options.userAgent === undefined,
      ...(options.sandboxUrl === undefined ? {} : { sandbox: options.sandboxUrl }),
      ...(options.bridgeDelayMs === undefined ? {} : { bridgeDelayMs: options.bridgeDelayMs }),
    }
    await context.addInitScript(
      `if (window === window.top && /^https?:/.test(location.protocol)) {
        const WeixinSandbox = (() => { ${await bridgeScript()}; return WeixinSandbox })()
        const fixed = (answers) => Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, () => answer]))
        window.sandboxBridge = WeixinSandbox.installWeixinBridge({
          ...${JSON.stringify(settings)},
          answers: fixed(${JSON.stringify(options.answers ?? {})}),
          ui: fixed(${JSON.stringify(options.ui ?? {})}),
          ...(window.sandboxVerify ? { verify: (request) => window.sandboxVerify(request) } : {}),
        })
      }`,
    )
  }
  await page.goto(options.url)
  return {
    page,
    errors,
    requests,
    calls: () => page.evaluate('JSON.parse(JSON.stringify(window.sandboxBridge.calls))'),
    close: () => context.close(),
  }
}
