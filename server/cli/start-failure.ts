export interface StartPlace {
  readonly host: string
  readonly port: number
  /** How to choose another port: `--port or PORT`. */
  readonly portOptions: string
}

/**
 * Says in one line why a start failed: what, with which value, and what to change.
 *
 * Errors of the operating system are put into words; our own errors already say all of it.
 */
export function explainStartFailure(error: unknown, place: StartPlace): string {
  const { host, port, portOptions } = place
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  const listening = 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo')
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is already in use: stop the other program, or choose another port with ${portOptions}.`
  }
  if (code === 'EACCES' && listening) {
    return `Port ${port} may not be used by this user: choose one from 1024 on with ${portOptions}.`
  }
  if (code === 'EADDRNOTAVAIL' || (listening && (code === 'ENOTFOUND' || code === 'EAI_AGAIN'))) {
    return `This machine has no address "${host}": choose another one with --host, for example 127.0.0.1 or 0.0.0.0.`
  }
  return error.message.split('\n', 1)[0] ?? error.message
}
