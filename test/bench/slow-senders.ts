import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { constantRate } from './open-loop.ts'
import { figure, goal } from './report.ts'
import { median, quantile } from './statistics.ts'
import { onCore, startTarget, type TargetPlan } from './target.ts'

const SENDERS = Math.min(10_000, openFiles() - 1_000)
const PER_SECOND = 1_000
const SECONDS = 4
const ROUNDS = 5
const FEW_FILES = 200

/** Lets thousands of connections hang in the middle of their requests, and measures what the others notice. */
export async function measureSlowSenders(plan: TargetPlan): Promise<void> {
  const target = await startTarget(plan)
  const p99 = async (seconds = SECONDS) => quantile(await constantRate(target, PER_SECOND, seconds), 0.99)
  await p99()
  const alone: number[] = []
  const among: number[] = []
  const residentBefore = target.residentMb()
  let resident = residentBefore
  // Thousands of connections that begin or end at once are not what is measured: a second passes after both.
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await p99())
    const senders = await openSenders(target.port)
    while (target.openFiles() < SENDERS) await pause()
    await p99(1)
    among.push(await p99())
    resident = Math.max(resident, target.residentMb())
    senders.kill('SIGKILL')
    await once(senders, 'exit')
    while (target.openFiles() > FEW_FILES) await pause()
    await p99(1)
  }
  await target.stop()
  const ratio = median(among) / median(alone)
  console.log(
    `\n${SENDERS} slow senders: silent, headers, bodies and chunks byte by byte; ${PER_SECOND} requests/s beside them`,
  )
  figure('p99 without them', `${median(alone).toFixed(2)} ms`)
  figure('p99 with them', `${median(among).toFixed(2)} ms`)
  goal('p99 with them, relative', `x${ratio.toFixed(2)}`, '<= 2', ratio <= 2)
  figure('memory for each of them', `${(((resident - residentBefore) * 1_024) / SENDERS).toFixed(1)} KB`)
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

async function openSenders(port: number): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../support/slow-senders.ts', import.meta.url))
  const args = ['--import', import.meta.resolve('tsx'), script, String(port), String(SENDERS)]
  const child = spawn(...onCore(1, [process.execPath, ...args]), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

function openFiles(): number {
  const limit = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim()
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}
