import type { Command } from 'commander'
import type { Config } from '../config/types.ts'
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
    .action(async (options: DemoOptions) => finish(await demo(options)))
}

async function demo(options: DemoOptions): Promise<number> {
  const config = options.config === undefined ? undefined : loadConfigOrExplain(options.config)
  if (options.config !== undefined && config === undefined) return MISUSED
  const environmentPort =
    config === undefined && options.port === undefined ? portFromEnvironment() : undefined
  if (environmentPort === null) return MISUSED
  const port = options.port ?? config?.listen.port ?? environmentPort ?? DEFAULT_PORT
  const host = options.host ?? config?.listen.host ?? '127.0.0.1'
  const { sandboxPort } = options
  const { startDemo } = await import('../../demo/start.ts')
  try {
    const running = await startDemo({
      port,
      host,
      sandboxPort,
      ...(config === undefined ? {} : { config: listenOn(config, host, port) }),
    })
    print(...running.lines)
    return await untilSignal(() => running.close())
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    const sandboxFailed =
      cause instanceof Error && 'port' in cause && cause.port === sandboxPort && port !== sandboxPort
    printError(
      sandboxFailed
        ? explainStartFailure(cause, { host, port: sandboxPort, portOptions: '--sandbox-port' })
        : explainStartFailure(error, { host, port, portOptions: '--port or PORT' }),
    )
    return FAILED
  }
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
  listen: { host, port },
})
