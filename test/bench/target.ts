import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A server in a process of its own. */
export interface Target {
  readonly name: string
  readonly port: number
  /** What is sent to it. */
  readonly request: BenchRequest
  /** Processor time used so far, user and system, in microseconds. */
  cpuMicros(): number
  residentMb(): number
  /** Connections and files that it has open. */
  openFiles(): number
  stop(): Promise<void>
}

/** A request for the signature of a page; {@link PAGE_NUMBER} in it stands for the number of the page. */
export interface BenchRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Sent in turn; one empty text with GET. */
  readonly bodies: readonly string[]
}

/** Replaced by as many digits: no two visitors come with the same address. */
export const PAGE_NUMBER = 'NNNNNNNNN'

/** What is sent to a target for a page. */
export function fill(template: string, page: number): string {
  return template.replace(PAGE_NUMBER, String(page).padStart(PAGE_NUMBER.length, '0'))
}

export interface TargetPlan {
  readonly name: string
  readonly request: BenchRequest
  /** What Node is called with; `PORT` in the environment says where to listen. */
  readonly args: readonly string[] | ((port: number) => readonly string[])
  readonly env?: Readonly<Record<string, string>>
  readonly cwd: string
}

const CLOCK_TICK_MICROS = 10_000
const hasTaskset = spawnSync('taskset', ['--version']).status === 0

/** The command that runs something on one core, where the system can do that. */
export function onCore(core: number, command: readonly string[]): [string, string[]] {
  const [file = '', ...args] = hasTaskset ? ['taskset', '-c', String(core), ...command] : command
  return [file, args]
}

/** Starts a server on the first core, its output into a pipe that somebody reads, and waits until it accepts. */
export async function startTarget(plan: TargetPlan): Promise<Target> {
  const port = await freePort()
  const nodeArgs = typeof plan.args === 'function' ? plan.args(port) : plan.args
  const reader = spawn(...onCore(1, ['cat']), { stdio: ['pipe', 'ignore', 'inherit'] })
  const child = spawn(...onCore(0, [process.execPath, ...nodeArgs]), {
    cwd: plan.cwd,
    env: { ...process.env, ...plan.env, PORT: String(port) },
    stdio: ['ignore', reader.stdin, 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  process.once('exit', () => child.kill('SIGKILL'))
  await Promise.race([
    accepts(port),
    ended.then(() => {
      throw new Error(`${plan.name} ended before it listened`)
    }),
  ])
  const statusOf = (file: string): string => readFileSync(`/proc/${child.pid}/${file}`, 'utf8')
  return {
    name: plan.name,
    port,
    request: plan.request,
    cpuMicros() {
      const fields = statusOf('stat').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MICROS
    },
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(statusOf('status'))?.[1]) / 1024,
    openFiles: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async stop() {
      child.kill('SIGKILL')
      await ended
      reader.kill()
    },
  }
}

/** Waits until something accepts connections there. */
export async function accepts(port: number): Promise<void> {
  while (!(await tryConnect(port))) await new Promise((resolve) => setTimeout(resolve, 2))
}

function tryConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
