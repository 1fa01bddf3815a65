/** Names whose values never reach a log line, wherever they stand in a record. */
const secretNames: ReadonlySet<string> = new Set([
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
])

type LogRecord = Record<string, unknown>

/**
 * Replaces the values of secret names in a log record, at every depth.
 *
 * A record without any, which is nearly every one, is returned as it is: this runs once per request.
 */
export function redact(record: LogRecord): LogRecord {
  let redacted: LogRecord | undefined
  for (const name in record) {
    const value = record[name]
    const shown = secretNames.has(name) ? '[redacted]' : isRecord(value) ? redact(value) : value
    if (shown === value) continue
    redacted ??= { ...record }
    redacted[name] = shown
  }
  return redacted ?? record
}

function isRecord(value: unknown): value is LogRecord {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}
