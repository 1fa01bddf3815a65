import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'

const BODY_LIMIT = 1_000_000

/** The JSON body of a control request, checked; an empty body counts as `{}`. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const text = await request.text()
  if (text.length > BODY_LIMIT) {
    throw refuse(413, 'body_too_large', `The body has ${text.length} characters; send at most ${BODY_LIMIT}.`)
  }
  const parsed = schema.safeParse(parseJson(text === '' ? '{}' : text))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw refuse(400, 'invalid_request', `The sandbox does not understand this request. ${problems.join('; ')}`)
}

/** A JSON error of the control routes. */
export function refuse(status: 400 | 404 | 413 | 503, error: string, message: string): HTTPException {
  return new HTTPException(status, { res: Response.json({ error, message }, { status }), message })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (_notJson) {
    throw refuse(400, 'invalid_json', 'The body is not JSON; send a JSON object.')
  }
}
