import { askOnce, generator, type Load, load } from './load.ts'
import { constantRate } from './open-loop.ts'
import { figure, goal } from './report.ts'
import { median, quantile } from './statistics.ts'
import type { Target } from './target.ts'

const ROUNDS = 12
const SECONDS = 1
const WARM_UP_SECONDS = 2
const GROWTH_ROUNDS = 5
const GROWTH_SECONDS = 3
const LATENCY_ROUNDS = 9
const LATENCY_SECONDS = 1

export interface Field {
  readonly plain: Target
  readonly ours: Target
  /** Many are configured, one is asked for. */
  readonly manyAccounts: Target
  /** Many are configured, a hundred are asked for in turn. */
  readonly manyAsked: Target
  readonly peer: Target | undefined
  readonly others: readonly Target[]
}

/** Lets everybody sign as fast as he can, in alternation, and prints each against the plain server. */
export async function measureThroughput(field: Field): Promise<void> {
  const { plain, ours, manyAccounts, manyAsked, peer, others } = field
  const targets = [plain, ...others, ours, manyAccounts, manyAsked, ...(peer === undefined ? [] : [peer])]
  const rounds = new Map<Target, Load[]>(targets.map((target) => [target, []]))
  for (const target of targets) {
    await askOnce(target)
    await load(target, WARM_UP_SECONDS)
  }
  for (let round = 0; round < ROUNDS; round++) {
    // There and back, so that none always follows the same one.
    const inTurn = round % 2 === 0 ? targets : targets.toReversed()
    for (const target of inTurn) rounds.get(target)?.push(await load(target, SECONDS))
  }
  const of = (target: Target, key: keyof Load): number[] =>
    (rounds.get(target) ?? []).map((round) => round[key])
  /** Round by round, because the machine is not the same in each. */
  const ratio = (one: Target, other: Target, key: keyof Load): number =>
    median(of(one, key).map((value, round) => value / (of(other, key)[round] ?? Number.NaN)))

  console.log(
    `\nsigning: median of ${ROUNDS} rounds of ${SECONDS} s in alternation, 32 connections, by ${generator}`,
  )
  console.log(
    `  ${'target'.padEnd(38)}${'per second'.padStart(12)}${'of plain'.padStart(10)}${'CPU us'.padStart(9)}${'of plain'.padStart(10)}${'RSS MB'.padStart(9)}`,
  )
  for (const target of targets) {
    const cells = [
      String(Math.round(median(of(target, 'perSecond')))).padStart(12),
      ratio(target, plain, 'perSecond').toFixed(2).padStart(10),
      median(of(target, 'cpuMicrosPerRequest')).toFixed(1).padStart(9),
      ratio(target, plain, 'cpuMicrosPerRequest').toFixed(2).padStart(10),
      target.residentMb().toFixed(0).padStart(9),
    ]
    console.log(`  ${target.name.padEnd(38)}${cells.join('')}`)
  }
  console.log()
  // By processor time: on one core it says the same as requests per second, and other work on the machine less.
  const cpuOf = (one: Target, other: Target): number => ratio(one, other, 'cpuMicrosPerRequest')
  const ofPlain = cpuOf(plain, ours)
  goal('what one core can sign, of plain node:http', ofPlain.toFixed(2), '>= 0.55', ofPlain >= 0.55)
  if (peer !== undefined) {
    const ofPeer = cpuOf(peer, ours)
    goal('what one core can sign, of wechat-jssdk', `x ${ofPeer.toFixed(1)}`, '>= 4', ofPeer >= 4)
  }
  const residentMb = ours.residentMb()
  goal('resident memory after the load', `${residentMb.toFixed(0)} MB`, '< 120 MB', residentMb < 120)
  await measureGrowth(field)
  await measureLatency(plain, ours, median(of(ours, 'perSecond')) / 2)
}

/**
 * What accounts cost is less than what the machine's speed changes within a second: all are asked at once, on the
 * same core, so that whatever happens there happens to all.
 */
async function measureGrowth({ ours, manyAccounts, manyAsked }: Field): Promise<void> {
  const configured: number[] = []
  const asked: number[] = []
  for (let round = 0; round < GROWTH_ROUNDS; round++) {
    const loads = await Promise.all(
      [ours, manyAccounts, manyAsked].map((target) => load(target, GROWTH_SECONDS)),
    )
    const [one = Number.NaN, many = Number.NaN, hundred = Number.NaN] = loads.map(
      ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest,
    )
    configured.push(many / one)
    asked.push(hundred / one)
  }
  const growth = median(configured)
  goal('time per request with 10,000 accounts, of one', growth.toFixed(2), '<= 1.1', growth <= 1.1)
  figure('the same, a hundred of them asked in turn', median(asked).toFixed(2))
}

async function measureLatency(plain: Target, ours: Target, perSecond: number): Promise<void> {
  const p99 = async (target: Target) => quantile(await constantRate(target, perSecond, LATENCY_SECONDS), 0.99)
  const plainMs: number[] = []
  const oursMs: number[] = []
  for (let round = 0; round < LATENCY_ROUNDS; round++) {
    plainMs.push(await p99(plain))
    oursMs.push(await p99(ours))
  }
  const times = median(oursMs.map((ms, round) => ms / (plainMs[round] ?? Number.NaN)))
  const measured = `${median(oursMs).toFixed(2)} : ${median(plainMs).toFixed(2)} ms`
  goal(
    `p99 at a constant ${Math.round(perSecond)}/s (half load): ${measured}`,
    `x ${times.toFixed(2)}`,
    '< 3',
    times < 3,
  )
}
