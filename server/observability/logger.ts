import { type DestinationStream, type Logger, pino } from 'pino'
import { logToStandardOutput } from './log-destination.ts'
import { redact } from './redact.ts'

export interface LoggerOptions {
  readonly level?: string
  /** Default: standard output, in batches. */
  readonly destination?: DestinationStream
}

export const SERVICE = 'wx-h5-kit'

const destinations = new WeakMap<Logger, DestinationStream>()

/**
 * Makes the log: JSON lines, levels by name, and redaction as the second line of defence.
 *
 * The first is that nobody hands a secret to the log: requests are logged by route, never by address, and errors
 * of WeChat without its text.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const destination = options.destination ?? logToStandardOutput()
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { service: SERVICE },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }), log: redact },
    },
    destination,
  )
  destinations.set(logger, destination)
  return logger
}

/** Where a logger of {@link createLogger} writes; `undefined` for any other, whose format is its owner's. */
export function destinationOf(logger: Logger): DestinationStream | undefined {
  return destinations.get(logger)
}
