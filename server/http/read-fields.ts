import type { z } from 'zod'
import { ServiceError } from '../errors.ts'
import type { Ask } from './ask.ts'
import { readBody } from './read-body.ts'

/**
 * Reads the body of a request, JSON or form, as the fields that `schema` describes.
 *
 * @param plain reads the ordinary shape faster than the schema, to the same result, or returns `undefined`
 * @throws {ServiceError} `unsupported_media_type`, `body_too_large`, `invalid_json`, `invalid_request`
 */
export async function readFields<Schema extends z.ZodType>(
  ask: Ask,
  schema: Schema,
  plain?: (body: unknown) => z.output<Schema> | undefined,
): Promise<z.output<Schema>> {
  const type = mediaType(ask.req.header('content-type') ?? '')
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    throw new ServiceError('unsupported_media_type', 'The body is neither JSON nor a form.', {
      hint: 'Send "Content-Type: application/json" or "application/x-www-form-urlencoded".',
    })
  }
  const text = await readBody(ask)
  const body = type === 'application/json' ? readJson(text) : readForm(text)
  const fields = plain?.(body)
  if (fields !== undefined) return fields
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw invalidRequest(parsed.error)
  return parsed.data
}

function mediaType(header: string): string {
  const end = header.indexOf(';')
  return (end === -1 ? header : header.slice(0, end)).trim().toLowerCase()
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ServiceError('invalid_json', 'The body is not JSON.', {
      hint: 'Send one JSON object such as {"url":"https://h5.example.com/"}, in UTF-8, with its Content-Type.',
    })
  }
}

function readForm(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in fields) {
      throw new ServiceError('invalid_request', `The form names "${name.slice(0, 40)}" twice.`, {
        hint: 'Send every field once; encode & inside a value as %26 (encodeURIComponent).',
      })
    }
    fields[name] = value
  }
  return fields
}

function invalidRequest(error: z.ZodError): ServiceError {
  const problems = error.issues.map((issue) => `"${issue.path.join('.') || 'body'}": ${issue.message}`)
  return new ServiceError('invalid_request', `The request does not fit: ${problems.join('; ')}.`, {
    hint: 'See /docs for the fields of this route.',
  })
}
