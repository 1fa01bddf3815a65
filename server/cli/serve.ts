import type { Command } from 'commander'
import type { Config } from '../config/types.ts'
import { createLogger } from '../observability/logger.ts'
import { FAILED, MISUSED } from './exit-codes.ts'
import { keepHeapSmall } from './keep-heap-small.ts'
import { loadConfigOrExplain } from './load-config-or-explain.ts'
import { readLogLevel } from './log-level.ts'
import { readHostOption, readPortOption } from './options.ts'
import { print, printError } from './output.ts'
import { explainStartFailure } from './start-failure.ts'
import { untilSignal } from './until-signal.ts'
import { watchUncaught } from './watch-uncaught.ts'

interface ServeOptions {
  readonly config?: string
  readonly port?: number
  readonly host?: string
}

/** Adds `wx-h5 serve`: the service for real accounts, in the foreground. */
export function addServeCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('serve')
    .description('run the service for the accounts of a configuration')
    .option(
      '-c, --config <file>',
      'JSON file; without it, WX_APP_ID, WX_APP_SECRET … of the environment are used',
    )
    .option('-p, --port <number>', 'port instead of PORT and listen.port; 0 picks a free one', readPortOption)
    .option('--host <address>', 'address to listen on instead of listen.host', readHostOption)
    .action(async (options: ServeOptions) => finish(await serve(options)))
}

async function serve(options: ServeOptions): Promise<number> {
  const started = keepHeapSmall()
  const loaded = loadConfigOrExplain(options.config, 'serve')
  if (loaded === undefined) return MISUSED
  const config: Config = {
    ...loaded,
    listen: {
      ...loaded.listen,
      host: options.host ?? loaded.listen.host,
      port: options.port ?? loaded.listen.port,
    },
  }
  const { startService } = await import('../serve.ts')
  try {
    const service = await startService(config, { logger: createLogger({ level: readLogLevel(process.env) }) })
    const drainMs = config.listen.drainSeconds * 1_000
    watchUncaught(service, drainMs)
    // Before the line is printed: whoever reads it may send a signal at once.
    const ended = untilSignal(() => service.close(), drainMs)
    started()
    print(`wx-h5 is listening on ${service.url} (API: ${service.url}/docs, health: ${service.url}/readyz)`)
    printError(...emptyOrigins(config))
    return await ended
  } catch (error) {
    printError(explainStartFailure(error, { ...config.listen, portOptions: '--port, PORT or listen.port' }))
    return FAILED
  }
}

function emptyOrigins({ accounts }: Config): string[] {
  return accounts
    .filter(({ pageOrigins }) => pageOrigins.length === 0)
    .map(({ appId }) => `No page can be signed for ${appId}: its pageOrigins (WX_PAGE_ORIGINS) are empty.`)
}
