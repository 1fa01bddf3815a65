import { makeRid } from '../truth/id-shapes.ts'
import type { Refusal } from './refusal.ts'

/** WeChat writes `encoding`, not `charset`. */
const CGI_BIN_TYPE = 'application/json; encoding=utf-8'

/** An HTTP answer before it is sent, so that a fault can still spoil it. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly errcode?: number
}

/** A good answer of a `cgi-bin` API. */
export function jsonAnswer(body: object): Answer {
  return { status: 200, contentType: CGI_BIN_TYPE, body: JSON.stringify(body) }
}

/** A refusal of a `cgi-bin` API: still HTTP 200, the request id behind the text. */
export function refusalAnswer(
  { errcode, message }: Refusal,
  now: number,
  random: (size: number) => Uint8Array,
): Answer {
  return { ...jsonAnswer({ errcode, errmsg: `${message} rid: ${makeRid(now, random)}` }), errcode }
}
