import { spawnSync } from 'node:child_process'
import autocannon from 'autocannon'
import { startTarget, type Target } from './target.ts'

const ROUNDS = 7
const SECONDS = 2
const body = `url=${encodeURIComponent('https://h5.example.com/news?id=1&from=singlemessage')}`

interface Round {
  readonly perSecond: number
  readonly cpuMicrosPerRequest: number
  readonly p99Ms: number
}

/** Signs as fast as possible, the targets in alternation, and prints each against the first. */
export async function measureThroughput(): Promise<void> {
  // Load on the other core, where there is one.
  spawnSync('taskset', ['-a', '-cp', '1', String(process.pid)])
  const targets = [
    await startTarget('plain node:http, only the hash', 'plain.ts'),
    await startTarget('wx-h5-kit, everything on', 'service.ts'),
    await startTarget('wx-h5-kit, 100 accounts', 'service.ts', { BENCH_ACCOUNTS: '100' }),
    await startTarget('wx-h5-kit, 10,000 accounts', 'service.ts', { BENCH_ACCOUNTS: '10000' }),
  ]
  const rounds = new Map<Target, Round[]>(targets.map((target) => [target, []]))
  for (const target of targets) await load(target, 1)
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of targets) rounds.get(target)?.push(await load(target, SECONDS))
  }
  const base = median(rounds.get(targets[0] as Target) ?? [], 'perSecond')
  const baseCpu = median(rounds.get(targets[0] as Target) ?? [], 'cpuMicrosPerRequest')
  console.log(
    `signing, median of ${ROUNDS} rounds of ${SECONDS} s in alternation, 32 connections, keep-alive`,
  )
  for (const target of targets) {
    const results = rounds.get(target) ?? []
    const perSecond = median(results, 'perSecond')
    const cpu = median(results, 'cpuMicrosPerRequest')
    console.log(
      [
        target.name.padEnd(32),
        `${Math.round(perSecond)}/s`.padStart(9),
        `x${(perSecond / base).toFixed(2)}`.padStart(7),
        `${cpu.toFixed(0)} us cpu`.padStart(11),
        `x${(cpu / baseCpu).toFixed(2)}`.padStart(7),
        `p99 ${median(results, 'p99Ms').toFixed(0)} ms`.padStart(11),
        `${target.residentMb().toFixed(0)} MB`.padStart(8),
      ].join('  '),
    )
    target.stop()
  }
}

async function load(target: Target, seconds: number): Promise<Round> {
  const cpuBefore = target.cpuMicros()
  const result = await autocannon({
    url: `${target.url}/v1/jsapi/signature`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: target.name.includes('accounts') ? `appId=wx0000000000000042&${body}` : body,
    connections: 32,
    duration: seconds,
  })
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${target.name}: ${result.non2xx} refused, ${result.errors} failed`)
  }
  const answered = result.requests.total
  return {
    perSecond: answered / result.duration,
    cpuMicrosPerRequest: (target.cpuMicros() - cpuBefore) / answered,
    p99Ms: result.latency.p99,
  }
}

function median(rounds: readonly Round[], figure: keyof Round): number {
  const sorted = rounds.map((round) => round[figure]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
