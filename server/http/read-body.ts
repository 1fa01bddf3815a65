import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../errors.ts'
import { readLimitedText } from '../read-limited-text.ts'
import type { Ask } from './ask.ts'
import { readIncoming } from './read-incoming.ts'

/** Longest request body, in bytes. */
export const MAX_BODY_BYTES = 65_536

/**
 * Reads the body as UTF-8 text and never holds more than 64 KiB of it.
 *
 * @throws {ServiceError} `body_too_large`, `request_incomplete`
 */
export async function readBody(ask: Ask): Promise<string> {
  const text = await readText(ask, MAX_BODY_BYTES)
  if (text !== undefined) return text
  throw new ServiceError('body_too_large', `The body is longer than ${MAX_BODY_BYTES} bytes.`, {
    hint: 'Send only the fields of the route; page URLs are limited to 8192 characters.',
  })
}

/**
 * Reads a body as UTF-8 text; `undefined` when it has more than `maxBytes`.
 *
 * A declared length is believed, because Node's parser enforces it; a body without one is counted as it arrives.
 *
 * @throws {ServiceError} `request_incomplete` when the client goes away, or takes too long, before it is there
 */
export function readText(ask: Ask, maxBytes: number): Promise<string | undefined> {
  const chunked = ask.req.header('transfer-encoding') !== undefined
  if (!chunked && Number(ask.req.header('content-length') ?? 0) > maxBytes) return Promise.resolve(undefined)
  const { incoming } = (ask.env ?? {}) as { readonly incoming?: IncomingMessage }
  // The web's streams cost every piece of a slow sender's body some promises.
  const isUnread = incoming !== undefined && !incoming.readableDidRead
  return (isUnread ? readIncoming(incoming, maxBytes) : readRequest(ask, maxBytes)).catch(incomplete)
}

async function readRequest({ req }: Ask, maxBytes: number): Promise<string | undefined> {
  if (!req.raw.bodyUsed || req.text === undefined) return readLimitedText(req.raw.body, maxBytes)
  // A middleware of whoever has mounted us has read it, and Hono remembers it.
  const text = await req.text()
  return Buffer.byteLength(text) > maxBytes ? undefined : text
}

function incomplete(cause: unknown): never {
  throw new ServiceError('request_incomplete', 'The connection ended before the body was there.', {
    hint: 'Send the whole request within 15 s. 请在 15 秒内发完整个请求。',
    cause,
  })
}
