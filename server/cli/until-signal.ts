import { FAILED, OK } from './exit-codes.ts'
import { printError } from './output.ts'

const CLOSE_WITHIN_MS = 10_000
const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Waits for SIGTERM or SIGINT, then closes and exits with 0.
 *
 * What is still under way after 10 s and `drainMs`, or when a second signal arrives, is cut off with 1.
 */
export async function untilSignal(close: () => Promise<void>, drainMs = 0): Promise<never> {
  await nextSignal()
  const cutOff = setTimeout(() => {
    printError('Could not finish within 10 s; stopped anyway.')
    process.exit(FAILED)
  }, CLOSE_WITHIN_MS + drainMs)
  cutOff.unref()
  for (const signal of signals) process.once(signal, () => process.exit(FAILED))
  try {
    await close()
  } catch (error) {
    printError(`Closing failed: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(FAILED)
  }
  process.exit(OK)
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop)
      resolve()
    }
    for (const signal of signals) process.on(signal, stop)
  })
}
