import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { builtInAccount, serveSandbox } from '../../demo/sandbox/index.ts'
import { listen } from '../../server/http/listen.ts'
import { codeBlocks } from '../package/markdown.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { account, createTestService, form, json } from '../support/service.ts'

// The examples of docs/token-server.md as back-end developers start them: against a running service and sandbox.
// Their languages are no tools of this project: where one is missing its example is skipped, in CI too, and a
// visible line says so.

const { appId } = account
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'docs/examples/token-server')
const run = promisify(execFile)

interface Example {
  readonly language: string
  readonly file: string
  /** What must answer on the machine, and how to get it. */
  readonly needs: readonly [command: string, ...args: string[]]
  readonly install: string
  /** Makes a program of the source, which a test may start several times. */
  readonly compile?: (source: string, built: string) => readonly [string, ...string[]]
  readonly start: (source: string, built: string) => readonly [string, ...string[]]
  /** Calls of WeChat's API in one run. */
  readonly calls: number
}

const examples: Example[] = [
  {
    language: 'sh',
    file: 'token-server.sh',
    needs: ['curl', '--version'],
    install: 'curl',
    start: (source) => ['sh', source],
    calls: 1,
  },
  {
    language: 'java',
    file: 'TokenServer.java',
    needs: ['javac', '--version'],
    install: 'default-jdk-headless',
    compile: (source, built) => ['javac', '-encoding', 'UTF-8', '-d', built, source],
    start: (_source, built) => ['java', '-cp', built, 'TokenServer'],
    calls: 2,
  },
  {
    language: 'go',
    file: 'token_server.go',
    needs: ['go', 'version'],
    install: 'golang-go',
    compile: (source, built) => ['go', 'build', '-o', join(built, 'token_server'), source],
    start: (_source, built) => [join(built, 'token_server')],
    calls: 2,
  },
  {
    language: 'php',
    file: 'token-server.php',
    needs: ['php', '--ri', 'curl'],
    install: 'php-cli php-curl',
    start: (source) => ['php', source],
    calls: 2,
  },
  {
    language: 'python',
    file: 'token_server.py',
    needs: ['python3', '--version'],
    install: 'python3',
    start: (source) => ['python3', '-B', source],
    calls: 2,
  },
]

