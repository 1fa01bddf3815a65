import { Command, CommanderError } from 'commander'
import { version } from '../version.ts'
import { addDemoCommand } from './demo.ts'
import { addDoctorCommand } from './doctor.ts'
import { FAILED, MISUSED, OK } from './exit-codes.ts'
import { addExplainCommand } from './explain.ts'
import { letReadersLeave, printError } from './output.ts'
import { addSandboxCommand } from './sandbox.ts'
import { addServeCommand } from './serve.ts'
import { addSignCommand } from './sign.ts'

/**
 * Runs the command line and resolves with the exit code: 0 done, 1 a start failed, 2 a mistake in the command or
 * the configuration.
 *
 * @param argv as `process.argv`: runtime and script first
 */
export async function run(argv: readonly string[]): Promise<number> {
  letReadersLeave()
  let exitCode = OK
  const finish = (code: number): void => {
    exitCode = code
  }
  const program = new Command('wx-h5')
    .description('Signs H5 pages for WeChat, and brings a WeChat in a box to try it with.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help lists the commands and options)')
    .exitOverride()
    .addHelpText('after', afterHelp)
  addServeCommand(program, finish)
  addDemoCommand(program, finish)
  addSandboxCommand(program, finish)
  addDoctorCommand(program, finish)
  addSignCommand(program, finish)
  addExplainCommand(program, finish)
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : MISUSED
    printError(error instanceof Error ? error.message : String(error))
    return FAILED
  }
  return exitCode
}

const afterHelp = `
Start here:
  wx-h5 demo                            a page in a simulated WeChat, no account needed
  wx-h5 serve --config wx-h5.json       the service for real accounts
  wx-h5 doctor --config wx-h5.json      whether everything around it is right
  wx-h5 explain 40164                   what WeChat meant, and what to do
  wx-h5 <command> --help                options of a command`
