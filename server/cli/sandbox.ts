import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { ConfigError, problemLine } from '../config/config-error.ts'
import { readJsonFile } from '../config/json-file.ts'
import { FAILED, MISUSED } from './exit-codes.ts'
import { readHostOption, readPortOption } from './options.ts'
import { print, printError } from './output.ts'
import { explainStartFailure } from './start-failure.ts'
import { untilSignal } from './until-signal.ts'

interface SandboxCommandOptions {
  readonly config?: string
  readonly port: number
  readonly host: string
}

/** Adds `wx-h5 sandbox`: WeChat's API in a box, alone, for services in any language. */
export function addSandboxCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('sandbox')
    .description('run WeChat in a box alone, for services and tests in any language')
    .option(
      '-c, --config <file>',
      'JSON file with the accounts and switches of the sandbox; default: one built-in account',
    )
    .option('-p, --port <number>', 'port; 0 picks a free one', readPortOption, 8788)
    .option('--host <address>', 'address to listen on', readHostOption, '127.0.0.1')
    .action(async (options: SandboxCommandOptions) => finish(await runSandbox(options)))
}

type SandboxModule = typeof import('../../demo/sandbox/index.ts')

async function runSandbox({ config, port, host }: SandboxCommandOptions): Promise<number> {
  const sandbox = await import('../../demo/sandbox/index.ts')
  const options = config === undefined ? {} : readOrExplain(config, sandbox)
  if (options === undefined) return MISUSED
  try {
    const served = await sandbox.serveSandbox(sandbox.createSandbox(options), { port, host })
    // Before the line is printed: whoever reads it may send a signal at once.
    const ended = untilSignal(() => served.close())
    print(`WeChat in a box is listening on ${served.url}`, '')
    for (const account of options.accounts ?? [sandbox.builtInAccount]) {
      print(
        `  appId ${account.appId}  appSecret ${account.appSecret}  domains ${account.safeDomains.join(', ')}`,
      )
    }
    print(
      '',
      `Point a service at it: WX_API_HOSTS=${served.url} (in a file: "wechat": { "apiHosts": ["${served.url}"] });`,
      'any other program: use this address in place of https://api.weixin.qq.com.',
      `State, faults and clock: ${served.url}/__sandbox/state`,
    )
    return await ended
  } catch (error) {
    printError(explainStartFailure(error, { host, port, portOptions: '--port' }))
    return FAILED
  }
}

function readOrExplain(
  file: string,
  { readSandboxConfig, SandboxConfigError }: SandboxModule,
): ReturnType<SandboxModule['readSandboxConfig']> | undefined {
  try {
    const raw = readJsonFile(file, (path) => readFileSync(path, 'utf8'))
    return readSandboxConfig(JSON.stringify(raw))
  } catch (error) {
    if (error instanceof ConfigError) printError(...error.problems.map(problemLine))
    else if (error instanceof SandboxConfigError) printError(...error.mistakes)
    else throw error
    return undefined
  }
}
