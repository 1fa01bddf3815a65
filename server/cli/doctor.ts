import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { Step, StepStatus } from '../doctor/step.ts'
import { systemRandom } from '../random.ts'
import { FAILED, MISUSED, OK } from './exit-codes.ts'
import { loadConfigOrMistakes } from './load-config-or-explain.ts'
import { readPageOption } from './options.ts'
import { print, printError, printJson } from './output.ts'
import { stayAlive } from './stay-alive.ts'
import { createStyle, type Style } from './style.ts'

interface DoctorOptions {
  readonly config?: string
  readonly account?: string
  readonly url?: string
  readonly json?: true
}

/** Adds `wx-h5 doctor`: checks a configuration against WeChat or the sandbox, step by step. */
export function addDoctorCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('doctor')
    .description('check a configuration against WeChat or the sandbox, step by step, and say what to mend')
    .option(
      '-c, --config <file>',
      'JSON file; without it, WX_APP_ID, WX_APP_SECRET … of the environment are used',
    )
    .option('-a, --account <appId>', 'only this account; default: all, the first 50')
    .option('-u, --url <page>', 'page to sign; default: the root of the first page origin', readPageOption)
    .option('--json', 'print one JSON document')
    .addHelpText('after', about)
    .action(async (options: DoctorOptions) => finish(await doctor(options)))
}

const about = `
A running service is not disturbed. The secret is tried by cgi-bin/stable_token without force, for accounts
with tokenApi "classic" too: that replaces no token. Tickets come from the database or Redis of the
configuration; only where there is none WeChat is asked. The database is not migrated, files are not made;
one trial row and key is written and taken away. Only the configured hosts are contacted.

Run it on the machine of the service, as its user and in its folder: white list, clock, rights and relative
paths are those of the place it runs in.

Exit codes: 0 nothing failed (warnings allowed), 1 something failed, 2 a mistake in the command line or the
configuration.`

async function doctor({ config: file, account, url, json }: DoctorOptions): Promise<number> {
  const { config, mistakes } = loadConfigOrMistakes(file, 'doctor')
  if (mistakes !== undefined) return explainMistakes(mistakes, json)
  if (account !== undefined && !config.accounts.some(({ appId }) => appId === account)) {
    const known = config.accounts.map(({ appId }) => appId).slice(0, 10)
    return explainMistakes([`--account: no such account is configured; there is ${known.join(', ')}`], json)
  }
  const { examine } = await import('../doctor/examine.ts')
  const style = createStyle(process.stdout, process.env)
  const steps = await stayAlive(
    examine({
      config,
      source: file ?? 'environment variables',
      ...(account === undefined ? {} : { appId: account }),
      ...(url === undefined ? {} : { page: url }),
      fetch,
      clock: systemClock,
      random: systemRandom,
      ...(json ? {} : { onStep: (step: Step) => print(...describe(step, style)) }),
    }),
  )
  const ok = steps.every(({ status }) => status !== 'failed')
  if (json) printJson({ ok, steps })
  else print('', summary(steps))
  return ok ? OK : FAILED
}

function explainMistakes(mistakes: readonly string[], json: true | undefined): number {
  if (json) {
    const step = { id: 'configuration', title: 'configuration', titleZh: '配置', status: 'failed' }
    printJson({
      ok: false,
      steps: [
        {
          ...step,
          detail: mistakes.join('\n'),
          fix: 'Correct every line of this list.',
          fixZh: '请逐条改正以上问题。',
        },
      ],
    })
  } else printError(...mistakes)
  return MISUSED
}

const INDENT = ' '.repeat(9)

function describe({ status, title, titleZh, appId, detail, fix, fixZh }: Step, style: Style): string[] {
  const about = appId === undefined ? '' : ` of ${appId}`
  const translated = title === titleZh || status === 'passed' || status === 'skipped' ? '' : ` ${titleZh}`
  return [
    `${colours(style)[status](status.padEnd(INDENT.length))}${style.bold(`${title}${about}`)}${translated}: ${detail}`,
    ...(fix === undefined ? [] : [`${INDENT}${fix}`]),
    ...(fixZh === undefined ? [] : [`${INDENT}${fixZh}`]),
  ]
}

const colours = ({ green, yellow, red, dim }: Style): Record<StepStatus, (text: string) => string> => ({
  passed: green,
  warning: yellow,
  failed: red,
  skipped: dim,
})

function summary(steps: readonly Step[]): string {
  const count = (status: StepStatus): number => steps.filter((step) => step.status === status).length
  const [passed, warning, failed, skipped] = (['passed', 'warning', 'failed', 'skipped'] as const).map(count)
  return `${passed} passed, ${warning} ${warning === 1 ? 'warning' : 'warnings'}, ${failed} failed, ${skipped} skipped. 通过 ${passed}，警告 ${warning}，失败 ${failed}，跳过 ${skipped}。`
}
