import { STATUS } from '../errors.ts'
import type { RetryClass } from '../wechat/errcode-row.ts'
import { explainErrcode, hintFor, knownErrcodes, readRefusedAddress } from '../wechat/errcodes.ts'
import type { Cause } from './cause.ts'
import { clientCodes } from './client-codes.ts'
import { errcodeTexts } from './errcode-texts.ts'
import { nearest } from './nearest.ts'
import { pageTexts } from './page-texts.ts'
import { type Report, readReport } from './read-report.ts'
import { serviceCodes } from './service-codes.ts'

/** What one part of a pasted text means. */
export interface Explanation {
  /** `errcode`: of WeChat's API or its authorize page. `page`: a text WeChat gives a page. `code`: of this package. */
  readonly kind: 'errcode' | 'page' | 'code'
  readonly subject: string
  /** Our stable name, as it stands in logs, metrics and errors. */
  readonly name: string
  /** What trying again can do; for errcodes. */
  readonly retry?: RetryClass
  /** HTTP status; for codes in answers of the service. */
  readonly status?: number
  /** The address to put on the IP white list, where WeChat named it. */
  readonly address?: string
  /** Every possible cause with what to do about it, the likeliest first. */
  readonly causes: readonly Cause[]
}

export interface Explained {
  readonly explanations: readonly Explanation[]
  /** WeChat's request id and the second at which WeChat answered, epoch milliseconds. */
  readonly rid?: { readonly value: string; readonly at: number }
  /** What is written most alike, where nothing was recognised. */
  readonly nearest: readonly string[]
}

const ourCodes: Readonly<Record<string, readonly Cause[]>> = { ...clientCodes, ...serviceCodes }

const names: readonly string[] = [
  ...new Set([...Object.keys(ourCodes), ...knownErrcodes.map((errcode) => explainErrcode(errcode).name)]),
]

// Single words that are codes of ours are everyday words too: alone they count, inside a sentence they do not.
const isCode = (word: string, { text }: Report): boolean =>
  Object.hasOwn(ourCodes, word) && (word.includes('_') || text.toLowerCase() === word)

/**
 * Explains an errcode, a pasted errMsg, an answer of WeChat or of the service, or one of our codes.
 *
 * @example
 * explain('config:invalid signature').explanations[0]?.name // 'invalid_signature'
 */
export function explain(pasted: string): Explained {
  const report = readReport(pasted)
  const known = report.errcodes.filter((errcode) => knownErrcodes.includes(errcode))
  const errcodes = known.length > 0 ? known : namedErrcodes(report)
  const page = pageTexts.find(({ marks }) => marks.some((mark) => report.text.toLowerCase().includes(mark)))
  const spoken = errcodes.length > 0 || page === undefined ? [] : [page]
  const codes = report.words.filter(
    (word) => isCode(word, report) && spoken.every(({ code }) => code !== word),
  )
  const explanations: Explanation[] = [
    ...errcodes.map((errcode) => explainNumber(errcode, report)),
    ...spoken.map(({ code, causes }): Explanation => ({ kind: 'page', subject: code, name: code, causes })),
    ...codes.map(explainCode),
  ]
  return {
    explanations,
    ...(report.rid === undefined ? {} : { rid: report.rid }),
    nearest: explanations.length > 0 ? [] : nearest(report, knownErrcodes, names),
  }
}

/** Errcodes that are named, or whose text is there, without their number. */
function namedErrcodes({ text, words, errcodes }: Report): number[] {
  if (errcodes.length > 0) return []
  const said = text.toLowerCase()
  // In a page "config:invalid appid" is another thing than the answer 40013.
  const byText = said.includes('config:') ? undefined : errcodeTexts.find(([mark]) => said.includes(mark))
  if (byText !== undefined) return [byText[1]]
  return knownErrcodes.filter((errcode) => {
    const { name } = explainErrcode(errcode)
    return words.includes(name) && (name.includes('_') || said === name) && !Object.hasOwn(ourCodes, name)
  })
}

function explainNumber(errcode: number, { text }: Report): Explanation {
  const { name, retry, hint } = explainErrcode(errcode)
  const precise = hintFor(errcode, text)
  const address = precise === hint ? undefined : readRefusedAddress(text)
  return {
    kind: 'errcode',
    subject: String(errcode),
    name,
    retry,
    ...(address === undefined ? {} : { address }),
    causes: [precise],
  }
}

function explainCode(code: string): Explanation {
  const status = Object.hasOwn(STATUS, code) ? STATUS[code as keyof typeof STATUS] : undefined
  return {
    kind: 'code',
    subject: code,
    name: code,
    ...(status === undefined ? {} : { status }),
    causes: ourCodes[code] ?? [],
  }
}
