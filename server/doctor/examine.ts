import type { Clock } from '../clock.ts'
import type { Config } from '../config/types.ts'
import { createRandomText, type RandomBytes } from '../random.ts'
import { createTransport } from '../wechat/transport.ts'
import { checkClock } from './check-clock.ts'
import { checkKeys } from './check-keys.ts'
import { checkService } from './check-service.ts'
import { checkVerifyFiles } from './check-verify-files.ts'
import { checkWechat } from './check-wechat.ts'
import { examineAccount } from './examine-account.ts'
import { findSandbox } from './find-sandbox.ts'
import { openStores } from './open-stores.ts'
import { passed, type Step, stepTitles, type Take } from './step.ts'
import { withinLimit } from './within-limit.ts'

export interface ExamineOptions {
  /** Checked already; that it could be read is the first step. */
  readonly config: Config
  /** What was read: the path of the file, or the environment. */
  readonly source: string
  /** Only this account. Default: all, the first 50. */
  readonly appId?: string
  /** The page to sign. Default: the root of the first page origin of each account. */
  readonly page?: string
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly random: RandomBytes
  /** Told of each step when it is done. */
  readonly onStep?: (step: Step) => void
}

const MOST_ACCOUNTS = 50

/**
 * Checks a configuration against the world, step by step.
 *
 * A running service is not disturbed: nothing is migrated, no token is replaced, no ticket is asked for while the
 * store has a living one. Only the configured hosts are contacted, and no step waits longer than 12 s.
 *
 * @returns every step in order; none of them holds a secret, a token or a ticket
 */
export async function examine(options: ExamineOptions): Promise<readonly Step[]> {
  const { config, clock, random } = options
  const { publicUrl, wechat } = config
  const steps: Step[] = []
  const newName = createRandomText(random)

  const take: Take = async (id, check, appId) => {
    const finding = await withinLimit(
      clock,
      async () => check(),
      (late) => late,
    )
    const [title, titleZh] = stepTitles[id]
    const step: Step = { id, title, titleZh, ...(appId === undefined ? {} : { appId }), ...finding }
    steps.push(step)
    options.onStep?.(step)
    return finding
  }

  const accounts = config.accounts
    .filter(({ appId }) => options.appId === undefined || appId === options.appId)
    .slice(0, MOST_ACCOUNTS)
  await take('configuration', () => passed(describeConfig(options, accounts.length)))
  await take('keys', () => checkKeys(config.keys, random))
  const stores = await openStores(config, { clock, random, newName })
  try {
    await take('redis', () => stores.redis)
    await take('database', () => stores.database)
    const { finding, reached, clockAheadMs } = await withinLimit(
      clock,
      () => checkWechat(wechat.apiHosts, options),
      (late) => ({ finding: late, reached: [], clockAheadMs: undefined }),
    )
    await take('wechat', () => finding)
    await take('clock', () => checkClock(clockAheadMs))
    const parts = {
      take,
      clock,
      fetch: options.fetch,
      newName,
      transport: createTransport({ ...options, apiHosts: wechat.apiHosts }),
      reachable: reached.length > 0,
      credentials: stores.credentials,
      sandbox: await findSandbox(options.fetch, reached),
      publicUrl,
      authorizeUrl: wechat.authorizeUrl,
    }
    for (const account of accounts)
      await examineAccount(parts, account, pageOf(account, accounts, options.page))
    await take('service', () => checkService(options.fetch, publicUrl))
    await take('verify_files', () => checkVerifyFiles(options.fetch, publicUrl, accounts))
    return steps
  } finally {
    await stores.close()
  }
}

type Pages = Config['accounts'][number]

/** The page to sign: the given one, unless it is another account's. */
function pageOf(account: Pages, accounts: readonly Pages[], page: string | undefined): string | undefined {
  const [first] = account.pageOrigins
  const owners = page === undefined ? [] : accounts.filter((each) => hasOrigin(each, page))
  if (page !== undefined && (owners.length === 0 || owners.includes(account))) return page
  return first === undefined ? undefined : `${first}/`
}

function hasOrigin({ pageOrigins }: Pages, page: string): boolean {
  return URL.canParse(page) && pageOrigins.some((origin) => new URL(origin).origin === new URL(page).origin)
}

function describeConfig({ config, source, appId }: ExamineOptions, examined: number): string {
  const { accounts, clients } = config
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
  const cut = appId === undefined && examined < accounts.length
  const rest = cut ? ` The first ${examined} are examined; --account chooses one.` : ''
  return `${source}: ${count(accounts.length, 'account')}, ${count(clients.length, 'client')}.${rest}`
}
