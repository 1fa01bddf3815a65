import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createSandbox, serveSandbox } from '../../demo/sandbox/index.ts'
import { account, form, PAGE } from '../support/service.ts'

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Runs the service as a process, has one page signed, and gives what it wrote. */
async function signOnce(...preloads: string[]): Promise<{ stdout: string; stderr: string }> {
  const wechat = await serveSandbox(createSandbox(), { port: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
  closers.push(wechat.close, () => rm(folder, { recursive: true }))
  const config = { listen: { port: 0 }, wechat: { apiHosts: [wechat.url] }, accounts: [account] }
  await writeFile(join(folder, 'wx-h5.json'), JSON.stringify(config))
  const imports = [import.meta.resolve('tsx'), ...preloads].flatMap((file) => ['--import', file])
  const child = spawn(
    process.execPath,
    [...imports, fileOf('server/main.ts'), 'serve', '--config', 'wx-h5.json'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  closers.push(async () => child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      written.stdout += String(piece)
      const url = /listening on (\S+)/.exec(written.stdout)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.stderr.on('data', (piece: Buffer) => {
      written.stderr += String(piece)
    })
    child.once('exit', () => reject(new Error(`ended before it listened:\n${written.stderr}`)))
  })
  const headers = { 'x-request-id': 'page-1' }
  const response = await fetch(`${address}/v1/jsapi/signature`, { ...form({ url: PAGE }), headers })
  expect(response.status).toBe(200)
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await closed
  return written
}

interface Span {
  readonly name: string
  readonly attributes: Record<string, unknown>
  readonly traceId: string
  readonly spanId: string
  readonly parentId?: string
}

test('an SDK that node --import loads gets the spans of the service, and the log their ids', async () => {
  const { stdout, stderr } = await signOnce(
    fileOf('test/support/loaded-modules-preload.ts'),
    fileOf('test/support/tracing-preload.ts'),
  )
  expect(stderr).toMatch(/LOADED .*@opentelemetry\/api/)
  const spans = [...stderr.matchAll(/^SPAN (.*)$/gm)].map(([, line = '']): Span => JSON.parse(line))
  const server = spans.find(({ name }) => name === 'POST /v1/jsapi/signature')
  expect(server?.attributes).toMatchObject({
    'http.response.status_code': 200,
    'wxh5.request_id': 'page-1',
    'wxh5.app_id': account.appId,
  })
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['refresh access_token', 'refresh jsapi', 'GET /cgi-bin/ticket/getticket']),
  )
  const line = stdout.split('\n').find((each) => each.includes('"msg":"request"'))
  expect(JSON.parse(line ?? '{}')).toMatchObject({ trace_id: server?.traceId, span_id: server?.spanId })
  expect(stderr).not.toContain(account.appSecret)
})

test('without an SDK not even the API of OpenTelemetry is loaded', async () => {
  const { stdout, stderr } = await signOnce(fileOf('test/support/loaded-modules-preload.ts'))
  expect(stderr).not.toContain('LOADED')
  expect(stdout).toContain('"msg":"request"')
  expect(stdout).not.toContain('trace_id')
})
