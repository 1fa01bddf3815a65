import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wxH5 as runWxH5 } from '../support/wx-h5.ts'

const appSecret = '0123456789abcdef0123456789abcdef'
const account = {
  appId: 'wx0123456789abcdef',
  appSecret: 'env:TEST_WX_SECRET',
  pageOrigins: ['https://h5.example.com'],
}

let folder: string
let wechat: Server
let taken: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wx-h5-cli-'))
  // Stands for WeChat: every request is refused with a wrong secret, so that nothing leaves this machine.
  wechat = createServer((_, response) => response.end('{"errcode":40125,"errmsg":"invalid appsecret"}'))
  await new Promise<void>((resolve) => wechat.listen(0, '127.0.0.1', resolve))
  taken = (wechat.address() as AddressInfo).port
})

afterAll(async () => {
  wechat.close()
  wechat.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
})

const wxH5 = (
  args: readonly string[],
  env: Record<string, string> = {},
  onOutput?: Parameters<typeof runWxH5>[3],
) => runWxH5(folder, args, { TEST_WX_SECRET: appSecret, ...env }, onOutput)

async function configFile(name: string, config: object): Promise<string> {
  const file = join(folder, name)
  const defaults = {
    listen: { port: 0 },
    database: 'memory',
    wechat: { apiHosts: [`http://127.0.0.1:${taken}`] },
  }
  await writeFile(file, JSON.stringify({ ...defaults, accounts: [account], ...config }))
  return file
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

test('a file with five mistakes prints five lines and exits with 2', async () => {
  const file = await configFile('five.json', {
    publicUrl: 'mem.example.com',
    listen: { port: 'http' },
    ratelimits: {},
    accounts: [{ ...account, appId: 'gh_1', appSecret: appSecret, pageOrigins: ['https://h5.example.com/'] }],
  })
  const { code, stdout, stderr } = await wxH5(['serve', '--config', file])
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(
    linesOf(stderr)
      .map((line) => line.split(': ', 1)[0])
      .sort(),
  ).toEqual(['accounts[0].appId', 'accounts[0].pageOrigins[0]', 'listen.port', 'publicUrl', 'ratelimits'])
  expect(stderr).toContain('"rateLimits"')
  expect(stderr).not.toContain(appSecret)
})

test('without a configuration serve refuses, says what is missing, and exits with 2', async () => {
  const { code, stdout, stderr } = await wxH5(['serve'])
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/No configuration/)
  expect(stderr).toMatch(/"appId".*\n.*"appSecret".*\n.*"pageOrigins"/)
  expect(stderr).toMatch(/--config wx-h5\.json/)
  expect(stderr).toMatch(/WX_APP_ID, WX_APP_SECRET/)
})

test.each([
  ['a file that is not there', 'nowhere.json', /no such file/],
  ['a folder', '.', /is a folder/],
])('%s is one line with its name and exit code 2', async (_, name, says) => {
  const file = join(folder, name)
  const { code, stderr } = await wxH5(['serve', '--config', file])
  expect(code).toBe(2)
  expect(linesOf(stderr)).toEqual([expect.stringMatching(says)])
  expect(stderr).toContain(file)
})

test('a taken port is named with the options that change it, and exits with 1', async () => {
  const file = await configFile('taken.json', {})
  const { code, stderr } = await wxH5(['serve', '--config', file, '--port', String(taken)])
  expect(code).toBe(1)
  expect(linesOf(stderr)).toHaveLength(1)
  expect(stderr).toContain(String(taken))
  for (const option of ['--port', 'PORT', 'listen.port']) expect(stderr).toContain(option)
})

test('a database file that cannot be opened is named with its key, and exits with 1', async () => {
  const file = await configFile('database.json', {})
  const database = join(file, 'inside-a-file.db')
  const { code, stderr } = await wxH5([
    'serve',
    '--config',
    await configFile('bad-database.json', { database: `sqlite:${database}` }),
  ])
  expect(code).toBe(1)
  expect(linesOf(stderr)).toHaveLength(1)
  expect(stderr).toContain(database)
  expect(stderr).toMatch(/database/)
})