function isInstalled({ needs: [command, ...args], file, install }: Example): boolean {
  if (spawnSync(command, args).status === 0) return true
  console.warn(
    `${command} is missing: docs/examples/token-server/${file} is not tested (apt-get install ${install}).`,
  )
  return false
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Stands between a program and the service; may let time pass, or answer like a broken gateway. */
type Gateway = (route: string, turn: number) => Promise<Response | undefined>
type World = Awaited<ReturnType<typeof startWorld>>

const secret = 'shop-0pens-this'
const credentials = {
  grant_type: 'client_credentials',
  client_id: 'shop',
  client_secret: secret,
  applicationKey: 'shop',
}
const TOKEN = '/access-token'
const REJECTED = '/access-token/rejected'

async function startWorld(gateway: Gateway = async () => undefined) {
  const clock = createManualClock()
  const { service, sandbox, logs } = await createTestService({
    sandbox: { accounts: [builtInAccount] },
    config: {
      clients: [{ clientId: 'shop', clientSecret: secret, applicationKey: 'shop', scopes: ['token:read'] }],
    },
    world: { clock },
  })
  closers.push(service.close)
  const wechat = await serveSandbox(sandbox, { port: 0 })
  closers.push(wechat.close)
  const turns = new Map<string, number>()
  const listener = await listen(
    async (request: Request) => {
      const route = new URL(request.url).pathname.replace(`/v1/accounts/${appId}`, '')
      const turn = (turns.get(route) ?? 0) + 1
      turns.set(route, turn)
      return (await gateway(route, turn)) ?? service.app.fetch(request)
    },
    { host: '127.0.0.1', port: 0 },
  )
  closers.push(() => listener.close(0))
  /** Statuses the service answered on a route, in their order. */
  const statuses = (route: string) =>
    logs()
      .filter((line) => line.route === `/v1/accounts/{appId}${route}`)
      .map(({ status }) => status)
  const calls = () => sandbox.calls('cgi-bin/get_api_domain_ip')
  const errcodes = () => calls().map(({ errcode = 0 }) => errcode)
  const usedTokens = () => calls().map(({ query }) => query.access_token)
  /** What another backend does meanwhile. */
  async function anotherClient(route: string, body?: object): Promise<void> {
    const given = await service.app.request('/oauth2/ums/oauth2/accessToken', form(credentials))
    const { result } = (await given.json()) as { result: { access_token: string } }
    const init = body === undefined ? {} : json(body)
    const answer = await service.app.request(`/v1/accounts/${appId}${route}`, {
      ...init,
      headers: { 'content-type': 'application/json', 'sso-token': result.access_token },
    })
    expect(answer.status).toBe(200)
  }
  const settings = {
    SERVICE: `http://127.0.0.1:${listener.port}`,
    WECHAT_API: wechat.url,
    APP_ID: appId,
    CLIENT_ID: 'shop',
    CLIENT_SECRET: secret,
    APPLICATION_KEY: 'shop',
  }
  return { clock, sandbox, anotherClient, statuses, errcodes, usedTokens, settings }
}

test.each(['docs/token-server.md', 'docs/token-server.zh-CN.md'])(
  '%s shows the examples as they are',
  async (name) => {
    const blocks = codeBlocks(await readFile(join(root, name), 'utf8'))
    for (const { file, language } of examples) {
      const code = await readFile(join(folder, file), 'utf8')
      expect(blocks.filter((block) => block.language === language).map((block) => block.code)).toContain(code)
    }
  },
)

describe.each(examples)('$file', (example) => {
  const installed = isInstalled(example)
  const source = join(folder, example.file)
  let built: string
  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), 'token-server-'))
    const [command, ...args] = installed ? (example.compile?.(source, built) ?? []) : []
    if (command !== undefined) await run(command, args)
  }, 120_000)
  afterAll(() => rm(built, { recursive: true }))

  /** One run: what it printed, and whether it went well. */
  async function start(settings: Record<string, string>) {
    const [command, ...args] = example.start(source, built)
    const env = { PATH: process.env.PATH, HOME: built, KEEP: join(built, 'keep'), ...settings }
    const outcome = await run(command, args, { env, cwd: built }).then(
      ({ stdout, stderr }) => ({ ok: true, stdout, stderr }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, stdout, stderr }),
    )
    expect(outcome.stdout + outcome.stderr).not.toContain(secret)
    return outcome
  }
  const everyCall = new Array(example.calls).fill(expect.stringContaining('"ip_list"'))
  const linesOf = (stdout: string) => stdout.trim().split('\n')

  const cases = installed ? test : test.skip
  // The shell keeps its token in files: every test begins without.
  afterEach(() => rm(join(built, 'keep'), { recursive: true, force: true }))

  cases('calls WeChat with the token of the service', async () => {
    const { settings, statuses, errcodes } = await startWorld()
    const { ok, stdout, stderr } = await start(settings)
    expect([ok, stderr, linesOf(stdout)]).toEqual([true, '', everyCall])
    expect(statuses(TOKEN)).toEqual([200])
    expect(statuses(REJECTED)).toEqual([])
    expect(errcodes()).toEqual(everyCall.map(() => 0))
  })

  cases('asks again by a conditional request', async () => {
    const { settings, statuses, errcodes } = await startWorld()
    for (let begun = 0; begun < 2; begun += example.calls) {
      const { ok, stdout } = await start({ ...settings, CHECK_EVERY_S: '0' })
      expect([ok, linesOf(stdout)]).toEqual([true, everyCall])
    }
    expect(statuses(TOKEN)).toEqual([200, 304])
    expect(errcodes()).toEqual([0, 0])
  })

  cases('takes the next token once the one it knows is another', async () => {
    const world: World = await startWorld(async (route, turn) => {
      if (route === TOKEN && turn === 2)
        await world.anotherClient(REJECTED, { accessToken: world.usedTokens()[0] ?? '' })
      return undefined
    })
    for (let begun = 0; begun < 2; begun += example.calls) {
      const { ok } = await start({ ...world.settings, CHECK_EVERY_S: '0' })
      expect(ok).toBe(true)
    }
    expect(world.statuses(TOKEN)).toEqual([200, 200])
    expect(new Set(world.usedTokens()).size).toBe(2)
  })

  cases('reports a refused token and goes on with the next one', async () => {
    const { settings, sandbox, anotherClient, statuses, errcodes } = await startWorld()
    await anotherClient(TOKEN)
    sandbox.revokeTokens(appId)
    const { ok, stdout, stderr } = await start(settings)
    expect([ok, stderr, linesOf(stdout)]).toEqual([true, '', everyCall])
    expect(statuses(TOKEN)).toEqual([200, 200])
    expect(statuses(REJECTED)).toEqual([200])
    expect(errcodes()).toEqual([40001, ...everyCall.map(() => 0)])
  })

  cases('gives up after one report when no other token is granted', async () => {
    const { settings, sandbox, statuses, errcodes } = await startWorld()
    sandbox.addFault({ kind: 'invalid_credential', path: 'cgi-bin/get_api_domain_ip' })
    expect((await start(settings)).ok).toBe(false)
    expect(errcodes()).toEqual([40001, 40001])
    await rm(join(built, 'keep'), { recursive: true, force: true })
    const { ok, stdout, stderr } = await start(settings)
    expect([ok, stdout + stderr]).toEqual([false, expect.stringContaining('30 s')])
    expect(statuses(REJECTED)).toEqual([200, 200])
    expect(errcodes()).toEqual([40001, 40001, 40001])
  })

  cases('says what is wrong with its own credentials', async () => {
    const { settings } = await startWorld()
    const { ok, stdout, stderr } = await start({ ...settings, CLIENT_ID: 'somebody' })
    expect([ok, stdout + stderr]).toEqual([false, expect.stringMatching(/invalid_client|401/)])
  })

  cases('shows no token when WeChat cannot be reached', async () => {
    const { settings, sandbox } = await startWorld()
    const { ok, stdout, stderr } = await start({ ...settings, WECHAT_API: 'http://127.0.0.1:9' })
    const token = sandbox.snapshot().accounts[0]?.tokens.stable.at(-1)?.value
    expect([ok, token]).toEqual([false, expect.any(String)])
    expect(stdout + stderr).not.toContain(token)
  })

  if (example.calls === 1) return
  // What only a program that runs on can show.
  cases('takes a new service token when the one it has is over', async () => {
    const world: World = await startWorld(async (route, turn) => {
      if (route === TOKEN && turn === 1) await world.clock.advance(7_300_000)
      return undefined
    })
    const { ok, stdout } = await start(world.settings)
    expect([ok, linesOf(stdout)]).toEqual([true, everyCall])
    expect(world.statuses(TOKEN)).toEqual([401, 200])
  })

  cases('goes on with a living token while the token server is away', async () => {
    const { settings, errcodes } = await startWorld(async (route, turn) =>
      route === TOKEN && turn > 1 ? new Response('Bad Gateway', { status: 502 }) : undefined,
    )
    const { ok, stdout } = await start({ ...settings, CHECK_EVERY_S: '0' })
    expect([ok, linesOf(stdout)]).toEqual([true, everyCall])
    expect(errcodes()).toEqual([0, 0])
  })
})
