import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createSandbox, serveSandbox } from '../../demo/sandbox/index.ts'
import { createHttpClient } from '../support/http-client.ts'
import { account } from '../support/service.ts'

const root = new URL('../../', import.meta.url)
const tsx = ['--import', import.meta.resolve('tsx')]
const linesOf = (text: string) => text.split('\n').filter((line) => line.startsWith('{'))
const requestsIn = (text: string) =>
  linesOf(text)
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'request')

async function startService() {
  const wechat = await serveSandbox(createSandbox(), { port: 0 })
  onTestFinished(wechat.close)
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-log-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = {
    listen: { port: 0 },
    wechat: { apiHosts: [wechat.url] },
    rateLimits: { signature: { points: 0, perSeconds: 60 } },
    accounts: [account],
  }
  await writeFile(join(folder, 'wx-h5.json'), JSON.stringify(config))
  const main = fileURLToPath(new URL('server/main.ts', root))
  const child = spawn(process.execPath, [...tsx, main, 'serve', '--config', 'wx-h5.json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    printed += piece
  })
  while (!printed.includes('listening on ')) await once(child.stdout, 'data')
  const url = /listening on (\S+)/.exec(printed)?.[1] ?? ''
  const client = createHttpClient()
  const sign = (count: number) => Promise.all(Array.from({ length: count }, () => client.sign(url)))
  return { child, sign, printed: () => printed, closed: once(child, 'close') }
}

test('a process that is stopped has written the line of every request it answered', async () => {
  const { child, sign, printed, closed } = await startService()
  await sign(500)
  child.kill('SIGTERM')
  await closed
  expect(requestsIn(printed())).toHaveLength(500)
})

test('pages are signed also while nobody reads the log, and no line is lost or torn', async () => {
  const { child, sign, printed, closed } = await startService()
  child.stdout.pause()
  // Together far more than a pipe holds.
  for (let round = 0; round < 10; round++) await sign(200)
  child.stdout.resume()
  child.kill('SIGTERM')
  await closed
  expect(requestsIn(printed())).toHaveLength(2_000)
})

test('a process whose log reader is gone signs on, and stops when it is told to', async () => {
  const { child, sign } = await startService()
  const ended = once(child, 'exit')
  child.stdout.destroy()
  await sign(500)
  await sign(500)
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test.each(['process.exit(3)', 'throw new Error("bug")'])(
  'nothing that was logged before %s is lost',
  async (end) => {
    const logger = new URL('server/observability/logger.ts', root).href
    const program = `import { createLogger } from '${logger}'
      const logger = createLogger()
      for (let n = 0; n < 3_000; n++) logger.info({ n }, 'line')
      ${end}`
    const child = spawn(process.execPath, [...tsx, '--input-type=module', '--eval', program], {
      cwd: fileURLToPath(root),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      printed += piece
    })
    await once(child, 'close')
    const numbers = linesOf(printed).map((line) => JSON.parse(line).n)
    expect(numbers).toEqual(Array.from({ length: 3_000 }, (_, n) => n))
  },
)
