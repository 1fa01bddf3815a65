import { type DestinationStream, type Logger, pino } from 'pino'
import { redact } from './redact.ts'

export interface LoggerOptions {
  readonly level?: string
  readonly destination?: DestinationStream
}

/**
 * Makes the log: JSON lines, levels by name, and redaction as the second line of defence.
 *
 * The first is that nobody hands a secret to the log: requests are logged by route, never by address, and errors
 * of WeChat without its text.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: 'wx-h5-kit' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redact },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}
