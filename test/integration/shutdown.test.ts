import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createSandbox, serveSandbox } from '../../demo/sandbox/index.ts'
import { account, form, PAGE } from '../support/service.ts'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('on SIGTERM what is under way is finished, nothing new is accepted, and the process ends with 0', async () => {
  const sandbox = createSandbox()
  const wechat = await serveSandbox(sandbox, { port: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-'))
  closers.push(wechat.close, () => rm(folder, { recursive: true }))
  const config = { listen: { port: 0 }, wechat: { apiHosts: [wechat.url] }, accounts: [account] }
  await writeFile(join(folder, 'wx-h5.json'), JSON.stringify(config))
  // The ticket hangs until the test lets it go: so long the page's request is under way.
  sandbox.setFaults([{ kind: 'slow', path: 'cgi-bin/ticket/getticket', delayMs: 2_000 }])

  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), main, 'serve', '--config', 'wx-h5.json'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  closers.push(async () => child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve) => {
    let printed = ''
    child.stdout.on('data', (piece: Buffer) => {
      printed += String(piece)
      const url = /listening on (\S+)/.exec(printed)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
  const underWay = fetch(`${address}/v1/jsapi/signature`, form({ url: PAGE }))
  while (sandbox.calls('cgi-bin/ticket/getticket').length === 0)
    await new Promise((resolve) => setImmediate(resolve))

  child.kill('SIGTERM')
  const finished = await underWay
  expect(finished.status).toBe(200)
  expect((await finished.json()).signature).toMatch(/^[0-9a-f]{40}$/)
  expect(await ended).toBe(0)
  await expect(fetch(`${address}/healthz`)).rejects.toThrow()
})
