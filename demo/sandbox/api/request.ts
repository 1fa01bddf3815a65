import { Refusal } from './refusal.ts'

/** What an API sees of a request. */
export interface ApiRequest {
  readonly url: URL
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string
  readonly ip: string
}

/** The JSON object in the body. */
export function readJson(body: string): Record<string, unknown> {
  if (body === '') throw new Refusal(44002)
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (_notJson) {
    throw new Refusal(47001)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(47001)
  return value as Record<string, unknown>
}

/** A text field; absent is empty, another type is a data format error. */
export function textField(fields: Record<string, unknown>, name: string): string {
  const value = fields[name] ?? ''
  if (typeof value !== 'string') throw new Refusal(47001)
  return value
}
