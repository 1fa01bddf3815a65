import { isServiceError, type ServiceError } from '../errors.ts'
import { StorageError } from '../storage/storage-error.ts'
import { explainErrcode } from '../wechat/errcodes.ts'
import { type Finding, failed } from './step.ts'

// Hints are an English sentence and then a Chinese one, which may begin with a Latin word (AppSecret 与…).
const bilingual = /^(.*?[.)])\s+((?:[\w[\]."]+ )?\p{Script=Han}.*)$/su

/**
 * Turns what was thrown into a failed finding.
 *
 * Errors of ours say everything and hold no secret. Of others only the name and the system's code are shown: their
 * messages can repeat an address or a row.
 */
export function describeFailure(error: unknown): Finding {
  if (isServiceError(error)) {
    const { en, zh } = hintOf(error)
    const rid = error.rid === undefined ? '' : ` rid: ${error.rid}.`
    return failed(`${error.message}${rid}`, en, zh)
  }
  if (error instanceof StorageError) {
    const { en, zh } = splitHint(error.message)
    const [, what = en, fix = ''] = /^(.*?\)\.|.*?\. )(.*)$/s.exec(en) ?? []
    return failed(what.trim(), fix.trim(), zh)
  }
  return failed(
    `The check itself failed: ${nameOf(error)}.`,
    'Try again; if it stays, report it with the version that wx-h5 --version prints.',
    '请重试；如果仍然出现，请附上 wx-h5 --version 的版本号反馈。',
  )
}

/** The hint of an error in its two languages. */
export function hintOf({ hint = '', errcode }: ServiceError): { readonly en: string; readonly zh: string } {
  const known = errcode === undefined ? undefined : explainErrcode(errcode).hint
  return known !== undefined && hint === `${known.en} ${known.zh}` ? known : splitHint(hint)
}

function splitHint(hint: string): { readonly en: string; readonly zh: string } {
  const [, en = hint, zh = ''] = bilingual.exec(hint) ?? []
  return { en, zh }
}

/** The system's code where there is one (`ECONNREFUSED`), else the name of the error. */
export function nameOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (/^[A-Z_0-9]{2,40}$/.test(code)) return code
  return cause instanceof Error ? cause.name : 'unknown error'
}
