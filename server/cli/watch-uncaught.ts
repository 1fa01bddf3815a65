import type { RunningService } from '../serve.ts'
import { FAILED } from './exit-codes.ts'

const CLOSE_WITHIN_MS = 10_000

/**
 * Decides what becomes of errors that nobody caught.
 *
 * A promise that failed unseen has left everything else as it was: the process goes on. After an exception out of
 * nowhere nothing is known any more: what is under way is finished, and the process ends with 1, for its supervisor
 * to start it anew.
 */
export function watchUncaught(service: Pick<RunningService, 'onUncaught' | 'close'>, drainMs: number): void {
  let stopping = false
  process.on('unhandledRejection', (reason) => service.onUncaught('rejection', reason))
  process.on('uncaughtException', (error) => {
    service.onUncaught('exception', error)
    if (stopping) process.exit(FAILED)
    stopping = true
    setTimeout(() => process.exit(FAILED), CLOSE_WITHIN_MS + drainMs).unref()
    const stop = (): never => process.exit(FAILED)
    service.close().then(stop, stop)
  })
}
