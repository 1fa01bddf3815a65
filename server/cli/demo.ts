import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Config } from '../config/types.ts'
import { readWebAddress } from '../web-address.ts'
import { FAILED, MISUSED } from './exit-codes.ts'
import { loadConfigOrExplain } from './load-config-or-explain.ts'
import { readHostOption, readPortOption } from './options.ts'
import { print, printError } from './output.ts'
import { explainStartFailure } from './start-failure.ts'
import { untilSignal } from './until-signal.ts'

interface DemoOptions {
  readonly config?: string
  readonly port?: number
  readonly host?: string
  readonly sandboxPort: number
  readonly page?: URL
  readonly pagePort: number
}

const DEFAULT_PORT = 8787

/** Adds `wx-h5 demo`: the H5 page with the service, in a simulated WeChat or on a real account. */
export function addDemoCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('demo')
    .description(
      'open a page that shows everything: in a simulated WeChat, or with --config on a real account',
    )
    .option(
      '-c, --config <file>',
      'JSON file with a real account, for WeChat devtools and phones; default: the sandbox',
    )
    .option(
      '-p, --port <number>',
      `port of service and page; default: PORT, listen.port or ${DEFAULT_PORT}`,
      readPortOption,
    )
    .option('--host <address>', 'address to listen on; default: listen.host or 127.0.0.1', readHostOption)
    .option('--sandbox-port <number>', 'port of the sandbox', readPortOption, 8788)
    .addOption(
      new Option(
        '--page <address>',
        'your own page, such as http://localhost:5173: the phone opens it, through a proxy that puts the bridge in',
      )
        .argParser(readPageOption)
        .conflicts('config'),
    )
    .option('--page-port <number>', 'port of that proxy; 0 picks a free one', readPortOption, 8789)
    .action(async (options: DemoOptions) => finish(await demo(options)))
}

async function demo(options: DemoOptions): Promise<number> {
  const config = options.config === undefined ? undefined : loadConfigOrExplain(options.config, 'demo')
  if (options.config !== undefined && config === undefined) return MISUSED
  const environmentPort =
    config === undefined && options.port === undefined ? portFromEnvironment() : undefined
  if (environmentPort === null) return MISUSED
  const port = options.port ?? config?.listen.port ?? environmentPort ?? DEFAULT_PORT
  const host = options.host ?? config?.listen.host ?? '127.0.0.1'
  const { sandboxPort, page, pagePort } = options
  const ownPort = page === undefined ? undefined : portTakenBy(page, { port, sandboxPort, pagePort })
  if (ownPort !== undefined) {
    printError(
      `--page ${page?.href}: port ${ownPort} is used by this command itself. Give the address of your own server, or choose other ports with --port, --sandbox-port and --page-port. --page 应为你自己网页的地址，而不是本命令占用的端口。`,
    )
    return MISUSED
  }
  const { startDemo } = await import('../../demo/start.ts')
  try {
    const running = await startDemo({
      port,
      host,
      sandboxPort,
      pagePort,
      ...(page === undefined ? {} : { page }),
      ...(config === undefined ? {} : { config: listenOn(config, host, port) }),
    })
    // Before the lines are printed: whoever reads them may send a signal at once.
    const ended = untilSignal(() => running.close())
    print(...running.lines)
    return await ended
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    const failedPort = cause instanceof Error && 'port' in cause ? cause.port : undefined
    const other =
      failedPort === port
        ? undefined
        : [
            { port: sandboxPort, portOptions: '--sandbox-port' },
            { port: pagePort, portOptions: '--page-port' },
          ].find((place) => place.port === failedPort)
    printError(
      other === undefined
        ? explainStartFailure(error, { host, port, portOptions: '--port or PORT' })
        : explainStartFailure(cause, { host, ...other }),
    )
    return FAILED
  }
}

/** Reads the address of somebody's own page. */
function readPageOption(text: string): URL {
  const { url } = readWebAddress(text)
  if (url !== undefined && url.port !== '0') return url
  const withScheme = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? ` Perhaps http://${text}?` : ''
  throw new InvalidArgumentError(
    `It must be the whole address of your page, such as http://localhost:5173.${withScheme} 请写出网页的完整地址，例如 http://localhost:5173。`,
  )
}

/** The port of this command that the page claims to be on: the proxy would ask itself. */
function portTakenBy(page: URL, ports: Readonly<Record<string, number>>): number | undefined {
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(page.hostname)
  const given = Number(page.port === '' ? { 'http:': 80, 'https:': 443 }[page.protocol] : page.port)
  return isHere ? Object.values(ports).find((port) => port === given) : undefined
}

/** `PORT`, `undefined` without one, `null` with a wrong one, which is explained. */
function portFromEnvironment(): number | undefined | null {
  const text = process.env.PORT?.trim() ?? ''
  if (text === '') return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  printError('PORT: the environment variable must be a whole number from 0 to 65535; correct or unset it')
  return null
}

const listenOn = (config: Config, host: string, port: number): Config => ({
  ...config,
  listen: { ...config.listen, host, port },
})
