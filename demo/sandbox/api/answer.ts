import { makeRid } from '../truth/id-shapes.ts'
import type { Refusal } from './refusal.ts'

/** WeChat writes `encoding`, not `charset`. */
const CGI_BIN_TYPE = 'application/json; encoding=utf-8'
const SNS_TYPE = 'text/plain'
// The only text that is shorter on sns than on cgi-bin.
const SNS_INVALID_CREDENTIAL = 'invalid credential, access_token is invalid or not latest'

/** An HTTP answer before it is sent, so that a fault can still spoil it. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly errcode?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A good answer of an API: JSON, which `sns` calls plain text. */
export function jsonAnswer(path: string, body: object): Answer {
  return { status: 200, contentType: isSns(path) ? SNS_TYPE : CGI_BIN_TYPE, body: JSON.stringify(body) }
}

/** A refusal of an API: still HTTP 200, the request id behind the text. */
export function refusalAnswer(
  path: string,
  { errcode, message }: Refusal,
  now: number,
  random: (size: number) => Uint8Array,
): Answer {
  const rid = makeRid(now, random)
  const errmsg = isSns(path)
    ? `${errcode === 40001 ? SNS_INVALID_CREDENTIAL : message}, rid: ${rid}`
    : `${message} rid: ${rid}`
  return { ...jsonAnswer(path, { errcode, errmsg }), errcode }
}

function isSns(path: string): boolean {
  return path.startsWith('sns/')
}
