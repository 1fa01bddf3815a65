import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Sandbox } from './types.ts'

/** Where a sandbox listens. */
export interface ServeSandboxOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Default `127.0.0.1`: only this machine. `0.0.0.0` lets phones in the same network in. */
  readonly host?: string
}

/** A listening sandbox. */
export interface ServedSandbox {
  /** Without a slash at the end, for example `http://localhost:8788`. */
  readonly url: string
  readonly port: number
  /** Breaks held requests and open connections, and stops listening. */
  close(): Promise<void>
}

/**
 * Serves a sandbox over HTTP, for the demo, for browsers and for programs in other languages.
 *
 * @throws {Error} when the port is taken or not allowed; the message names it and the option `--port`.
 * @example
 * const served = await serveSandbox(createSandbox(), { port: 0 })
 * await fetch(`${served.url}/__sandbox/state`)
 * await served.close()
 */
export async function serveSandbox(sandbox: Sandbox, options: ServeSandboxOptions): Promise<ServedSandbox> {
  const host = options.host ?? '127.0.0.1'
  const server = createAdaptorServer({ fetch: sandbox.app.fetch, overrideGlobalObjects: false }) as Server
  await listen(server, options.port, host)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return { url: `http://${nameOf(host)}:${port}`, port, close: () => close(server, sandbox) }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new Error(listenMessage(cause, port, host), { cause }))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function close(server: Server, sandbox: Sandbox): Promise<void> {
  sandbox.releaseHeld()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function nameOf(host: string): string {
  if (['127.0.0.1', 'localhost', '0.0.0.0', '::'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function listenMessage(cause: Error, port: number, host: string): string {
  const code = 'code' in cause ? cause.code : undefined
  const advice = 'Choose another one with --port (0 takes any free port).'
  if (code === 'EADDRINUSE') return `The sandbox cannot listen: port ${port} on ${host} is taken. ${advice}`
  if (code === 'EACCES')
    return `The sandbox cannot listen: port ${port} on ${host} needs more rights. ${advice}`
  return `The sandbox cannot listen on ${host}, port ${port}: ${cause.message}. ${advice}`
}
