import { ServiceError } from '../errors.ts'
import { explainErrcode, hintFor } from './errcodes.ts'
import type { JsonObject, JsonValue } from './read-answer.ts'
import { readRid } from './rid.ts'

/**
 * Turns an errcode into our own error: code, hint and rid are kept, WeChat's text is not, because it has been
 * seen to repeat what it was sent, secrets included.
 */
export function refusal(path: string, errcode: number, errmsg: JsonValue | undefined): ServiceError {
  const text = typeof errmsg === 'string' ? errmsg : ''
  const { name, retry } = explainErrcode(errcode)
  const hint = hintFor(errcode, text)
  const rid = ridOf(errmsg)
  const busy = retry === 'backoff'
  return new ServiceError(
    busy ? 'wechat_busy' : 'wechat_refused',
    `WeChat refused ${path}: ${errcode} (${name}).`,
    {
      hint: `${hint.en} ${hint.zh}`,
      errcode,
      ...(rid === undefined ? {} : { rid }),
      ...(busy ? { retryAfterS: 2 } : {}),
    },
  )
}

/** What an answer refuses with, if it does: errcode and, where WeChat gave one, its request id. */
export function readRefusal({
  errcode,
  errmsg,
}: JsonObject): { readonly errcode: number; readonly rid?: string } | undefined {
  if (typeof errcode !== 'number' || errcode === 0) return undefined
  const rid = ridOf(errmsg)
  return rid === undefined ? { errcode } : { errcode, rid }
}

function ridOf(errmsg: JsonValue | undefined): string | undefined {
  return typeof errmsg === 'string' ? readRid(errmsg) : undefined
}
