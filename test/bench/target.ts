import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Target {
  readonly name: string
  readonly url: string
  /** Processor time used so far, user and system, in microseconds. */
  cpuMicros(): number
  residentMb(): number
  stop(): void
}

const CLOCK_TICK_MICROS = 10_000

/** Starts a server in a process of its own, pinned to the first core where the system can do that. */
export async function startTarget(
  name: string,
  file: string,
  env: Record<string, string> = {},
): Promise<Target> {
  const child = fork(fileURLToPath(new URL(`./targets/${file}`, import.meta.url)), {
    env: { ...process.env, ...env },
    execArgv: ['--import', 'tsx'],
  })
  const port = await portOf(child)
  spawnSync('taskset', ['-a', '-cp', '0', String(child.pid)])
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    cpuMicros() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MICROS
    },
    residentMb() {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      return Number(kilobytes) / 1024
    },
    stop: () => void child.kill('SIGKILL'),
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the target ended with ${code} before it listened`)))
    child.once('message', (message) => resolve((message as { port: number }).port))
  })
}
