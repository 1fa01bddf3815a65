import { type Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../clock.ts'
import { hasEnvironmentConfig } from '../config/environment-config.ts'
import type { AccountConfig, Config } from '../config/types.ts'
import { type Comparison, compareSignature, textToHash } from '../doctor/compare-signature.ts'
import { findUrlMistakes, type UrlMistake, withoutFragment } from '../doctor/page-url-mistakes.ts'
import { isServiceError } from '../errors.ts'
import { readOrigins } from '../jsapi/page-url.ts'
import { signJsapi } from '../jsapi/sign.ts'
import { createRandomText, systemRandom } from '../random.ts'
import { FAILED, MISUSED, OK } from './exit-codes.ts'
import { loadConfigOrExplain } from './load-config-or-explain.ts'
import { print, printError, printJson } from './output.ts'
import { stayAlive } from './stay-alive.ts'
import { createStyle, type Style } from './style.ts'

interface SignOptions {
  readonly config?: string
  readonly appId?: string
  readonly ticket?: string
  readonly ticketEnv?: string
  readonly nonce?: string
  readonly timestamp?: string
  readonly compare?: string
  readonly showTicket?: true
  readonly json?: true
}

/** Adds `wx-h5 sign`: the text that is hashed for a page, its parts and the signature. */
export function addSignCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('sign')
    .description('show the text that is hashed for a page, its parts and the signature')
    .argument('<url>', 'address of the page, in quotes')
    .option(
      '-c, --config <file>',
      'JSON file; without it, WX_APP_ID, WX_APP_SECRET … of the environment are used',
    )
    .option('-a, --app-id <appId>', 'account; default: the one whose pageOrigins have the page')
    .option('--ticket <ticket>', 'sign with this jsapi_ticket; other users of the machine can see it')
    .option('--ticket-env <name>', 'sign with the jsapi_ticket in this environment variable')
    .option('--nonce <text>', 'nonceStr; default: a new one')
    .option('--timestamp <seconds>', 'seconds since 1970; default: now', readTimestamp)
    .option('--compare <signature>', 'a signature the page had: says what was signed for it')
    .option('--show-ticket', 'print the ticket too: whoever has it can sign pages')
    .option('--json', 'print one JSON document')
    .addHelpText('after', about)
    .action(async (url: string, options: SignOptions) => finish(await sign(url, options)))
}

const about = `
Without a ticket of yours the living one of the configuration is taken: from its database or Redis, as the
service does, and only where there is none from WeChat. Nothing is stored, and no token of a running service
is replaced. The ticket is printed as its first characters, unless it stood on the command line or
--show-ticket is given.

Examples:
  wx-h5 sign 'https://h5.example.com/news?id=1' --config wx-h5.json
  wx-h5 sign 'https://h5.example.com/' --config wx-h5.json --nonce n --timestamp 1795300294 --compare 9f9d…

Exit codes: 0 signed (with --compare: the same), 1 no ticket, or another signature, 2 a mistake in the command
line or the configuration.`

async function sign(received: string, options: SignOptions): Promise<number> {
  const problem = optionProblem(options)
  if (problem !== undefined) return misused(problem)
  const given =
    options.ticket ?? (options.ticketEnv === undefined ? undefined : process.env[options.ticketEnv])
  const needsConfig = given === undefined || options.config !== undefined || hasEnvironmentConfig(process.env)
  const config = needsConfig ? loadConfigOrExplain(options.config, 'sign URL') : undefined
  if (needsConfig && config === undefined) return MISUSED
  const account = config && chooseAccount(config, options.appId, received)
  if (typeof account === 'string') return misused(account)
  try {
    const found =
      given === undefined ? await findTicket(config, account) : { value: given, from: ownSource(options) }
    const parts = {
      ticket: found.value,
      nonceStr: options.nonce ?? createRandomText(systemRandom)(),
      timestamp: options.timestamp ?? String(Math.floor(systemClock.now() / 1_000)),
      url: withoutFragment(received),
    }
    const shown = options.showTicket || options.ticket !== undefined ? parts.ticket : mask(parts.ticket)
    const comparison =
      options.compare === undefined ? undefined : compareSignature(received, parts, options.compare)
    const report: Report = {
      ...(account === undefined ? {} : { appId: account.appId }),
      ...parts,
      ticket: shown,
      ticketFrom: found.from,
      string: textToHash({ ...parts, ticket: shown }),
      signature: signJsapi({ ...parts, timestamp: Number(parts.timestamp) }),
      warnings: findUrlMistakes(received, account && readOrigins(account.pageOrigins)),
      ...(comparison === undefined ? {} : { comparison }),
    }
    if (options.json) printJson({ ok: isFine(comparison), ...report })
    else print(...describe(report, createStyle(process.stdout, process.env)))
    return isFine(comparison) ? OK : FAILED
  } catch (error) {
    if (!isServiceError(error)) throw error
    const { code, message, hint = '' } = error
    if (options.json) printJson({ ok: false, code, message, hint })
    else printError(`${message} ${hint}`)
    return FAILED
  }
}

