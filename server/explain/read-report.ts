import { readRid, ridTime } from '../wechat/rid.ts'

/** What a pasted text says: a number, an answer of WeChat, an answer of the service, an errMsg. */
export interface Report {
  readonly text: string
  readonly errcodes: readonly number[]
  /** Words that could be codes of ours. */
  readonly words: readonly string[]
  readonly rid?: { readonly value: string; readonly at: number }
}

const LONGEST = 20_000

const numbered = [
  /^\s*(-?\d{1,6})(?=\s*(?:$|[:,;\s(]))/g,
  /err_?code["']?\s*[:=]\s*["']?(-?\d{1,6})/gi,
  /错误码\s*[:：]?\s*(-?\d{1,6})/g,
  /error code\s*[:：]?\s*(-?\d{1,6})/gi,
  /WeChat refused \S+: (-?\d{1,6})/g,
]

/** Reads whatever somebody pastes: nothing in it is believed, and nothing of it is repeated. */
export function readReport(pasted: string): Report {
  const text = pasted.slice(0, LONGEST).trim()
  const found = numbered.flatMap((pattern) => [...text.matchAll(pattern)].map(([, number]) => Number(number)))
  const rid = readRid(text)
  return {
    text,
    errcodes: [...new Set(found)],
    words: [...new Set(text.toLowerCase().match(/[a-z]+(?:_[a-z]+)*/g) ?? [])],
    ...(rid === undefined ? {} : { rid: { value: rid, at: ridTime(rid) } }),
  }
}
