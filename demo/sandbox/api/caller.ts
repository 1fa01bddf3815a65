import type { Socket } from 'node:net'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'

/** Who sent a request, and how to break the connection to them. */
export interface Caller {
  readonly ip: string
  /** What to return after the connection is broken. */
  breakConnection(): Response
}

/** The caller behind the environment that Hono hands on: a socket over HTTP, nothing in one process. */
export function callerOf(env: unknown, ipWithoutSocket: string): Caller {
  const socket = socketOf(env)
  if (socket === undefined) return { ip: ipWithoutSocket, breakConnection: () => Response.error() }
  return {
    ip: plainIp(socket.remoteAddress ?? ipWithoutSocket),
    breakConnection() {
      socket.resetAndDestroy()
      return RESPONSE_ALREADY_SENT
    },
  }
}

function socketOf(env: unknown): Socket | undefined {
  const incoming = (env as { incoming?: { socket?: Socket } } | undefined)?.incoming
  return incoming?.socket
}

/** `::ffff:1.2.3.4` and `::1` as the IPv4 addresses a white list holds. */
function plainIp(address: string): string {
  return address === '::1' ? '127.0.0.1' : address.replace(/^::ffff:/i, '')
}
