const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** The level of the log from `LOG_LEVEL`; `info` without one or with one that does not exist. */
export function readLogLevel(env: Readonly<Record<string, string | undefined>>): string {
  const level = env.LOG_LEVEL?.trim().toLowerCase() ?? ''
  return LEVELS.includes(level) ? level : 'info'
}
