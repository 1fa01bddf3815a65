import { ServiceError } from '../errors.ts'
import { explainErrcode, hintFor } from './errcodes.ts'
import type { JsonValue } from './read-answer.ts'

const rids = /rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})/

/**
 * Turns an errcode into our own error: code, hint and rid are kept, WeChat's text is not, because it has been
 * seen to repeat what it was sent, secrets included.
 */
export function refusal(path: string, errcode: number, errmsg: JsonValue | undefined): ServiceError {
  const text = typeof errmsg === 'string' ? errmsg : ''
  const { name, retry } = explainErrcode(errcode)
  const hint = hintFor(errcode, text)
  const rid = rids.exec(text)?.[1]
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
