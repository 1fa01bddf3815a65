import { ServiceError } from '../errors.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined
}

/**
 * Reads the body of one WeChat answer as a JSON object.
 *
 * A 200 proves nothing: WeChat has answered with HTML, with broken JSON and with nothing at all
 * (fact sheet 3.5). `errcode` stays inside for the caller to judge.
 *
 * @throws {ServiceError} `wechat_bad_answer`, without the answer's text.
 */
export function readAnswer(status: number, text: string, path: string): JsonObject {
  if (status !== 200) throw badAnswer(path, `HTTP ${status}`)
  if (text.trim() === '') throw badAnswer(path, 'an empty body')
  const answer = parse(text)
  if (answer === undefined)
    throw badAnswer(path, text.trimStart().startsWith('<') ? 'an HTML page' : 'a text that is not JSON')
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) {
    throw badAnswer(path, 'JSON that is not an object')
  }
  return answer as JsonObject
}

/** Reads a text field. @throws {ServiceError} `wechat_bad_answer` naming the field. */
export function readText(answer: JsonObject, field: string, path: string): string {
  const value = answer[field]
  if (typeof value !== 'string' || value === '') throw badAnswer(path, `no usable "${field}"`)
  return value
}

/** Reads `expires_in`, in seconds. @throws {ServiceError} `wechat_bad_answer` when it is absent or not above zero. */
export function readExpiresIn(answer: JsonObject, path: string): number {
  const value = answer.expires_in
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw badAnswer(path, 'no usable "expires_in"')
  }
  return value
}

export function badAnswer(path: string, found: string): ServiceError {
  return new ServiceError('wechat_bad_answer', `WeChat answered ${path} with ${found}.`, {
    hint: 'Usually a gateway or proxy between this machine and WeChat, or an incident there: try again, then compare with a call from another network. 通常是中间网关或微信侧故障，请稍后重试。',
    retryAfterS: 2,
  })
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
