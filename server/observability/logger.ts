import { type DestinationStream, type Logger, pino } from 'pino'

export interface LoggerOptions {
  readonly level?: string
  readonly destination?: DestinationStream
}

/** Names whose values never reach a log line, wherever they stand in a record. */
const secretNames = [
  'appSecret',
  'appsecret',
  'secret',
  'clientSecret',
  'client_secret',
  'sso-token',
  'access_token',
  'accessToken',
  'ticket',
  'jsapi_ticket',
  'refresh_token',
  'authorization',
  'cookie',
  'openid',
  'unionid',
  'phone',
]

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
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}
