import type { Context } from 'hono'
import { ServiceError } from '../errors.ts'
import { readLimitedText } from '../read-limited-text.ts'

/** Longest request body, in bytes. */
export const MAX_BODY_BYTES = 65_536

/**
 * Reads the body as UTF-8 text and never holds more than 64 KiB of it.
 *
 * A declared length is trusted, because Node's parser enforces it; a body without one is counted as it arrives.
 *
 * @throws {ServiceError} `body_too_large`
 */
export async function readBody(context: Context): Promise<string> {
  const declared = context.req.header('content-length')
  const chunked = context.req.header('transfer-encoding') !== undefined
  if (declared !== undefined && !chunked) {
    if (!(Number(declared) <= MAX_BODY_BYTES)) throw tooLarge()
    return context.req.text()
  }
  const text = await readLimitedText(context.req.raw.body, MAX_BODY_BYTES)
  if (text === undefined) throw tooLarge()
  return text
}

function tooLarge(): ServiceError {
  return new ServiceError('body_too_large', `The body is longer than ${MAX_BODY_BYTES} bytes.`, {
    hint: 'Send only the fields of the route; page URLs are limited to 8192 characters.',
  })
}
