import { ServiceError } from '../errors.ts'
import { readLimitedText } from '../read-limited-text.ts'
import type { Ask } from './ask.ts'

/** Longest request body, in bytes. */
export const MAX_BODY_BYTES = 65_536

/**
 * Reads the body as UTF-8 text and never holds more than 64 KiB of it.
 *
 * A declared length is trusted, because Node's parser enforces it; a body without one is counted as it arrives.
 *
 * @throws {ServiceError} `body_too_large`, `request_incomplete`
 */
export function readBody(ask: Ask): Promise<string> {
  const declared = ask.req.header('content-length')
  const chunked = ask.req.header('transfer-encoding') !== undefined
  if (declared === undefined || chunked) return readCounted(ask)
  return Number(declared) <= MAX_BODY_BYTES ? orIncomplete(ask.req.text()) : Promise.reject(tooLarge())
}

async function readCounted(ask: Ask): Promise<string> {
  const text = await orIncomplete(readLimitedText(ask.req.raw.body, MAX_BODY_BYTES))
  if (text === undefined) throw tooLarge()
  return text
}

/** Says what is the matter when a client goes away, or takes too long, before its body is there. */
export function orIncomplete<Body>(body: Promise<Body>): Promise<Body> {
  return body.catch((cause: unknown) => {
    throw new ServiceError('request_incomplete', 'The connection ended before the body was there.', {
      hint: 'Send the whole request within 15 s. 请在 15 秒内发完整个请求。',
      cause,
    })
  })
}

function tooLarge(): ServiceError {
  return new ServiceError('body_too_large', `The body is longer than ${MAX_BODY_BYTES} bytes.`, {
    hint: 'Send only the fields of the route; page URLs are limited to 8192 characters.',
  })
}
