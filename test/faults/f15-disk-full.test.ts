import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { authInfoConfig, backend, tokenOf } from '../support/auth-info.ts'
import { fault } from '../support/fault.ts'
import { createHttpClient } from '../support/http-client.ts'
import { startServiceProcess, temporaryFolder } from '../support/processes.ts'
import { account, form, PAGE } from '../support/service.ts'
import { canLimitFiles, limitFiles, mountSmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import { startWechat } from '../support/wechat-server.ts'

const { appId } = account
const unlimited = { points: 0, perSeconds: 60 }
const START = `/wx/api/fans/authInfo?portid=4&redirectPath=${encodeURIComponent('https://h5.example.com/')}`
const WRITES = 30

interface Disk {
  readonly folder: string
  injure(pid: number): Promise<void>
  heal(pid: number): Promise<void>
}

const injuries: [string, () => Promise<Disk | undefined>][] = [
  [
    'the disk is full',
    async () => {
      const disk = await mountSmallDisk(8)
      return disk && { folder: disk.folder, injure: disk.fill, heal: disk.free }
    },
  ],
  [
    'no file may grow',
    async () =>
      (await canLimitFiles())
        ? {
            folder: await temporaryFolder(),
            injure: (pid) => limitFiles(pid, 4_096),
            heal: (pid) => limitFiles(pid),
          }
        : undefined,
  ],
]
for (const [name, prepare] of injuries) {
  fault(
    'F15',
    {
      injected: `${name}, under load`,
      expected:
        'signing and reading go on, writes are 503 and not acknowledged; all well after, nothing lost',
    },
    async (see) => {
      const disk = await prepare()
      if (disk === undefined) {
        see('not possible for this user')
        return
      }
      const wechat = await startWechat()
      const config = {
        ...authInfoConfig(),
        database: `sqlite:${join(disk.folder, 'wx-h5.db')}`,
        wechat: { apiHosts: [wechat.url] },
        rateLimits: { signature: unlimited, authInfo: unlimited, accessToken: unlimited },
        accounts: authInfoConfig().accounts.slice(0, 1),
        clients: [backend],
      }
      const service = await startServiceProcess(config)
      const ask = (path: string, init?: RequestInit) =>
        fetch(`${service.url}${path}`, { redirect: 'manual', ...init })
      const headers = { 'sso-token': await tokenOf(ask), 'content-type': 'application/json' }
      const put = (path: string, body: object) =>
        ask(`/wx/api/fans/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
      const addUser = (unionId: string) => put('addUser', { unionId })
      const addFan = (openId: string, unionId: string) =>
        put('addFans', { appId, fans: [{ openId, unionId, remark: 'x'.repeat(200) }] })
      const known = await (await addUser('uBeforeTheFault')).json()
      const { userIdStr } = known.result
      await addFan('oBeforeTheFault', 'uBeforeTheFault')
      const readFan = (userId: string) => ask(`/wx/api/fans/getFans?userId=${userId}&portId=4`, { headers })

      const client = createHttpClient()
      await client.sign(service.url, { appId })
      let going = true
      let signed = 0
      const failed: string[] = []
      const pages = Array.from({ length: 4 }, async () => {
        while (going) {
          await client.sign(service.url, { appId }).then(
            () => (signed += 1),
            (error: Error) => failed.push(error.message),
          )
        }
      })

      await disk.injure(service.pid)
      const acknowledged = new Map<string, string>()
      const refusals = new Map<string, number>()
      for (let write = 0; write < WRITES; write++) {
        const unionId = `uDuringTheFault${write}`
        const answer = await addUser(unionId)
        const { result, code } = (await answer.json()) as {
          result: { userIdStr: string } | null
          code?: string
        }
        if (answer.status === 200) acknowledged.set(unionId, result?.userIdStr ?? '')
        else refusals.set(`${answer.status} ${code}`, (refusals.get(`${answer.status} ${code}`) ?? 0) + 1)
        const fan = await addFan(`oDuringTheFault${write}`, unionId)
        expect([200, 503]).toContain(fan.status)
      }
      expect((await readFan(userIdStr)).status).toBe(200)
      const start = await ask(START)
      expect([start.status, start.headers.get('location')]).toEqual([503, null])
      expect((await ask('/healthz')).status).toBe(200)
      expect((await ask('/readyz')).status).toBe(200)
      const during = signed
      await until(() => signed > during + 50)
      see(
        `${acknowledged.size} of ${WRITES} acknowledged, refused: ${JSON.stringify(Object.fromEntries(refusals))}`,
      )
      expect([...refusals.keys()]).toEqual(['503 storage_unavailable'])

      await disk.heal(service.pid)
      expect((await addUser('uAfterTheFault')).status).toBe(200)
      expect((await ask(START)).status).toBe(302)
      going = false
      await Promise.all(pages)
      expect(failed).toEqual([])

      service.signal('SIGKILL')
      await service.ended
      const again = await startServiceProcess(config, service.folder)
      const token = await tokenOf((path, init) => fetch(`${again.url}${path}`, init))
      const lost: string[] = []
      for (const [unionId, userId] of [...acknowledged, ['uBeforeTheFault', userIdStr as string] as const]) {
        const answer = await fetch(`${again.url}/wx/api/fans/addUser`, {
          method: 'PUT',
          headers: { ...headers, 'sso-token': token },
          body: JSON.stringify({ unionId }),
        })
        if ((await answer.json()).result.userIdStr !== userId) lost.push(unionId)
      }
      see(`${signed} pages signed, ${failed.length} failed; after SIGKILL and restart ${lost.length} lost`)
      expect(lost).toEqual([])
    },
  )
}

fault(
  'F15',
  {
    injected: 'a start on a read-only disk (no kernel makes one read-only while files on it are written)',
    expected: 'refused with 1 and a line that names the file and the key; starts when it is writable again',
  },
  async (see) => {
    const disk = await mountSmallDisk(8)
    if (disk === undefined) {
      see('not possible for this user')
      return
    }
    const config = { database: `sqlite:${join(disk.folder, 'wx-h5.db')}` }
    const first = await startServiceProcess(config)
    first.signal('SIGTERM')
    expect(await first.ended).toBe(0)
    await disk.readOnly(true)
    const refused = await startServiceProcess(config).catch((error: Error) =>
      error.message.trim().split('\n'),
    )
    see(String(Array.isArray(refused) ? refused[1]?.slice(0, 90) : 'it started'))
    expect(refused).toEqual([
      'The service ended with 1:',
      expect.stringMatching(/^database: cannot use the file .*wx-h5\.db/),
    ])
    await disk.readOnly(false)
    await startServiceProcess(config)
  },
)

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))

/** A process whose log goes where the test says; it is found by its port, because nobody can read what it prints. */
async function startLoggingTo(config: object, log: number | 'pipe'): Promise<string> {
  const free = createServer()
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
  const { port } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  const folder = await temporaryFolder()
  const file = join(folder, 'wx-h5.json')
  await writeFile(file, JSON.stringify({ listen: { port }, accounts: [account], ...config }))
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', file], {
    cwd: folder,
    stdio: ['ignore', log, 'ignore'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok === true)
  return url
}

interface LogPlace {
  readonly log: number | 'pipe'
  injure(): Promise<void>
  heal(): Promise<void>
  read?(): Promise<string>
}

const logs: [string, () => Promise<LogPlace | undefined>][] = [
  [
    'the log is a file on a full disk',
    async () => {
      const disk = await mountSmallDisk(2)
      if (disk === undefined) return undefined
      const file = join(disk.folder, 'log')
      const log = openSync(file, 'a')
      return { log, injure: disk.fill, heal: disk.free, read: () => readFile(file, 'utf8') }
    },
  ],
  [
    'the log is a pipe that nobody reads',
    async () => ({ log: 'pipe', injure: async () => undefined, heal: async () => undefined }),
  ],
]
for (const [name, prepare] of logs) {
  fault(
    'F15',
    { injected: name, expected: 'no request fails or waits for the log; the process lives' },
    async (see) => {
      const place = await prepare()
      if (place === undefined) {
        see('not possible for this user')
        return
      }
      const { log } = place
      if (typeof log === 'number') onTestFinished(() => closeSync(log))
      const wechat = await startWechat()
      const url = await startLoggingTo(
        { wechat: { apiHosts: [wechat.url] }, rateLimits: { signature: unlimited } },
        log,
      )
      await place.injure()
      const client = createHttpClient()
      // Many times what a pipe holds.
      for (let wave = 0; wave < 40; wave++) {
        await Promise.all(Array.from({ length: 50 }, () => client.sign(url, { appId })))
      }
      const refused = await fetch(`${url}/v1/jsapi/signature`, form({ url: PAGE.replace('h5', 'h6') }))
      see('2,000 pages signed and as many lines logged or dropped')
      expect(refused.status).toBe(403)
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      await place.heal()
      const { read } = place
      if (read === undefined) return
      await client.sign(url, { appId })
      await until(async () => (await read()).includes('"dropped":'))
      see('the log goes on when there is room, and says how many lines are missing')
    },
  )
}
