import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import type { Clock } from '../clock.ts'
import type { Shed } from '../http/gate.ts'

const LOG_EVERY_MS = 1_000

/** Counts what the gate refuses, and says so in the log, at most once a second. */
export function countShed(
  registry: Registry,
  logger: Logger,
  clock: Pick<Clock, 'monotonic'>,
): (shed: Shed) => void {
  const counter = new Counter({
    name: 'wxh5_requests_shed_total',
    help: 'Requests answered with overloaded, and connections refused, by reason',
    labelNames: ['reason'],
    registers: [registry],
  })
  let unsaid = 0
  let saidAt = Number.NEGATIVE_INFINITY
  return ({ reason, waiting, share }) => {
    counter.inc({ reason })
    unsaid++
    if (clock.monotonic() - saidAt < LOG_EVERY_MS) return
    const line = { reason, refused: unsaid, waiting, share: Math.round(share * 100) / 100 }
    logger.warn(
      line,
      'overloaded: requests are refused early; add a replica 过载：部分请求已提前拒绝，请增加实例',
    )
    saidAt = clock.monotonic()
    unsaid = 0
  }
}
