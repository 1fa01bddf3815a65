import type { Clock } from '../clock.ts'
import { type Finding, failed } from './step.ts'

/** What a check may take at most, in milliseconds; every wait inside has a shorter limit of its own. */
const STEP_LIMIT_MS = 12_000

/** Runs a check that must not hang: past the limit it has failed, whatever it still waits for. */
export async function withinLimit<Result>(
  clock: Pick<Clock, 'sleep'>,
  run: () => Promise<Result>,
  failWith: (finding: Finding) => Result,
): Promise<Result> {
  return Promise.race([run(), clock.sleep(STEP_LIMIT_MS).then(() => failWith(tooLong))])
}

const tooLong = failed(
  `There was no answer within ${STEP_LIMIT_MS / 1_000} s.`,
  'Something between this machine and the other side swallows packets: check firewall, proxy and DNS.',
  '本机与对方之间可能有设备丢弃数据包：请检查防火墙、代理和 DNS。',
)