interface Report {
  readonly appId?: string
  readonly url: string
  readonly nonceStr: string
  readonly timestamp: string
  readonly ticket: string
  readonly ticketFrom: string
  readonly string: string
  readonly signature: string
  readonly warnings: readonly UrlMistake[]
  readonly comparison?: Comparison
}

const isFine = (comparison: Comparison | undefined): boolean =>
  comparison === undefined || comparison.result === 'same'

function readTimestamp(text: string): string {
  if (/^\d{1,10}$/.test(text)) return String(Number(text))
  throw new InvalidArgumentError(
    /^\d{13}$/.test(text)
      ? `It is in milliseconds; WeChat wants seconds: ${text.slice(0, 10)}. 时间戳的单位是秒。`
      : 'It must be whole seconds since 1970, such as 1795300294. 请填写以秒为单位的时间戳。',
  )
}

function optionProblem({ ticket, ticketEnv, nonce, timestamp, compare }: SignOptions): string | undefined {
  if (ticket !== undefined && ticketEnv !== undefined) return 'Give --ticket or --ticket-env, not both.'
  if (ticket === '') return '--ticket: it is empty.'
  if (nonce === '') return '--nonce: it is empty.'
  if (ticketEnv !== undefined && !process.env[ticketEnv]) {
    return `--ticket-env: the environment variable ${ticketEnv} is not set, or empty.`
  }
  return compare !== undefined && (nonce === undefined || timestamp === undefined)
    ? '--compare needs --nonce and --timestamp, as the page gave them to wx.config. --compare 需要同时给出页面传给 wx.config 的 --nonce 和 --timestamp。'
    : undefined
}

function misused(problem: string): number {
  printError(problem)
  return MISUSED
}

/** The named account, the only one, or the one that the page belongs to; a text says why there is none. */
function chooseAccount(
  { accounts }: Config,
  appId: string | undefined,
  received: string,
): AccountConfig | string {
  const known = accounts.map((account) => account.appId).slice(0, 10)
  if (appId !== undefined) {
    const named = accounts.find((account) => account.appId === appId)
    return named ?? `--app-id: no such account is configured; there is ${known.join(', ')}`
  }
  const [only, ...others] = accounts
  if (only !== undefined && others.length === 0) return only
  const origin = URL.canParse(received) ? new URL(received).origin : ''
  const owners = accounts.filter(({ pageOrigins }) => readOrigins(pageOrigins).has(origin))
  const [owner] = owners
  return owner !== undefined && owners.length === 1
    ? owner
    : `Which account? Several are configured: choose one with --app-id: ${known.join(', ')}`
}

async function findTicket(config: Config | undefined, account: AccountConfig | undefined) {
  if (config === undefined || account === undefined) throw new TypeError('no account to take a ticket of')
  const { takeTicket } = await import('../doctor/take-ticket.ts')
  const world = { fetch, clock: systemClock, random: systemRandom }
  const { value, stored } = await stayAlive(takeTicket(config, account, world))
  return { value, from: stored ? 'the store of the service' : 'WeChat, just now' }
}

const ownSource = ({ ticket, ticketEnv }: SignOptions): string =>
  ticket === undefined ? `the environment variable ${ticketEnv}` : '--ticket'

const mask = (ticket: string): string =>
  `${ticket.length > 12 ? ticket.slice(0, 6) : ''}…(${ticket.length} characters)`

function describe(report: Report, style: Style): string[] {
  const { string, signature, ticket, ticketFrom, nonceStr, timestamp, url, warnings, comparison } = report
  const at = new Date(Number(timestamp) * 1_000).toISOString().replace('.000Z', 'Z')
  const row = (name: string, value: string): string => `${style.bold(name.padEnd(14))}${value}`
  return [
    row('string', string),
    row('signature', signature),
    '',
    row('jsapi_ticket', `${ticket}, from ${ticketFrom}`),
    row('noncestr', nonceStr),
    row('timestamp', `${timestamp} (${at})`),
    row('url', url),
    ...warnings.flatMap(({ message, messageZh }) => [
      '',
      `${style.yellow('warning')}       ${message}`,
      `              ${messageZh}`,
    ]),
    ...(comparison === undefined ? [] : ['', ...describeComparison(comparison, style)]),
  ]
}

function describeComparison(comparison: Comparison, style: Style): string[] {
  const { result, variant, variantZh, url, firstDifference } = comparison
  if (result === 'same') return [style.green('The signature is the same. 签名一致。')]
  if (result === 'unknown') {
    return [
      style.red(
        'Another signature, and none of the usual mistakes gives it: another ticket, nonceStr, timestamp or page.',
      ),
      '签名不同，也不是常见错误：可能是 ticket、nonceStr、timestamp 或页面不同。',
    ]
  }
  return [
    style.red(`Another signature: that page was signed ${variant}. 签名不同：${variantZh}。`),
    ...(url === undefined ? [] : [`signed        ${url} (first difference at character ${firstDifference})`]),
  ]
}
