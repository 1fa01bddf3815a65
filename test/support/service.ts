import { builtInAccount, createSandbox, type Sandbox, type SandboxOptions } from '../../demo/sandbox/index.ts'
import { compose, type Service, type World } from '../../server/compose.ts'
import { parseConfig } from '../../server/config/load.ts'
import { createLogger } from '../../server/observability/logger.ts'
import { testKeys } from './keys.ts'

export interface TestService {
  readonly service: Service
  readonly sandbox: Sandbox
  /** Every log line, parsed. */
  readonly logs: () => Record<string, unknown>[]
  /** Every log line as written. */
  readonly logText: () => string
}

export const PAGE = 'https://h5.example.com/news?id=1'
export const account = {
  appId: builtInAccount.appId,
  appSecret: builtInAccount.appSecret,
  pageOrigins: ['https://h5.example.com'],
}

/** A service whose WeChat is a sandbox in the same process. */
export async function createTestService(
  options: { config?: object; account?: object; world?: World; sandbox?: SandboxOptions } = {},
): Promise<TestService> {
  const clock = options.world?.clock
  const sandbox = createSandbox({
    accounts: [{ ...builtInAccount, safeDomains: ['h5.example.com'] }],
    ...(clock === undefined ? {} : { now: () => clock.now() }),
    ...options.sandbox,
  })
  const lines: string[] = []
  const service = await compose(
    parseConfig(
      {
        database: 'memory',
        keys: testKeys,
        accounts: [{ ...account, ...options.account }],
        ...options.config,
      },
      {},
    ),
    {
      fetch: fetchFrom(sandbox),
      logger: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
      ...options.world,
    },
  )
  return {
    service,
    sandbox,
    logs: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    logText: () => lines.join(''),
  }
}

/** A `fetch` that ends in the sandbox, and fails like the real one when the connection breaks. */
export function fetchFrom(sandbox: Sandbox): typeof fetch {
  return async (input, init) => {
    const response = await sandbox.fetch(new Request(input, init))
    if (response.type === 'error')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })
    return response
  }
}

export const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})

export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** A log that nobody reads. */
export const silentLogger = (): ReturnType<typeof createLogger> => createLogger({ level: 'silent' })

/** The ticket that verifies signatures in the sandbox right now. */
export function liveTicket(sandbox: Sandbox): string {
  const tickets = sandbox.snapshot().accounts[0]?.tickets.jsapi ?? []
  return tickets.at(-1)?.value ?? ''
}
