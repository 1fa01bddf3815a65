import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import { describeError } from './describe-error.ts'

/** `rejection`: a promise failed and nobody waited for it. `exception`: something threw outside every request. */
export type UncaughtKind = 'rejection' | 'exception'

export type OnUncaught = (kind: UncaughtKind, error: unknown) => void

/** Counts and logs what nobody caught: each is a mistake of ours. */
export function countUncaught(registry: Registry, logger: Logger): OnUncaught {
  const uncaught = new Counter({
    name: 'wxh5_uncaught_errors_total',
    help: 'Errors that nobody caught: after a rejection the process goes on, after an exception it stops',
    labelNames: ['kind'],
    registers: [registry],
  })
  for (const kind of ['rejection', 'exception'] satisfies UncaughtKind[]) uncaught.inc({ kind }, 0)
  return (kind, error) => {
    uncaught.inc({ kind })
    const line = { kind, err: describeError(error) }
    if (kind === 'rejection')
      logger.error(line, 'nobody caught this error; the process goes on 未捕获的错误，进程继续运行')
    else
      logger.fatal(
        line,
        'nobody caught this error; the process finishes what is under way and stops 未捕获的异常，进程处理完在途请求后退出',
      )
  }
}
