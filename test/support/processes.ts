import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { account } from './service.ts'

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))

/** How a process ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals | null

/** A process of the built service that may not listen yet. */
export interface SpawnedService {
  readonly pid: number
  /** Where it listens. Rejects, with what it printed, when it ends instead. */
  readonly listening: Promise<string>
  /** Where it runs: `wx-h5.json` and, unless configured otherwise, `.data/` are in it. */
  readonly folder: string
  /** What it has printed, logs included. */
  output(): string
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<Ending>
}

/** A process of the built service. */
export interface ServiceProcess extends SpawnedService {
  /** For example `http://localhost:40123`. */
  readonly url: string
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wx-h5-fault-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Starts `wx-h5 serve` from `dist/` as a process of its own and waits until it listens; whatever happens, it is
 * gone when the test is over.
 *
 * @param config is completed with a free port, and with the account of the sandbox when it has none
 * @param folder to run in; default: a fresh one
 * @throws {Error} with what it printed, when it ends instead of listening
 */
export async function startServiceProcess(config: object, folder?: string): Promise<ServiceProcess> {
  const spawned = await spawnService(config, folder)
  return { ...spawned, url: await spawned.listening }
}

/** As {@link startServiceProcess}, without waiting. */
export async function spawnService(config: object, folder?: string): Promise<SpawnedService> {
  const place = folder ?? (await temporaryFolder())
  const file = join(place, 'wx-h5.json')
  await writeFile(file, JSON.stringify({ listen: { port: 0 }, accounts: [account], ...config }))
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', file], {
    cwd: place,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<Ending>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  onTestFinished(async () => {
    // A stopped process dies of SIGKILL too.
    child.kill('SIGKILL')
    await ended
  })
  let printed = ''
  const listening = new Promise<string>((resolve, reject) => {
    const read = (piece: Buffer): void => {
      printed += String(piece)
      const address = /listening on (\S+)/.exec(printed)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void ended.then((ending) => {
      const last = printed.slice(-2_000)
      reject(new Error(`The service ended with ${ending}:\n${last}`))
      if (typeof ending === 'number' && ending > 0)
        console.error(`The service ended with ${ending}:\n${last}`)
    })
  })
  // Who kills it before does not wait for it.
  listening.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    listening,
    folder: place,
    output: () => printed,
    signal: (name) => void child.kill(name),
    ended,
  }
}
