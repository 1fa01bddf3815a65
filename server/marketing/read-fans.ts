import type { Context } from 'hono'
import { LosslessNumber, parse } from 'lossless-json'
import { ServiceError } from '../errors.ts'
import { readText } from '../http/read-body.ts'
import type { NewFan } from '../people/fan.ts'
import { readFanRow } from './fan-row.ts'

/** Rows in one request. */
export const MAX_FANS = 1_000
/** A full request with Chinese texts, percent-encoded. */
const MAX_BYTES = 4_194_304
const NAMED_PROBLEMS = 20

interface FansRequest {
  readonly appId: string
  /** Not read yet: the caller may not be allowed to use the account. */
  readonly fans: unknown
}

/**
 * Reads `{appId, fans}` from a form, where `fans` is JSON text, or from JSON; user ids keep all their digits.
 *
 * @throws {ServiceError} `unsupported_media_type`, `body_too_large`, `invalid_json`, `invalid_request`
 */
export async function readFansRequest(context: Context): Promise<FansRequest> {
  const type = (context.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    throw new ServiceError('unsupported_media_type', 'The body is neither JSON nor a form.', {
      hint: 'Send "Content-Type: application/x-www-form-urlencoded" with the fields "appId" and "fans", or JSON.',
    })
  }
  const body = await readBody(context)
  const fields = type === 'application/json' ? objectIn(body) : Object.fromEntries(formFields(body))
  const appId = Object.hasOwn(fields, 'appId') ? fields.appId : undefined
  const fans = Object.hasOwn(fields, 'fans') ? fields.fans : undefined
  if (typeof appId !== 'string' || appId === '' || appId.length > 64) {
    throw invalid('"appId": must be the appId of the account.')
  }
  return { appId, fans: typeof fans === 'string' ? exactJson(fans, '"fans"') : fans }
}

/**
 * Reads every row of `fans`, or names every row that is wrong.
 *
 * @throws {ServiceError} `invalid_request`
 */
export function readFans(value: unknown, appId: string): NewFan[] {
  if (!Array.isArray(value)) throw invalid('"fans": must be a JSON array of fans.')
  if (value.length === 0 || value.length > MAX_FANS) {
    throw invalid(`"fans": holds ${value.length} rows; 1 to ${MAX_FANS} are taken at once.`)
  }
  const problems: string[] = []
  const wrongRows = new Set<number>()
  const firstRows = new Map<string, number>()
  const fans: NewFan[] = []
  for (const [index, row] of value.entries()) {
    const fan = readFanRow(row, appId)
    if (isProblems(fan)) {
      wrongRows.add(index)
      for (const { field, reason } of fan) {
        problems.push(`fans[${index}]${field === '' ? '' : `.${field}`} ${reason}`)
      }
      continue
    }
    const first = firstRows.get(fan.openId)
    if (first !== undefined) {
      wrongRows.add(index)
      problems.push(`fans[${index}].openId is the same as in fans[${first}]`)
    }
    firstRows.set(fan.openId, index)
    fans.push(fan)
  }
  if (problems.length > 0) {
    const more = problems.length > NAMED_PROBLEMS ? `; and ${problems.length - NAMED_PROBLEMS} more` : ''
    throw invalid(
      `${wrongRows.size} of ${value.length} rows do not fit: ${problems.slice(0, NAMED_PROBLEMS).join('; ')}${more}. Nothing was stored.`,
    )
  }
  return fans
}

function isProblems(fan: ReturnType<typeof readFanRow>): fan is Extract<typeof fan, readonly unknown[]> {
  return Array.isArray(fan)
}

async function readBody(context: Context): Promise<string> {
  const text = await readText(context, MAX_BYTES)
  if (text !== undefined) return text
  throw new ServiceError('body_too_large', `The body is longer than ${MAX_BYTES} bytes.`, {
    hint: 'Send fewer fans at once. 请分批提交。',
  })
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message, {
    hint: 'See /docs for the fields of this route. 字段说明见 /docs。',
  })
}

function formFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name)) throw invalid('The form names a field twice.')
    fields.set(name, value)
  }
  return fields
}

function objectIn(text: string): Record<string, unknown> {
  const value = exactJson(text, 'The body')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw invalid('The body must be a JSON object with "appId" and "fans".')
}

function exactJson(text: string, what: string): unknown {
  try {
    return parse(text, undefined, numberOrDigits)
  } catch {
    throw new ServiceError('invalid_json', `${what} is not JSON.`, {
      hint: 'Send a JSON array such as [{"openId":"…","unionId":"…"}] in UTF-8, without comments and without a name twice; in a form, percent-encoded.',
    })
  }
}

function numberOrDigits(text: string): number | LosslessNumber {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : new LosslessNumber(text)
}