test('a file that is no database is named with its key, and exits with 1', async () => {
  const text = join(folder, 'text.db')
  await writeFile(
    text,
    'this is not a database, but a text that is long enough to be taken for a header'.repeat(20),
  )
  const { code, stderr } = await wxH5([
    'serve',
    '--config',
    await configFile('text.json', { database: `sqlite:${text}` }),
  ])
  expect(code).toBe(1)
  expect(stderr).toContain(text)
  expect(stderr).toMatch(/database/)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  'serve on port 0 prints its address, answers, and ends with 0 on %s',
  async (signal) => {
    const file = await configFile('serve.json', {})
    let health: Promise<number> | undefined
    const { code, stdout } = await wxH5(['serve', '--config', file], {}, (output, kill) => {
      const url = /http:\/\/localhost:[1-9]\d*/.exec(output)?.[0]
      if (url === undefined || health !== undefined) return
      health = fetch(`${url}/healthz`).then(({ status }) => {
        kill(signal)
        return status
      })
    })
    expect(await health).toBe(200)
    expect(code).toBe(0)
    expect(stdout).not.toContain(appSecret)
  },
)

test('a second signal does not wait for what is under way', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const apiHosts = [`http://127.0.0.1:${(silent.address() as AddressInfo).port}`]
  const file = await configFile('second-signal.json', { wechat: { apiHosts } })
  let asked: Promise<unknown> | undefined
  const { code } = await wxH5(['serve', '--config', file], {}, (output, kill) => {
    const url = /http:\/\/localhost:[1-9]\d*/.exec(output)?.[0]
    if (url === undefined || asked !== undefined) return
    const body = new URLSearchParams({ url: 'https://h5.example.com/' })
    asked = fetch(`${url}/v1/jsapi/signature`, { method: 'POST', body }).catch((error: unknown) => error)
    silent.once('request', async () => {
      kill('SIGTERM')
      // It no longer accepts once the first signal has been understood.
      while (
        await fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
          () => true,
          () => false,
        )
      );
      kill('SIGINT')
    })
  })
  silent.close()
  silent.closeAllConnections()
  expect(await asked).toBeInstanceOf(Error)
  expect(code).toBe(1)
})

test('the sandbox runs alone, prints its account and how to point a service at it, and ends with 0', async () => {
  let state: Promise<number> | undefined
  const { code, stdout } = await wxH5(['sandbox', '--port', '0'], {}, (output, kill) => {
    const url = /http:\/\/localhost:[1-9]\d*(?=\/__sandbox\/state)/.exec(output)?.[0]
    if (url === undefined || state !== undefined) return
    state = fetch(`${url}/__sandbox/state`).then(({ status }) => {
      kill('SIGTERM')
      return status
    })
  })
  expect(await state).toBe(200)
  expect(code).toBe(0)
  expect(stdout).toMatch(/appId wx[0-9a-z]{16} {2}appSecret [0-9a-f]{32}/)
  expect(stdout).toMatch(/WX_API_HOSTS=http:\/\/localhost:/)
})

test('mistakes in the file of the sandbox are lines too, and exit with 2', async () => {
  const broken = join(folder, 'sandbox-broken.json')
  await writeFile(broken, '{\n  "accounts": [],\n}')
  const { code, stderr } = await wxH5(['sandbox', '--config', broken])
  expect(code).toBe(2)
  expect(stderr).toContain(`${broken}: is not valid JSON at line 3, column 1`)
  const unknown = join(folder, 'sandbox-unknown.json')
  await writeFile(unknown, '{"acounts": [], "ticketRotation": "often"}')
  const second = await wxH5(['sandbox', '--config', unknown])
  expect(second.code).toBe(2)
  expect(linesOf(second.stderr)).toHaveLength(2)
})

test('a taken port of the sandbox is named with its own option', async () => {
  const alone = await wxH5(['sandbox', '--port', String(taken)])
  expect([alone.code, linesOf(alone.stderr).length]).toEqual([1, 1])
  expect(alone.stderr).toMatch(new RegExp(`${taken}.*--port`))
  const inDemo = await wxH5(['demo', '--port', '0', '--sandbox-port', String(taken)])
  expect([inDemo.code, linesOf(inDemo.stderr).length]).toEqual([1, 1])
  expect(inDemo.stderr).toMatch(new RegExp(`${taken}.*--sandbox-port`))
})

test('the environment alone starts the service, and PORT is used', async () => {
  const env = {
    WX_APP_ID: account.appId,
    WX_APP_SECRET: appSecret,
    WX_PAGE_ORIGINS: 'https://h5.example.com',
    WX_API_HOSTS: `http://127.0.0.1:${taken}`,
    PORT: String(taken),
  }
  const { code, stderr } = await wxH5(['serve'], env)
  expect(code).toBe(1)
  expect(stderr).toContain(String(taken))
})

test('the version is the one in package.json', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
  expect(await wxH5(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
})

test('an unknown command names the nearest one and exits with 2', async () => {
  const { code, stderr } = await wxH5(['srve'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/unknown command 'srve'/)
  expect(stderr).toMatch(/Did you mean serve\?/)
})

test('an unknown option names the nearest one and exits with 2', async () => {
  const { code, stderr } = await wxH5(['serve', '--prot', '80'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/Did you mean --port\?/)
})

test('help lists the commands and ends with 0', async () => {
  const { code, stdout } = await wxH5(['--help'])
  expect(code).toBe(0)
  for (const command of ['serve', 'demo', 'sandbox', 'doctor', 'sign', 'explain'])
    expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
})
