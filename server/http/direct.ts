import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ask } from './ask.ts'
import type { Answer, Frame, OpenRoute } from './endpoint.ts'
import { MAX_BODY_BYTES } from './read-body.ts'

/** Answers a request itself, or returns `false` and leaves it untouched for Hono. */
export type Direct = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean

/** A client that was answered before it sent its body gets this long to send it, as Hono's adapter grants. */
const DRAIN_MS = 500
// Hosts that Hono's adapter accepts without parsing them; it refuses some of the others.
const plainHost = /^[a-z0-9._-]+(?::(?:[1-5]\d{3,4}|[6-9]\d{3}))?$/

/**
 * Makes the door that opens a few busy POST routes straight from `node:http`.
 *
 * Hono and its adapter cost as much as the whole signature. The rules stay where they are: frame and route are
 * the ones Hono uses. Only what is plain in every respect is taken (exact path, declared length within the
 * limit, no header twice, ordinary host); everything else goes to Hono, so that no rule of HTTP is written twice.
 *
 * @param prefix path part of `publicUrl`, accepted in front of every route
 */
export function createDirect(frame: Frame, routes: readonly OpenRoute[], prefix: string): Direct {
  const byPath = new Map(
    routes.flatMap((route) => [`${prefix}${route.path}`, route.path].map((at) => [at, route])),
  )
  return (incoming, outgoing) => {
    if (incoming.method !== 'POST') return false
    const route = byPath.get(incoming.url ?? '')
    if (route === undefined || !isPlain(incoming)) return false
    frame(route.path, askOf(incoming), route.handle, route.options).then(
      (answer) => write(incoming, outgoing, answer),
      () => outgoing.writeHead(500).end(),
    )
    return true
  }
}

function isPlain({ headers, rawHeaders }: IncomingMessage): boolean {
  return (
    Number(headers['content-length']) <= MAX_BODY_BYTES &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    plainHost.test(headers.host ?? '') &&
    // Node keeps the first of some repeated headers, and the web's Headers join them.
    Object.keys(headers).length * 2 === rawHeaders.length
  )
}

/** What the rules see of a request from `node:http`. */
class PlainRequest {
  readonly method = 'POST'
  readonly raw = noRaw
  readonly #incoming: IncomingMessage

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
  }

  header(name: string): string | undefined {
    return this.#incoming.headers[name] as string | undefined
  }
}

const noRaw = { body: null, bodyUsed: false }

function askOf(incoming: IncomingMessage): Ask {
  return { env: { incoming }, req: new PlainRequest(incoming) }
}

function write(incoming: IncomingMessage, outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.byteLength(body)
  headers['Content-Length'] = String(bytes)
  outgoing.writeHead(status, headers)
  // The same bytes either way; those of pure ASCII need no conversion.
  outgoing.write(body, bytes === body.length ? 'latin1' : 'utf8')
  // Head and body leave in one piece now; left to `end`, an empty piece would go with them, which costs more.
  outgoing.socket?.uncork()
  outgoing.end()
  if (!incoming.complete) setTimeout(() => cutOff(incoming), DRAIN_MS).unref()
}

function cutOff(incoming: IncomingMessage): void {
  if (!incoming.complete) incoming.socket.destroySoon()
}
